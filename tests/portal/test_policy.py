"""The policy table, executed: every cell over HTTP, every right through the rules; and nothing is without a cell."""

import copy
import dataclasses
import importlib
import logging
import tomllib
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
import rules
import rules.permissions
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.urls import resolve

from portal import policy
from portal.management.commands.document_access import PAGE
from portal.models import Stateful, User
from portal.policy import VISIBLE, Hole, Thing, Verb
from recommendations.views.facts import Named
from recommendations.views.printed import PRINTED
from stakeholders.models import Organisation, described
from tests.portal.arranging import ARRANGE, SUBJECTS
from tests.portal.judging import ATTEMPTS, SIGHTS, compared, hurried, outcome, pages_of, plain_visit_changes_nothing
from tests.portal.world import World, undone, whole_world
from tests.tables import few
from tests.test_house import APPS, routes

pytestmark = pytest.mark.django_db
POLICY = policy.load()
# Verbs of a lifecycle that no person tries, though an action of that name is there.
ROOMS = ("stakeholders", "consultations", "recommendations")
SHORT = {"mandate": ("membership",), "appointment": ("liaisonappointment",), "decision": ("organisation",)}
BY_THE_CLOCK = {
    ("invitation", "return"): "a mail came back",
    ("invitation", "lapse"): "the last day is over",
    ("invitation", "pass_over"): "an offer ran out",
    ("import of a list", "read"): "a worker",
    ("import of a list", "check"): "a worker",
    ("import of a list", "finish"): "a worker",
    ("import of a list", "refuse"): "a worker, where the list cannot be read",
}
FEW = ("organisation", "person of an organisation", "statement", "submission", "the task force")
# Routes of a verb that is tried at another of its routes; who opens these is tried in tests of their own.
OPENED_ELSEWHERE = {
    "invitation_link": "the link holder's browser has opened it",
    "calendar_feed": "test_public_calendar",
    "news_feed": "test_news",
    "paper_file": "test_views_papers",
    "evidence_file": "test_evidence",
    "submission_sheet": "test_views_sheets",
    "summary_preview": "test_views_telling",
    "seat_request_receipt": "test_views_seats",
    "seats_offer": "test_views_seats",
    "grouping_progress": "test_views_grouping",
}
ACTED_ON = sorted(name for name, thing in POLICY.things.items() if thing.verbs or thing.rights)


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with whole_world(django_db_blocker) as made:
        yield made


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Thousands of refusals are not worth a line each."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def arranged(world: World, thing: str, case: str) -> None:
    """Put the world into the case."""
    state, _comma, chosen = case.partition(", ")
    ARRANGE[thing](world, state, chosen)


def telling(verb: Verb) -> dict[str, list[str]]:
    """Return one case with a deed, or where it can be seen, with one who can and the one who most nearly could.

    And one case each with what is shown in place of a thing.
    """
    found: dict[str, list[str]] = {}
    for outcomes in (("act", "see"), ("described",), ("counts",)):
        case, able = next(_with(verb, outcomes), ("", []))
        if case:
            others = [role for role, outcome in verb.cells[case].items() if outcome in {"refused", "absent"}]
            found[case] = [*dict.fromkeys([*found.get(case, []), able[-1], *others[-1:]])]
    return found or {next(iter(verb.cells)): [next(iter(POLICY.roles))]}


def _with(verb: Verb, outcomes: tuple[str, ...]) -> Iterator[tuple[str, list[str]]]:
    """Yield the cases in which somebody has the first of the outcomes that anybody has, with those who have it."""
    for said in outcomes:
        for case, row in verb.cells.items():
            able = [role for role, outcome in row.items() if outcome == said]
            if able:
                yield case, able


def everything(verb: Verb) -> dict[str, list[str]]:
    """Return all cases with all roles."""
    return {case: list(row) for case, row in verb.cells.items()}


def deviations(world: World, thing: Thing, chosen) -> list[str]:
    """Return a sentence per cell that the portal does not keep."""
    cells = {verb.name: chosen(verb) for verb in thing.verbs.values()}
    wrong = []
    for case in thing.cases:
        wanted = {name: rows[case] for name, rows in cells.items() if case in rows}
        if wanted:
            with undone():
                arranged(world, thing.name, case)
                with hurried():
                    for name, roles in wanted.items():
                        wrong += compared(world, thing.name, thing.verbs[name], case, roles)
            world.fresh()
    return wrong


@pytest.mark.parametrize("thing", ACTED_ON)
def test_telling_cells(world, thing) -> None:
    assert deviations(world, POLICY.things[thing], telling) == []


@pytest.mark.slow
@pytest.mark.parametrize(("thing", "verb"), [(thing.name, verb.name) for thing, verb in POLICY.verbs()])
def test_every_cell(world, thing, verb) -> None:
    one = POLICY.things[thing].verbs[verb]
    alone = dataclasses.replace(POLICY.things[thing], verbs={verb: one})
    assert deviations(world, alone, everything) == []


@pytest.mark.slow
@pytest.mark.parametrize("thing", ACTED_ON)
def test_a_plain_visit_changes_nothing(world, thing) -> None:
    wrong = []
    for verb in POLICY.things[thing].verbs.values():
        name = f"{thing}.{verb.name}"
        deeds = [(case, role) for case, row in verb.cells.items() for role, said in row.items() if said == "act"]
        for case, role in deeds[:1] if name in ATTEMPTS else []:
            with undone():
                arranged(world, thing, case)
                wrong += [] if plain_visit_changes_nothing(world, name, role) else [f"GET of {name} as {role}"]
            world.fresh()
    assert wrong == []


# --- The judge notices -------------------------------------------------------------------------------------------


def found(world: World, thing: str, verb: str, case: str) -> set[str]:
    """Return what the judge finds for everybody in one case."""
    with undone():
        arranged(world, thing, case)
        outcomes = {outcome(world, f"{thing}.{verb}", role) for role in ("anonymous", "other member", "convenor")}
    world.fresh()
    return outcomes


@pytest.mark.parametrize(
    ("thing", "verb", "case"),
    [
        ("organisation", "see beside others", "verified, withheld"),
        ("organisation", "see among the organisers", "verified, withheld"),
        ("name beside a text", "see", "point, named, withheld"),
        ("name beside a text", "see", "reservation, withheld"),
    ],
)
def test_a_name_in_place_of_its_description_would_be_noticed(world, monkeypatch, thing, verb, case) -> None:
    assert found(world, thing, verb, case) == {"described"}
    with monkeypatch.context() as patched:
        patched.setattr(Organisation, "shown_name", lambda self, _standing: f"{self.name}, {self.description}")
        patched.setattr(Named, "description", property(told_too_much))
        PRINTED.clear()
        assert found(world, thing, verb, case) == {"see"}
    with monkeypatch.context() as patched:
        patched.setattr(Organisation, "shown_name", lambda _self, _standing: "somebody")
        patched.setattr(Named, "description", "somebody")
        PRINTED.clear()
        assert found(world, thing, verb, case) == {"absent"}
    PRINTED.clear()


def told_too_much(one: Named) -> str:
    """Return every name that is withheld before the words that stand for one."""
    withheld = Organisation.objects.filter(visibility="withheld").values_list("name_en", flat=True)
    return ", ".join((*withheld, described(one.kind or "", one.side)))


@pytest.mark.parametrize("verb", ["see on the map", "see who took part", "see how many adopted"])
def test_a_small_figure_would_be_noticed(world, settings, verb) -> None:
    four, exact = "four everywhere", {"see"} if verb == "see on the map" else set()
    assert found(world, "published figures", verb, four) == {"absent"} | exact
    settings.SMALLEST_PUBLISHED_COUNT = 2  # with four, the whole would tell how many the others are
    assert found(world, "published figures", verb, four) == {"see"}
    settings.SMALLEST_PUBLISHED_COUNT = 6
    five = "five in one place and four in another"
    assert found(world, "published figures", verb, five) == {"absent"} | exact


# --- Rights: all of them, in every case -----------------------------------------------------------------------


def people(world: World) -> dict:
    """Return everybody as a request would find them now: nothing is remembered of their standing."""
    users = User.objects.in_bulk([user.pk for user in world.people.values() if user])
    return {role: users[user.pk] if user else AnonymousUser() for role, user in world.people.items()}


def has(right: str, user, subject) -> bool:
    """Whether the rules, or the queryset, give the right."""
    if right == VISIBLE:
        return type(subject).objects.visible_to(user).filter(pk=subject.pk).exists()
    return user.is_authenticated and user.has_perm(right, subject)


def holders(everybody: dict, right: str, subject) -> frozenset[str]:
    """Return who has the right."""
    return frozenset(role for role, user in everybody.items() if has(right, user, subject))


@pytest.mark.parametrize("thing", few(FEW, ACTED_ON))
def test_rights(world, thing) -> None:
    wrong = []
    for case in POLICY.things[thing].cases if POLICY.things[thing].rights else ():
        with undone():
            arranged(world, thing, case)
            subject, everybody = SUBJECTS[thing](world), people(world)
            for right, rows in POLICY.things[thing].rights.items():
                found = holders(everybody, right, subject)
                if found != rows[case]:
                    said = f"the table gives it to {sorted(rows[case])}, the rules to {sorted(found)}"
                    wrong.append(f"{thing} ({case}), {right}: {said}")
        world.fresh()
    assert wrong == []


def test_each_permission_opened_to_everybody_would_be_noticed(world, monkeypatch) -> None:
    noticed = set()
    for name, thing in POLICY.things.items():
        bound = [right for right in thing.rights if right != VISIBLE]
        for case in thing.cases if bound else ():
            if set(bound) <= noticed:
                break
            with undone():
                arranged(world, name, case)
                subject, everybody = SUBJECTS[name](world), people(world)
                for right in set(bound) - noticed:
                    with monkeypatch.context() as patched:
                        patched.setitem(rules.permissions.permissions, right, rules.always_allow)
                        noticed |= {right} if holders(everybody, right, subject) != thing.rights[right][case] else set()
            world.fresh()
    assert set(rules.permissions.permissions) - noticed == set(POLICY.open_permissions)


def test_a_row_shown_to_everybody_would_be_noticed() -> None:
    blind = [
        name
        for name, thing in POLICY.things.items()
        if VISIBLE in thing.rights and all(who == POLICY.groups["everybody"] for who in thing.rights[VISIBLE].values())
    ]
    assert blind == []


# --- Nothing is without a place in the table --------------------------------------------------------------------


def lifecycles() -> dict[str, Thing | None]:
    """Return every model with a lifecycle, and its thing in the table."""
    known = {thing.model: thing for thing in POLICY.things.values() if thing.model}
    models = (model for app in APPS for model in apps.get_app_config(app).get_models())
    return {one._meta.label_lower: known.get(one._meta.label_lower) for one in models if issubclass(one, Stateful)}


def test_every_lifecycle_is_in_the_table() -> None:
    missing = [
        f"{label} has a lifecycle and no thing in portal/policy.toml: write its cases, verbs and readers."
        for label, thing in lifecycles().items()
        if thing is None and label not in POLICY.not_built
    ]
    assert missing == []


def test_every_state_and_verb_of_a_lifecycle_has_cells() -> None:
    missing = []
    for label, thing in lifecycles().items():
        if thing is None:
            continue
        cycle = apps.get_model(label).lifecycle
        missing += [
            f"{thing.name} has no case for the state “{state}”."
            for state in cycle.states.values
            if state not in thing.states
        ]
        missing += [
            f"{thing.name} has a case for “{state}”, which is no state."
            for state in thing.states - set(cycle.states.values)
        ]
        known = {*thing.verbs, *thing.elsewhere}
        missing += [f"{thing.name} has no cells for the verb “{verb}”." for verb in cycle.verbs if verb not in known]
    assert missing == []


def test_no_verb_stands_elsewhere_that_somebody_can_do() -> None:
    exported = {name for app in ROOMS for name in importlib.import_module(f"{app}.actions").__all__}
    tried = {f"{thing.name}: {verb.name}" for thing, verb in POLICY.verbs()}
    wrong = []
    for thing in POLICY.things.values():
        noun = thing.model.partition(".")[2]
        for verb, why in thing.elsewhere.items():
            said = why.removeprefix("with ") in tried if why.startswith("with ") else (thing.name, verb) in BY_THE_CLOCK
            built = sorted(name for name in exported if name.startswith(f"{verb}_") and _about(name, noun))
            if built and not said:
                wrong.append(f"{thing.name}: “{verb}” stands elsewhere, and {built} does it: write its cells.")
            if why.startswith("with ") and not said:
                wrong.append(f"{thing.name}: “{verb}” is said to be tried {why}, which is no verb of the table.")
    assert wrong == []


def _about(action: str, noun: str) -> bool:
    """Whether an action is about things of the kind: by its name, or by a part of it (`read_import`, `listimport`)."""
    last = action.rpartition("_")[2].removesuffix("s")
    return last in noun or noun in last or noun in SHORT.get(last, ())


def test_every_permission_has_rights_in_the_table() -> None:
    known, real = POLICY.permissions(), set(rules.permissions.permissions)
    assert [f"{name} has no rights in portal/policy.toml: say who has it, in each case." for name in real - known] == []
    assert [f"{name} is in portal/policy.toml and no permission." for name in known - real] == []


def test_every_route_is_bound_to_a_verb_or_shows_nothing_of_anybody() -> None:
    real = {name for address, name, _view in routes() if name and "/admin/" not in f"/{address}"}
    known = {*POLICY.routes(), *POLICY.open_routes}
    assert [f"The route {name} belongs to no verb in portal/policy.toml." for name in sorted(real - known)] == []
    assert [f"{name} is in portal/policy.toml and no route." for name in sorted(known - real)] == []


def test_every_role_has_a_person_and_every_verb_a_way_to_try_it(world) -> None:
    assert [
        f"No person plays the role “{role}”: add one to world.py." for role in POLICY.roles if role not in world.people
    ] == []
    assert [
        f"world.py has “{role}”, which is no role of the table." for role in world.people if role not in POLICY.roles
    ] == []
    tried = {*ATTEMPTS, *SIGHTS}
    verbs = {f"{thing.name}.{verb.name}" for thing, verb in POLICY.verbs()}
    assert [f"Nothing tries “{verb}”: add it to trying.py." for verb in sorted(verbs - tried)] == []
    assert [f"trying.py tries “{verb}”, which is no verb of the table." for verb in sorted(tried - verbs)] == []
    assert [f"Nothing arranges “{thing}”: add it to arranging.py." for thing in ACTED_ON if thing not in ARRANGE] == []


def test_every_route_of_a_verb_is_opened_where_it_is_tried(world) -> None:
    opened = set()
    for thing, verb in POLICY.verbs():
        case = next(iter(telling(verb)))
        with undone():
            arranged(world, thing.name, case)
            opened |= {resolve(urlsplit(page).path).url_name for page in pages_of(world, f"{thing.name}.{verb.name}")}
        world.fresh()
    assert set(POLICY.routes()) - opened == set(OPENED_ELSEWHERE)


def test_what_is_not_built_is_not_there() -> None:
    names = {model._meta.object_name for app in APPS for model in apps.get_app_config(app).get_models()}
    there = [
        f"{name} is there now: write its cells in portal/policy.toml." for name in POLICY.not_built if name in names
    ]
    assert there == []


# --- The table itself --------------------------------------------------------------------------------------------


def test_the_document_is_current() -> None:
    message = "docs/access.md is behind portal/policy.toml: run manage.py document_access"
    assert PAGE.read_text() == policy.document(POLICY), message


def broken(change) -> str:
    """Return the sentence for a table in which something was changed."""
    data = copy.deepcopy(tomllib.loads(policy.SOURCE.read_text()))
    change(data)
    with pytest.raises(Hole) as raised:
        policy.parse(data)
    return str(raised.value)


def test_a_new_role_needs_a_cell_everywhere() -> None:
    sentence = broken(lambda data: data["roles"].update({"auditor": "reads the log"}))
    assert sentence.startswith("the task force.")
    assert sentence.endswith("to: auditor.")


def test_a_new_case_needs_cells() -> None:
    sentence = broken(lambda data: data["things"]["position"]["cases"].append("withdrawn"))
    assert sentence.startswith("position.see does not say what happens in the case “withdrawn” to: anonymous")


def test_a_cell_is_said_once_and_in_known_words() -> None:
    def cells(data):
        return data["things"]["answer"]["verbs"]["see"]["cells"]["in every case"]

    assert broken(lambda data: cells(data).update(act="anonymous")) == "answer.see (given) speaks of “anonymous” twice."
    assert "neither a role nor a group" in broken(lambda data: cells(data).update(act="nobody else"))
    assert "says “maybe”" in broken(lambda data: cells(data).update(maybe="anonymous"))
    assert "not one of: given" in broken(
        lambda data: data["things"]["answer"]["verbs"]["see"]["cells"].update(taken={"see": "lead"})
    )


def test_a_right_is_said_for_every_case() -> None:
    def forget(data):
        data["things"]["submission"]["rights"][VISIBLE].popitem()

    assert broken(forget).startswith("submission, visible does not say who has it in the case: ")
