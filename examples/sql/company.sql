CREATE TABLE staff (id INTEGER PRIMARY KEY, name TEXT NOT NULL, mail TEXT, boss INTEGER, team TEXT, hired DATE);
CREATE TABLE orders (
    number INTEGER PRIMARY KEY, seller INTEGER, customer TEXT, total NUMERIC(12, 2), ordered DATE, updated TIMESTAMP
);
CREATE TABLE targets (seller INTEGER, quarter DATE, next_quarter DATE, amount NUMERIC(12, 2));

INSERT INTO staff VALUES (1, 'Maud Mills', 'maud@example.org', NULL, 'North', '2019-03-01');
INSERT INTO staff VALUES (2, 'Ann Lee', 'ann@example.org', 1, 'North', '2021-06-14');
INSERT INTO staff VALUES (3, 'Bob Best', 'bob@example.org', 1, 'North', '2024-01-08');

INSERT INTO orders VALUES (1001, 2, 'Harbour Inn', 4200.00, '2026-01-20', '2026-01-20 16:05:00');
INSERT INTO orders VALUES (1002, 2, 'Old Mill', 1850.50, '2026-02-11', '2026-02-11 09:30:00');
INSERT INTO orders VALUES (1003, 3, 'Harbour Inn', 990.10, '2026-02-27', '2026-02-28 11:00:00');
INSERT INTO orders VALUES (1004, 3, 'Station Bar', 2750.40, '2026-04-02', '2026-04-02 14:45:00');

INSERT INTO targets VALUES (2, '2026-01-01', '2026-04-01', 6000.00);
INSERT INTO targets VALUES (3, '2026-01-01', '2026-04-01', 4000.00);
INSERT INTO targets VALUES (2, '2026-04-01', '2026-07-01', 6500.00);
INSERT INTO targets VALUES (3, '2026-04-01', '2026-07-01', 4500.00);
