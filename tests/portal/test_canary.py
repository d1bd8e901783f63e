"""Every field that is not public holds a word of its own; nobody may read a word that the policy does not give them."""

import logging
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.http import HttpResponse
from django.test import override_settings
from django.urls import path
from django.utils import translation

from consultations.models import Consultation, Invitation
from portal import mail, policy
from portal import urls as portal_urls
from portal.access import public
from portal.field_classes import CLASSES
from recommendations.models import Conveyance, Statement, Submission
from stakeholders.models import Membership, Organisation
from tests import build
from tests.portal.aviary import make_aviary
from tests.portal.crawling import Crawl, addresses, back_office, letters
from tests.portal.planting import EXCUSED, TEXTS, excused, plantable
from tests.portal.world import undone, whole_world
from tests.test_house import APPS

pytestmark = pytest.mark.django_db
POLICY = policy.load()
# Those who could learn most that is not for them. The slow walk has everybody, in every way and both languages.
FEW = ["anonymous", "lead", "participant", "other member", "other convenor", "administrator", "other liaison"]
OURS = (*APPS, "django.request", "django.security")
SUBJECTS = {
    "stakeholders.membership": Membership,
    "consultations.invitation": Invitation,
    "consultations.consultation": Consultation,
    "recommendations.submission": Submission,
    "recommendations.statement": Statement,
    "recommendations.conveyance": Conveyance,
    "recommendations.items": Conveyance,
}


@pytest.fixture(scope="module")
def crawl(django_db_setup, django_db_blocker):
    with whole_world(django_db_blocker) as world:
        aviary, rows = make_aviary(world)
        made = Crawl(world, aviary)
        made.rows = rows
        yield made


@pytest.fixture(autouse=True)
def _nothing_found_yet(crawl) -> None:
    crawl.found = type(crawl.found)()


class Lines(logging.Handler):
    """Keeps every line that would be written."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the line as it would stand in a file, without the trail of calls."""
        self.lines.append(record.getMessage())


@pytest.fixture
def lines() -> Iterator[Lines]:
    handler, levels = Lines(), {}
    for name in OURS:
        logger = logging.getLogger(name)
        levels[name] = (logger.level, logger.propagate)
        logger.setLevel(logging.DEBUG)
        logger.propagate = False
        logger.addHandler(handler)
    yield handler
    for name, (level, propagate) in levels.items():
        logger = logging.getLogger(name)
        logger.setLevel(level)
        logger.propagate = propagate
        logger.removeHandler(handler)


def nothing_wrong(crawl) -> None:
    """Fail with a line per leak: which field, of what, to whom, where."""
    wrong = [*crawl.found.sentences, *crawl.found.broken]
    assert not wrong, "\n".join(wrong)


def walk(crawl, roles, methods, language="en", telling=()) -> None:
    """Ask for every address as every person, and take back what the visits did."""
    slugs = frozenset(crawl.rows[f"consultation: {case}"].slug for case in telling)
    with translation.override(language):
        places = list(addresses(slugs))
        for role in roles:
            for name, address in places:
                with undone():
                    crawl.visit(role, name, address, methods)


@pytest.mark.parametrize("role", FEW)
def test_pages(crawl, lines, role) -> None:
    walk(crawl, [role], ("get",), telling=("announced", "discreet"))
    crawl.found.add(crawl.aviary.escaped("\n".join(lines.lines), "a log"), "a log", "a line", role)
    nothing_wrong(crawl)
    assert crawl.found.visits > 100


@pytest.mark.parametrize("role", ["other member", "other convenor"])
def test_forms_sent_empty(crawl, lines, role) -> None:
    walk(crawl, [role], ("post",), telling=("announced",))
    crawl.found.add(crawl.aviary.escaped("\n".join(lines.lines), "a log"), "a log", "a line", role)
    nothing_wrong(crawl)


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "id"])
@pytest.mark.parametrize("role", POLICY.roles)
def test_every_way(crawl, lines, role, language) -> None:
    walk(crawl, [role], ("get", "head", "post", "junk"), language=language)
    crawl.found.add(crawl.aviary.escaped("\n".join(lines.lines), "a log"), "a log", "a line", role)
    nothing_wrong(crawl)


@pytest.mark.slow
@pytest.mark.parametrize("role", POLICY.roles)
def test_links_of_lists(crawl, role) -> None:
    starts = [
        f"/{code}/{page}"
        for code in ("en", "id")
        for page in ("", "organisations/", "consultations/", "statements/", "follow-up/", "desk/", "submissions/")
    ]
    crawl.follow(role, starts, most=400)
    nothing_wrong(crawl)


def test_back_office(crawl) -> None:
    for name, address in back_office(crawl.rows):
        with undone():
            crawl.visit("administrator", name, address, ("get",))
    nothing_wrong(crawl)


@pytest.mark.parametrize("address", ["/en/nowhere/", "/xx/", "/en/organisations/\x00/", "/en/i/cut/"])
def test_pages_for_what_went_wrong(crawl, address) -> None:
    for role in POLICY.roles:
        crawl.visit(role, "an error", address, ("get", "post"))
    nothing_wrong(crawl)


def subjects_of(crawl, purpose: str):
    """Return every row that a mail could be about. A mail that nobody told us about fails with its name."""
    if purpose.startswith("portal."):
        return [crawl.world.people["lead"]]
    model = next((model for start, model in SUBJECTS.items() if purpose.startswith(start)), None)
    assert model is not None, f"Say in SUBJECTS which rows the mail {purpose} is about."
    return list(model.objects.order_by("pk"))


@pytest.mark.parametrize("language", ["en", "id"])
def test_mails(crawl, language) -> None:
    written = set()
    with undone():
        _make_everything_matter(crawl)
        for purpose in mail.REGISTRY:
            for subject in subjects_of(crawl, purpose):
                for role, address, whole in letters(crawl.world, purpose, subject, language):
                    written.add(purpose)
                    escaped = crawl.aviary.escaped(whole.replace(_own_link(subject), ""), role, address)
                    crawl.found.add(escaped, role, f"the mail {purpose}", str(subject.pk))
    nothing_wrong(crawl)
    assert sorted(set(mail.REGISTRY) - written) == [], "Nothing makes these mails matter: see _make_everything_matter"


def _own_link(subject) -> str:
    """Return the secret that the mail is there to carry."""
    return subject.token if isinstance(subject, Invitation) else "no secret at all"


def _make_everything_matter(crawl) -> None:
    """Make rows for which each mail is still worth sending."""
    world = crawl.world
    for consultation in Consultation.objects.filter(state="announced"):
        if not consultation.invitations.filter(state="sent").exists():
            build.make_invitation(consultation, world.other)
    statement = build.make_statement(build.make_consultation(convenors=[world.people["convenor"]]))
    build.make_conveyance(build.make_edition(statement), world.body, state="sent")


# --- The crawl itself: it would find a leak -----------------------------------------------------------------------


@public
def leak(request) -> HttpResponse:
    """Show a withheld name, in the way that the address asks for."""
    name, way = Organisation.objects.get(visibility="withheld").name, request.GET.get("way", "")
    if way == "header":
        return HttpResponse("", headers={"Content-Disposition": f'inline; filename="{name}.ics"'})
    if way == "cookie":
        response = HttpResponse("")
        response.set_cookie("last", name)
        return response
    if way == "log":
        logging.getLogger("portal.anything").info("Opened %s", name)
        return HttpResponse("")
    return HttpResponse(f"<p>{name}</p>")


urlpatterns = [path("leak/", leak, name="leak"), *portal_urls.urlpatterns]


@pytest.mark.parametrize("way", ["page", "header", "cookie", "log"])
def test_a_planted_leak_is_found(crawl, lines, way) -> None:
    with override_settings(ROOT_URLCONF=__name__):
        crawl.visit("stranger", "leak", f"/leak/?way={way}", ("get",))
        crawl.visit("lead", "leak", f"/leak/?way={way}", ("get",))
    if way == "log":
        crawl.found.add(crawl.aviary.escaped("\n".join(lines.lines), "a log"), "a log", "a line", "leak")
    said = " ".join(crawl.found.sentences)
    assert "stakeholders.organisation.name of “organisation: withheld, the own”" in said
    assert ("is shown to a log by a line" if way == "log" else "is shown to stranger by leak GET") in said
    assert "is shown to lead" not in said


# --- Every field has its canary ------------------------------------------------------------------------------------


def test_every_text_of_every_model_is_planted_or_excused(crawl) -> None:
    wanted = {
        f"{model._meta.label_lower}.{name}"
        for app in APPS
        for model in apps.get_app_config(app).get_models()
        for _column, name in plantable(model)
    }
    missing = [
        f"Nothing holds a canary in {name}: make a row in aviary.py, or excuse it."
        for name in sorted(wanted - crawl.aviary.planted)
    ]
    assert missing == []


def test_what_is_excused_exists_and_gives_a_reason() -> None:
    labels = {f"{label}.{name}" for label, names in CLASSES.items() for name in names}
    assert [name for name in EXCUSED if name not in labels and name not in CLASSES] == []
    assert all(len(reason) > 5 for reason in EXCUSED.values())


def test_fields_that_are_not_text_are_few_kinds() -> None:
    kinds = {
        type(column).__name__
        for app in APPS
        for model in apps.get_app_config(app).get_models()
        for column in model._meta.get_fields()
        if getattr(column, "concrete", False)
        and not isinstance(column, TEXTS)
        and not excused(model._meta.label_lower, column.name)
    }
    expected = {
        *("AutoField", "BigAutoField", "BigIntegerField", "BooleanField", "DateField", "DateTimeField", "FileField"),
        *("ForeignKey", "ManyToManyField", "OneToOneField", "PositiveBigIntegerField", "PositiveIntegerField"),
        *("PositiveSmallIntegerField", "TimeField", "UUIDField"),
    }
    assert kinds - expected == set(), "A new kind of field: can it hold words?"
