"""Pins are written with their reasons and without an address."""

from __future__ import annotations

from scripts import lock

FOUND = [
    {"name": "Web_Kit", "version": "1.0", "requires_dist": ["json>=2", 'login; extra == "auth"', "absent"]},
    {"name": "login", "version": "3", "requires_dist": ['json[fast] ; extra == "test"']},
    {"name": "json", "version": "2.1"},
]


def test_reasons_count_only_the_extras_asked_for():
    chosen = lock._with_reasons(FOUND, {"auth"})
    assert chosen == {
        "web-kit": ("1.0", set()),
        "login": ("3", {"web-kit"}),
        "json": ("2.1", {"web-kit"}),
    }
    assert lock._with_reasons(FOUND, set())["login"] == ("3", set())


def test_a_file_is_sorted_and_starts_with_what_it_builds_on():
    text = lock.render(lock._with_reasons(FOUND, {"auth"}), "group", "-r requirements.txt\n")
    assert text.splitlines()[1:] == [
        "-r requirements.txt",
        "json==2.1  # via web-kit",
        "login==3  # via web-kit",
        "web-kit==1.0",
    ]
