"""The tables of a proposed mapping, drawn from what the files are for."""

from __future__ import annotations

from dataclasses import replace

from connectors.files.drafted_leftovers import doubts_of, total_lines
from connectors.files.drafted_periods import PERIOD
from connectors.files.drafted_quotas import QUOTA, quota_columns
from connectors.files.drafted_stages import LOST, WON, stage_lookups
from connectors.files.drafted_tables import (
    Columns,
    Draft,
    once,
    person_name,
    probability,
    referring,
    simple,
    table_of,
    taken,
)
from connectors.files.identity import Key, Reference, key_of, overlap, refer
from connectors.files.profile import Column
from connectors.files.roles import Role
from connectors.files.spec import ColumnSpec, Condition, Unpivot

REP = ("rep_id", "rep_email", "rep_name")


class Drafts:
    """Draws the tables of a mapping for files whose roles are known."""

    def __init__(self, roles: list[Role]) -> None:
        self.roles = roles
        self.lookups: dict[str, dict[str, str]] = {}
        self.doubts: list[str] = []
        self.people = self._listing("reps")
        self.rep_key = self._rep_key()

    def draw(self) -> list[Draft]:
        """All tables, people first."""
        drafts: list[Draft] = []
        for role in self.roles:
            totals = total_lines(role)
            self.doubts += doubts_of(role, totals)
            for draft in self._of(role):
                draft.spec = replace(draft.spec, where=(*draft.spec.where, *totals))
                drafts.append(draft)
        order = ["reps", "assignments", "territories", "accounts", "products", "stages", "opportunities",
                 "opportunity_lines", "quotas"]  # fmt: skip
        drafts.sort(key=lambda draft: (order.index(draft.spec.fills), draft.spec.group_by != ()))
        return self._told_apart(drafts)

    def _of(self, role: Role) -> list[Draft]:
        match role.role:
            case "reps":
                return self._reps(role)
            case "assignments":
                return [self._assignments(role)]
            case "sales":
                return self._sales(role)
            case "quotas":
                return self._quotas(role)
            case "accounts" | "products" | "territories":
                return [self._listed(role)]
            case _:
                file = role.profile.spec
                self.doubts.append(f"“{file.path}” is not used: what it is for is not clear from its columns")
                return []

    def _told_apart(self, drafts: list[Draft]) -> list[Draft]:
        """Of several tables that list the same things, later ones only add what is new."""
        seen: set[str] = set()
        listing = ("reps", "territories", "accounts", "products", "stages")
        for draft in drafts:
            if draft.spec.fills in seen and draft.spec.fills in listing:
                draft.spec = replace(draft.spec, only_new=True)
            seen.add(draft.spec.fills)
        return drafts

    # --------------------------------------------------------------------------- people

    def _listing(self, role: str) -> Role | None:
        found = [r for r in self.roles if r.role == role]
        return max(found, key=lambda r: r.score, default=None)

    def _rep_key(self) -> Key | None:
        """What reps are known by: as their own file says, else as the sales file does."""
        if self.people:
            return key_of(self.people, REP)
        for wanted in ("sales", "quotas", "assignments"):
            key = key_of(self._listing(wanted), REP)
            if key:
                return Key("", key.column, key.kind)
        return None

    def _rep(self, role: Role) -> Reference | None:
        """The rep a file's rows are about."""
        if self.rep_key is None:
            return None
        kinds = [kind for kind in REP if role.has(kind)]
        if not kinds:
            return None
        if self.people is None:
            kind = self.rep_key.kind if self.rep_key.kind in kinds else kinds[0]
            if kind != self.rep_key.kind:
                self.doubts.append(
                    f"“{role.profile.spec.path}” names reps otherwise than the sales file; "
                    "add a file of reps with both"
                )
            return Reference(Key("", "", kind).spec(role.name(kind)), (), role.name(kind))
        found = [self._to_people(role, kind) for kind in kinds]
        best = max(found, key=lambda reference: reference.sure)
        if best.sure < 0.5:
            self.doubts.append(
                f"few values of “{best.column}” in “{role.profile.spec.path}” are in the file of reps"
            )
        return best

    def _to_people(self, role: Role, kind: str) -> Reference:
        assert self.rep_key is not None
        return refer(role.meanings[kind].column, self.rep_key, self.people, "rep.", "set_aside")

    def _manager(self, role: Role) -> Reference | None:
        if not role.has("manager") or self.rep_key is None:
            return None
        column = role.meanings["manager"].column
        if self.people is None:
            kind = "rep_email" if column.kind == "email" else self.rep_key.kind
            return Reference(Key("", "", kind).spec(column.name), (), column.name)
        return refer(column, self.rep_key, self.people, "boss.", "warn")

    def _reps(self, role: Role) -> list[Draft]:
        key = key_of(role, REP)
        if key is None:
            return []
        columns: Columns = {"rep_id": key.spec(key.column)}
        columns |= simple(role, {"email": "rep_email", "role": "role", "hire_date": "hire_date",
                                  "leave_date": "leave_date", "active": "active"})  # fmt: skip
        columns |= person_name(role)
        reps = table_of("reps", role, columns)
        assigned = self._assignments(role) if role.has("manager", "team", "territory", "role") else None
        extra = [self._distinct("territories", role, "territory")] if role.has("territory") else []
        return [reps, *([assigned] if assigned else []), *extra]

    def _assignments(self, role: Role) -> Draft:
        """Who reports to whom and covers what; from the day a file gives, else from the beginning."""
        rep, boss = self._rep(role), self._manager(role)
        columns: Columns = {"rep_id": rep.spec} if rep else {}
        if boss:
            columns["manager_id"] = boss.spec
        columns |= simple(role, {"team_id": "team", "territory_id": "territory", "role": "role",
                                  "valid_from": "valid_from", "valid_to": "valid_to"})  # fmt: skip
        joins = (*(rep.joins if rep and role is not self.people else ()), *(boss.joins if boss else ()))
        return table_of("assignments", role, columns, joins=joins, sources=referring(rep, boss))

    # --------------------------------------------------------------------------- deals

    def _sales(self, role: Role) -> list[Draft]:
        drafts = [self._deals(role)]
        if role.has("product_id", "product_name") and role.has("deal_id"):
            drafts.append(self._lines(role))
        drafts.append(self._stages(role))
        drafts += [self._distinct(table, role, kind) for table, kind in self._unlisted(role)]
        return drafts + self._people_of_sales(role)

    def _unlisted(self, role: Role) -> list[tuple[str, str]]:
        """What the sales file names and no file of its own lists."""
        kinds = [("accounts", ("account_id", "account_name")), ("products", ("product_id", "product_name")),
                 ("territories", ("territory",))]  # fmt: skip
        found = []
        for table, names in kinds:
            if self._listing(table) is None and role.has(*names):
                found.append((table, next(name for name in names if role.has(name))))
        return found

    def _deals(self, role: Role) -> Draft:
        grouped = role.has("deal_id") and not role.meanings["deal_id"].column.unique
        rep, account = self._rep(role), self._thing(role, "accounts", "account")
        columns: Columns = {"opportunity_id": self._deal_id(role)}
        columns |= simple(role, {"name": "deal_name", "amount": "amount", "close_on": "close_on",
                                  "created_on": "created_on", "type": "deal_type", "currency": "currency"})  # fmt: skip
        columns |= {"owner_id": rep.spec} if rep else {}
        columns |= {"account_id": account.spec} if account else {}
        columns |= simple(role, {"territory_id": "territory"}) | probability(role)
        columns |= self._outcome(role)
        joins = (*(rep.joins if rep else ()), *(account.joins if account else ()))
        if grouped:
            columns = {name: taken(name, spec) for name, spec in columns.items()}
        group = ("opportunity_id",) if grouped else ()
        return table_of("opportunities", role, columns, joins, group, referring(rep, account))

    def _deal_id(self, role: Role) -> ColumnSpec:
        if role.has("deal_id"):
            return ColumnSpec(column=role.name("deal_id"))
        self.doubts.append(
            f"“{role.profile.spec.path}” has no deal or order number: each row is a deal of its own, "
            "known by its file and row"
        )
        return ColumnSpec(template="{_file}-{_row}")

    def _outcome(self, role: Role) -> Columns:
        """Won, lost or open, from columns that say so, or the stage; without these, all that is listed was sold."""
        if not role.has("stage", "won"):
            return {"stage_id": ColumnSpec(value="won"), "is_won": ColumnSpec(value="true"),
                    "is_closed": ColumnSpec(value="true")}  # fmt: skip
        flags = simple(role, {"is_won": "won", "is_closed": "closed_flag"})
        if not role.has("stage"):
            return {"stage_id": flags["is_won"], "is_closed": flags["is_won"], **flags}
        stage = role.meanings["stage"].column
        self.lookups |= stage_lookups(stage)
        if not self.lookups[WON] and not flags:
            self.doubts.append(f"no value of “{stage.name}” says clearly that a deal is won")
        won = ColumnSpec(column=stage.name, lookup=WON, default="false")
        return {
            "stage_id": ColumnSpec(column=stage.name),
            "is_won": won,
            "is_closed": replace(won, lookup=LOST),
            **flags,
        }

    def _stages(self, role: Role) -> Draft:
        columns = {name: taken(name, spec) for name, spec in self._outcome(role).items()}
        stage = columns["stage_id"] = replace(columns["stage_id"], take="")
        columns["name"] = ColumnSpec(value="Won") if stage.value else replace(stage, take="first")
        columns["pipeline_id"] = ColumnSpec(value="sales")
        return table_of("stages", role, columns, group=("stage_id",))

    def _lines(self, role: Role) -> Draft:
        product = self._thing(role, "products", "product")
        columns: Columns = {
            "line_id": ColumnSpec(template="{_file}-{_row}"),
            "opportunity_id": ColumnSpec(column=role.name("deal_id")),
        }
        columns |= {"product_id": product.spec} if product else {}
        columns |= simple(
            role, {"quantity": "quantity", "net_price": "price", "amount": "amount", "cost": "cost"}
        )
        return table_of(
            "opportunity_lines", role, columns, product.joins if product else (), (), referring(product)
        )

    def _thing(self, role: Role, table: str, kind: str) -> Reference | None:
        """The customer or product a row is about."""
        names = (f"{kind}_id", f"{kind}_name")
        found = next((name for name in names if role.has(name)), None)
        if found is None:
            return None
        listing = self._listing(table)
        key = key_of(listing, names) or Key("", role.name(found), found)
        return refer(role.meanings[found].column, key, listing, f"{kind}.", "warn")

    def _people_of_sales(self, role: Role) -> list[Draft]:
        """Reps, and who they report to, from the sales themselves when no file lists them."""
        if self.people or not self._rep(role):
            return []
        drafts = [self._people_from(role, next(kind for kind in REP if role.has(kind)))]
        if role.has("manager", "team"):
            drafts += self._hierarchy_from(role)
        return drafts

    def _people_from(self, role: Role, kind: str) -> Draft:
        assert self.rep_key is not None
        kind = self.rep_key.kind if role.has(self.rep_key.kind) else kind
        columns: Columns = {"rep_id": Key("", "", kind).spec(role.name(kind))}
        for target, meaning in (("email", "rep_email"), ("name", "rep_name")):
            if role.has(meaning):
                columns[target] = ColumnSpec(column=role.name(meaning), take="first")
        present = (Condition(role.name(kind), "empty", value=False),)
        return table_of("reps", role, columns, group=("rep_id",), where=present)

    def _hierarchy_from(self, role: Role) -> list[Draft]:
        rep, boss = self._rep(role), self._manager(role)
        assert rep is not None
        present = (Condition(rep.column, "empty", value=False),)
        columns: Columns = {"rep_id": rep.spec}
        if boss:
            columns["manager_id"] = replace(boss.spec, take="last")
        if role.has("team"):
            columns["team_id"] = ColumnSpec(column=role.name("team"), take="last")
        found = [table_of("assignments", role, columns, group=("rep_id",), where=present)]
        if boss:
            there = (Condition(boss.column, "empty", value=False),)
            name = (
                {}
                if "@" in "".join(role.meanings["manager"].column.values[:1])
                else {"name": ColumnSpec(column=boss.column, take="first")}
            )
            found.append(
                table_of("reps", role, {"rep_id": boss.spec, **name}, group=("rep_id",), where=there)
            )
        return found

    # ------------------------------------------------------------------- quotas, lists

    def _quotas(self, role: Role) -> list[Draft]:
        rep = self._rep(role)
        self._compare_with_sales(role, rep)
        columns, doubts = quota_columns(role, rep, self._sold())
        self.doubts += doubts
        unpivot = Unpivot(role.wide, PERIOD, QUOTA) if role.wide else None
        quota = table_of("quotas", role, columns, rep.joins if rep else (), (), referring(rep))
        quota.spec = replace(quota.spec, unpivot=unpivot)
        if self.people or rep is None:
            return [quota]
        return [quota, self._people_from(role, next(kind for kind in REP if role.has(kind)))]

    def _compare_with_sales(self, role: Role, rep: Reference | None) -> None:
        """Without a file of reps, quotas and sales must name people in the same way."""
        sales = self._listing("sales")
        mine = self._rep(sales) if sales else None
        if self.people or sales is None or mine is None or rep is None:
            return
        quotas, sold = role.profile.column(rep.column), sales.profile.column(mine.column)
        if overlap(quotas, sold) < 0.5:
            self.doubts.append(
                f"few values of “{rep.column}” in “{role.profile.spec.path}” are in “{mine.column}” of "
                f"“{sales.profile.spec.path}”; add a file of reps that holds both"
            )

    def _sold(self) -> Column | None:
        """The days of the sales."""
        sales = self._listing("sales")
        return sales.meanings["close_on"].column if sales and sales.has("close_on") else None

    def _listed(self, role: Role) -> Draft:
        """A file that lists customers, products or territories."""
        kind = {"accounts": "account", "products": "product", "territories": "territory"}[role.role]
        if kind == "territory":
            places = simple(role, {"territory_id": "territory", "name": "territory", "region_id": "region"})
            return once(role, "territories", places, "territory")
        key = key_of(role, (f"{kind}_id", f"{kind}_name"))
        assert key is not None
        columns: Columns = {f"{kind}_id": ColumnSpec(column=key.column)}
        names = {"name": f"{kind}_name", "segment": "segment", "industry": "industry", "region": "region",
                 "family_id": "family", "list_price": "price", "standard_cost": "cost"}  # fmt: skip
        return once(role, role.role, columns | simple(role, names), key.kind)

    def _distinct(self, table: str, role: Role, kind: str) -> Draft:
        """Each value of a column once, where no file lists them."""
        key = {"accounts": "account_id", "products": "product_id", "territories": "territory_id"}[table]
        column = role.name(kind)
        columns: Columns = {key: ColumnSpec(column=column), "name": ColumnSpec(column=column, take="first")}
        if table == "accounts" and role.has("account_name"):
            columns["name"] = ColumnSpec(column=role.name("account_name"), take="first")
        if table == "products":
            columns |= {n: ColumnSpec(column=role.name(m), take="first")
                        for n, m in (("name", "product_name"), ("family_id", "family")) if role.has(m)}  # fmt: skip
        return table_of(table, role, columns, group=(key,), where=(Condition(column, "empty", value=False),))
