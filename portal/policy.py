"""The policy table: who may do what with which thing in which state. Read from `policy.toml`, which is the truth.

Code does not ask this table: rules and querysets decide. The suite walks every cell of it over HTTP and through the
rules, and `docs/access.md` is written from it.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

SOURCE = Path(__file__).with_name("policy.toml")
# What happens to somebody who tries, with the sign that the document prints.
OUTCOMES = {
    "see": "S",
    "described": "d",
    "counts": "k",
    "act": "X",
    "absent": "–",
    "refused": "r",
    "sign-in": "→",
    "again": "↻",
}
VISIBLE = "visible"  # in place of a permission: what the queryset `visible_to` shows
EVERY_CASE = "in every case"
SIGNS = (
    "S sees it · d sees a description in place of it · k sees only counts of five or more · X can do it · "
    "– it does not exist for this person (404) · r refused: it is visible, this is not possible for the person "
    "or not in this state · → is asked to sign in · ↻ is signed in, and is asked to show again who they are"
)
Cells = Mapping[str, Mapping[str, str]]


class Hole(Exception):
    """The table does not say what it must say; the sentence names the place."""


@dataclass(frozen=True, slots=True)
class Verb:
    """One thing that can be tried, with the routes that stand for it, and a cell per case and role."""

    name: str
    routes: tuple[str, ...]
    cells: Cells
    note: str


@dataclass(frozen=True, slots=True)
class Thing:
    """One kind of object: its cases (a state, and what was chosen for it), its verbs, and who reads its words."""

    name: str
    title: str
    model: str
    cases: tuple[str, ...]
    verbs: Mapping[str, Verb]
    elsewhere: Mapping[str, str]  # verbs of the lifecycle that are not tried here, and why
    rights: Mapping[str, Mapping[str, frozenset[str]]]  # who has a permission, or sees the row, in which case
    readers: Mapping[str, Mapping[str, frozenset[str]]]  # by case, then by class or field

    @property
    def states(self) -> frozenset[str]:
        """Return the states that the cases speak of."""
        return frozenset(case.split(",")[0] for case in self.cases)


@dataclass(frozen=True, slots=True)
class Policy:
    """The whole table."""

    roles: Mapping[str, str]
    groups: Mapping[str, frozenset[str]]
    things: Mapping[str, Thing]
    open_routes: Mapping[str, str]  # routes that show nothing of anybody, each with the reason
    open_permissions: Mapping[str, str]
    not_built: Mapping[str, str]  # models that the design names and that do not exist yet

    def verbs(self) -> Iterator[tuple[Thing, Verb]]:
        """Yield every verb with the thing it is about."""
        for thing in self.things.values():
            for verb in thing.verbs.values():
                yield thing, verb

    def routes(self) -> dict[str, str]:
        """Return every route that the table binds, with the verb it stands for."""
        return {route: f"{thing.name}.{verb.name}" for thing, verb in self.verbs() for route in verb.routes}

    def permissions(self) -> frozenset[str]:
        """Return every permission that the table speaks of."""
        bound = {name for thing in self.things.values() for name in thing.rights} - {VISIBLE}
        return frozenset(bound | set(self.open_permissions))


@cache
def load(source: Path = SOURCE) -> Policy:
    """Return the table. Raises Hole where a cell is missing or said twice."""
    return parse(tomllib.loads(source.read_text()))


def parse(data: Mapping[str, Any]) -> Policy:
    """Return the table from its parsed text. Raises Hole."""
    roles = data["roles"]
    groups: dict[str, frozenset[str]] = {name: frozenset({name}) for name in roles}
    for name, members in data["groups"].items():
        groups[name] = named(members, groups, f"the group “{name}”")
    things = {name: _thing(name, values, roles, groups) for name, values in data["things"].items()}
    return Policy(
        roles, groups, things, data["open_routes"], data.get("open_permissions", {}), data.get("not_built", {})
    )


def named(words: str, groups: Mapping[str, frozenset[str]], place: str) -> frozenset[str]:
    """Return the roles that a list of roles and groups names. Raises Hole for a word that is neither."""
    found: set[str] = set()
    for word in filter(None, (part.strip() for part in words.split(","))):
        if word not in groups:
            raise Hole(f"{place} names “{word}”, which is neither a role nor a group.")
        found |= groups[word]
    return frozenset(found)


def _thing(name: str, values: Mapping[str, Any], roles: Mapping[str, str], groups: Any) -> Thing:
    cases = tuple(values["cases"])
    verbs = {verb: _verb(name, verb, words, cases, roles, groups) for verb, words in values.get("verbs", {}).items()}
    readers = {
        case: {level: named(words, groups, f"{name} ({case}), {level}") for level, words in levels.items()}
        for case, levels in values.get("readers", {}).items()
    }
    rights = {
        right: _given(rows, cases, groups, f"{name}, {right}") for right, rows in values.get("rights", {}).items()
    }
    elsewhere = values.get("elsewhere", {})
    return Thing(name, values["title"], values.get("model", ""), cases, verbs, elsewhere, rights, readers)


def _given(rows: Mapping[str, str], cases: tuple[str, ...], groups: Any, place: str) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for key, words in rows.items():
        for case in _cases(key, cases, place):
            if case in found:
                raise Hole(f"{place} speaks of the case “{case}” twice.")
            found[case] = named(words, groups, place)
    missing = [case for case in cases if case not in found]
    if missing:
        raise Hole(f"{place} does not say who has it in the case: {', '.join(missing)}.")
    return found


def _verb(thing: str, name: str, values: Mapping[str, Any], cases: Any, roles: Any, groups: Any) -> Verb:
    cells: dict[str, dict[str, str]] = {case: {} for case in cases}
    for key, said in values["cells"].items():
        for case in _cases(key, cases, f"{thing}.{name}"):
            _fill(cells[case], said, groups, f"{thing}.{name} ({case})")
    for case, row in cells.items():
        missing = [role for role in roles if role not in row]
        if missing:
            raise Hole(f"{thing}.{name} does not say what happens in the case “{case}” to: {', '.join(missing)}.")
    return Verb(name, tuple(values.get("routes", ())), cells, values.get("note", ""))


def _cases(key: str, cases: tuple[str, ...], place: str) -> list[str]:
    """Return the cases that a key names: one, several parted by bars, or all of them."""
    if key == EVERY_CASE:
        return list(cases)
    found = [part.strip() for part in key.split("|")]
    for case in found:
        if case not in cases:
            raise Hole(f"{place} speaks of the case “{case}”, which is not one of: {', '.join(cases)}.")
    return found


def _fill(row: dict[str, str], said: Mapping[str, str], groups: Any, place: str) -> None:
    for outcome, words in said.items():
        if outcome not in OUTCOMES:
            raise Hole(f"{place} says “{outcome}”, which is not one of: {', '.join(OUTCOMES)}.")
        for role in named(words, groups, place):
            if role in row:
                raise Hole(f"{place} speaks of “{role}” twice.")
            row[role] = outcome


def document(policy: Policy) -> str:
    """Return the table as a page that people read."""
    lines = [
        "# Who may do what",
        "",
        "Written by `manage.py document_access` from `portal/policy.toml`. Change the table, not this page.",
        "The suite (`tests/portal/test_policy.py`) tries every cell over HTTP and compares every rule with it.",
        "",
        "## Signs",
        "",
        SIGNS,
        "",
        "## Roles",
        "",
        *(f"- **{name}**: {words}" for name, words in policy.roles.items()),
    ]
    for thing in policy.things.values():
        lines += _section(thing, policy)
    lines += ["", "## Open to everybody, and about nobody", ""]
    lines += [f"- `{name}`: {why}" for name, why in policy.open_routes.items()]
    lines += ["", "## Not built yet", "", *(f"- {name}: {why}" for name, why in policy.not_built.items())]
    return "\n".join(lines) + "\n"


def _section(thing: Thing, policy: Policy) -> Iterator[str]:
    yield from ("", f"## {thing.title}", "")
    for verb in thing.verbs.values():
        yield from (f"### {thing.name}: {verb.name}", "")
        yield from ([verb.note, ""] if verb.note else [])
        yield from (["Pages: " + ", ".join(f"`{one}`" for one in verb.routes), ""] if verb.routes else [])
        yield "| | " + " | ".join(policy.roles) + " |"
        yield "|---|" + "---|" * len(policy.roles)
        for cases, row in _joined(verb.cells):
            yield f"| {cases} | " + " | ".join(OUTCOMES[row[role]] for role in policy.roles) + " |"
        yield ""
    yield from _lists(thing, policy)


def _lists(thing: Thing, policy: Policy) -> Iterator[str]:
    if thing.rights:
        yield from ("Who has the right:", "")
        for right, rows in thing.rights.items():
            yield f"- `{right}`: " + "; ".join(f"{cases}: {words}" for cases, words in _same(rows, policy))
        yield ""
    if thing.readers:
        yield from ("Who may read its words, by the class of the field:", "")
        for case, levels in thing.readers.items():
            said = "; ".join(f"{level}: {in_groups(readers, policy)}" for level, readers in levels.items())
            yield f"- {case}: {said}"
        yield ""
    if thing.elsewhere:
        yield "Not tried here: " + "; ".join(f"{verb} ({why})" for verb, why in thing.elsewhere.items()) + "."


def _same(rows: Mapping[str, frozenset[str]], policy: Policy) -> list[tuple[str, str]]:
    """Return the cases that say the same as one, with the words for who it is."""
    found: dict[frozenset[str], list[str]] = {}
    for case, who in rows.items():
        found.setdefault(who, []).append(case)
    everywhere = len(found) == 1 and len(rows) > 1
    return [(EVERY_CASE if everywhere else ", ".join(cases), in_groups(who, policy)) for who, cases in found.items()]


def _joined(cells: Cells) -> list[tuple[str, Mapping[str, str]]]:
    """Return the rows, those that say the same as one."""
    rows: dict[tuple[tuple[str, str], ...], list[str]] = {}
    for case, row in cells.items():
        rows.setdefault(tuple(sorted(row.items())), []).append(case)
    return [("; ".join(cases), dict(key)) for key, cases in rows.items()]


def in_groups(roles: frozenset[str], policy: Policy) -> str:
    """Return the roles in as few words as the groups allow."""
    left, words = set(roles), []
    for name, members in sorted(policy.groups.items(), key=lambda pair: -len(pair[1])):
        if members and members <= left:
            words.append(name)
            left -= members
    return ", ".join(words) or "nobody"
