"""Every field that is not public holds a word of its own; nobody may read a word that the policy does not give them."""

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.apps import apps
from django.conf import settings
from django.http import HttpResponse
from django.test import override_settings
from django.urls import path
from django.utils import timezone, translation

from consultations.models import Consultation, FollowUp, Invitation, Minutes, SeatRequest
from portal import mail, policy
from portal import urls as portal_urls
from portal.access import public
from portal.field_classes import CLASSES
from portal.models import MailBreaker, User
from recommendations.models import (
    Amendment,
    CirculatedVersion,
    Comment,
    Conveyance,
    Corrigendum,
    CoSubmitter,
    FateLetter,
    Proposal,
    Statement,
    Submission,
)
from stakeholders.models import Appeal, Convenorship, Decision, LiaisonAppointment, Membership, Organisation, PublicBody
from stakeholders.tables import write_spreadsheet
from tests import build
from tests.portal.aviary import MORE_PEOPLE, make_aviary
from tests.portal.crawling import LEFT_OUT, Crawl, addresses, arguments_of, back_office, letters
from tests.portal.planting import EXCUSED, TEXTS, excused, plantable
from tests.portal.world import undone, whole_world
from tests.test_house import APPS, routes

pytestmark = pytest.mark.django_db
POLICY = policy.load()
EVERYBODY = [*POLICY.roles, *MORE_PEOPLE]
WITH_RIGHTS = {
    "drafter",
    "lead",
    "participant",
    "other member",
    "convenor",
    "other convenor",
    "administrator",
    "liaison",
}
LISTS = (
    *("", "organisations/", "map/", "public-bodies/", "consultations/", "statements/", "follow-up/"),
    *("register/", "imports/", "desk/", "submissions/", "account/data/"),
)
OURS = (*APPS, "django.request", "django.security")
SUBJECTS = {
    "stakeholders.application": Organisation,
    "stakeholders.appeal_waits": Appeal,
    "stakeholders.organisation": Decision,
    "stakeholders.mail": MailBreaker,
    "stakeholders.mandate": Membership,
    "stakeholders.membership": Membership,
    "stakeholders.lead": Membership,
    "stakeholders.liaison": LiaisonAppointment,
    "stakeholders.colleague": LiaisonAppointment,
    "stakeholders.appointment": LiaisonAppointment,
    "stakeholders.term": Convenorship,
    "recommendations.office": PublicBody,
    "consultations.invitation_test": User,
    "consultations.invitation": Invitation,
    "consultations.consultation_moved": Invitation,
    "consultations.consultation_cancelled": Invitation,
    "consultations.seat_offer": Invitation,
    "consultations.seat_request": SeatRequest,
    "consultations.consultation": Consultation,
    "consultations.minutes": Minutes,
    "consultations.next_step": FollowUp,
    "recommendations.co_submission": CoSubmitter,
    "recommendations.fates_told": FateLetter,
    "recommendations.draft_circulated": CirculatedVersion,
    "recommendations.comment_answered": Comment,
    "recommendations.amendment_settled": Amendment,
    "recommendations.submission": Submission,
    "recommendations.sign_off": Submission,
    "recommendations.statement": Statement,
    "recommendations.conveyance": Conveyance,
    "recommendations.items": Conveyance,
    "recommendations.items_proposed": Consultation,
    "recommendations.edition": Statement,
    "recommendations.proposal": Proposal,
}


@pytest.fixture(scope="module")
def crawl(django_db_setup, django_db_blocker):
    with whole_world(django_db_blocker) as world:
        aviary, rows = make_aviary(world)
        made = Crawl(world, aviary)
        made.rows = rows
        # The mailbox shows every mail to everybody, and exists in the demonstration alone.
        with override_settings(DEMO=False, MAILBOX_SHOWN=False):
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

    def taken(self) -> str:
        """Return the lines, and begin anew."""
        found, self.lines = "\n".join(self.lines), []
        return found

    @contextmanager
    def kept(self) -> Iterator["Lines"]:
        """Listen to all of our loggers, in place of those who listen otherwise."""
        before = {name: (logging.getLogger(name).level, logging.getLogger(name).propagate) for name in OURS}
        for name in OURS:
            logger = logging.getLogger(name)
            logger.setLevel(logging.DEBUG)
            logger.propagate = False
            logger.addHandler(self)
        try:
            yield self
        finally:
            for name, (level, propagate) in before.items():
                logger = logging.getLogger(name)
                logger.setLevel(level)
                logger.propagate = propagate
                logger.removeHandler(self)


def nothing_wrong(crawl) -> None:
    """Fail with a line per leak: which field, of what, to whom, where."""
    wrong = [*crawl.found.sentences, *crawl.found.broken]
    assert not wrong, "\n".join(wrong)


def walk(crawl, roles, methods, language="en", each=1000) -> None:
    """Ask for the addresses as each person, and note what the log wrote meanwhile."""
    with translation.override(language), Lines().kept() as lines:
        places = list(addresses(each))
        for role in roles:
            for name, address in places:
                crawl.visit(role, name, address, methods)
            crawl.found.add(crawl.aviary.escaped(lines.taken(), "a log"), "a log", "a line", role)


def test_everybody_reads_nothing_that_is_not_public(crawl) -> None:
    walk(crawl, ["anonymous"], ("get",))
    nothing_wrong(crawl)
    assert crawl.found.visits > 300


@pytest.mark.slow
def test_lists_of_everybody(crawl) -> None:
    crawl.follow("anonymous", [f"/en/{page}" for page in LISTS], most=60)
    nothing_wrong(crawl)


@pytest.mark.slow
@pytest.mark.parametrize("role", EVERYBODY)
def test_pages(crawl, role) -> None:
    """Every page, for those to whom most doors are open; for the others two of each kind. And every form, empty."""
    walk(crawl, [role], ("get",), each=1000 if role in WITH_RIGHTS else 2)
    walk(crawl, [role], ("post",), each=1)
    nothing_wrong(crawl)


@pytest.mark.slow
@pytest.mark.parametrize("role", ["stranger", "lead", "other member", "other convenor", "liaison"])
def test_the_other_language_and_forms_with_junk(crawl, role) -> None:
    walk(crawl, [role], ("get", "head"), language="id", each=1)
    walk(crawl, [role], ("junk",), each=1)
    nothing_wrong(crawl)


@pytest.mark.slow
@pytest.mark.parametrize("role", ["other member", "other convenor"])
def test_forms_sent_empty(crawl, role) -> None:
    walk(crawl, [role], ("post",), each=3)
    nothing_wrong(crawl)


@pytest.mark.slow
@pytest.mark.parametrize("role", ["link holder", "lead", "other member", "other convenor", "liaison"])
def test_links_of_lists(crawl, role) -> None:
    crawl.follow(role, [f"/en/{page}" for page in LISTS], most=70)
    nothing_wrong(crawl)


@pytest.mark.parametrize(
    ("role", "name", "words"),
    [
        ("lead", "organisation_detail", "stakeholders.organisation.name"),
        ("applicant", "application_status", "stakeholders.organisation.name"),
        ("convenor", "organisation_decide", "stakeholders.organisation.evidence"),
        ("other convenor", "organisation_decide", "stakeholders.appeal.text"),
        ("convenor", "import_detail", "stakeholders.importrow.values"),
        ("liaison", "conveyance_detail", "recommendations.conveyance.reference"),
        ("administrator", "administration", "portal.user.full_name"),
        ("participant", "organisation_export", "stakeholders.organisation.name"),
    ],
)
def test_the_crawl_reaches_what_people_may_read(crawl, role, name, words) -> None:
    """A crawl that stood before closed doors would find nothing."""
    seen = set()
    for route, address in addresses():
        if route == name and words not in seen:
            seen |= {canary.name for canary in crawl.seen(role, address)}
    assert words in seen, sorted(seen)


@pytest.mark.slow
def test_back_office(crawl) -> None:
    for name, address in back_office(crawl.rows):
        crawl.visit("administrator", name, address, ("get",))
    nothing_wrong(crawl)


@pytest.mark.slow
@pytest.mark.parametrize("role", [role for role in EVERYBODY if role not in {"anonymous", "link holder"}])
def test_the_copy_of_ones_data_holds_only_ones_own(crawl, role) -> None:
    crawl.visit(role, "account_data_file", "/en/account/data/file/", ("post",))
    with undone():
        copy = crawl.world.browser(role).post("/en/account/data/file/")
    assert copy.status_code == 200, copy.status_code
    own, others = crawl.world.people[role], [one for one in crawl.world.people.values() if one]
    text = copy.content.decode()
    assert [one.email for one in others if one.email in text] == [own.email]
    nothing_wrong(crawl)


@pytest.mark.parametrize("address", ["/en/nowhere/", "/xx/", "/en/organisations/\x00/", "/en/i/cut/"])
def test_pages_for_what_went_wrong(crawl, address) -> None:
    for role in ("anonymous", "other member", "other convenor"):
        crawl.visit(role, "an error", address, ("get", "post"))
    nothing_wrong(crawl)


@pytest.mark.parametrize(
    "role",
    [
        "anonymous",
        *(pytest.param(one, marks=pytest.mark.slow) for one in ("other member", "other convenor", "liaison")),
    ],
)
def test_pages_for_too_much_for_a_crash_and_for_a_form_sent_twice(crawl, role) -> None:
    slug = crawl.world.own.slug
    with override_settings(ROOT_URLCONF=__name__, LIMITS={**settings.LIMITS, "search": "1/m/ip"}), undone():
        crawl.visit(role, "a crash", "/en/crash/", ("get", "post"))
        assert crawl.found.broken == [f"/en/crash/ as {role}: 500"] * 2
        crawl.found.broken.clear()
        for address in ("/en/organisations/?q=kanari", "/en/organisations/export/csv?q=kanari"):
            last = [crawl.visit(role, "too much", address, ("get",)) for _ in range(3)][-1]
            assert last == (429 if role == "anonymous" else 200)
        browser, data = crawl.world.browser(role), {"one_time_key": "k" * 22, "version": "0"}
        for part in ("names", "contact"):
            address = f"/en/organisations/{slug}/edit/{part}/"
            for _ in range(2):
                crawl.look(browser.post(address, data), role, "a form sent twice, of an old version", address)
    nothing_wrong(crawl)


def subjects_of(crawl, purpose: str):
    """Return every row that a mail could be about. A mail that nobody told us about fails with its name."""
    if purpose == "portal.weekly_digest":
        return [crawl.world.people[role] for role in ("lead", "participant", "liaison")]
    if purpose.startswith("portal."):
        return [crawl.world.people["lead"]]
    model = SUBJECTS.get(purpose) or next(
        (model for start, model in SUBJECTS.items() if purpose.startswith(start)), None
    )
    assert model is not None, f"Say in SUBJECTS which rows the mail {purpose} is about."
    return list(model.objects.order_by("pk"))


@pytest.mark.parametrize("language", ["en", pytest.param("id", marks=pytest.mark.slow)])
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
    Consultation.objects.filter(state="announced").update(moved_at=timezone.now())
    Organisation.objects.filter(decisions__appeal__isnull=False).update(state="applied")
    tomorrow = timezone.now() + timedelta(days=1)
    waited = {"state": "offered", "waiting_seats": 1, "offered_until": tomorrow}
    build.make_invitation(build.make_consultation(), world.other, **waited)
    build.make_invitation(build.make_consultation(), world.other, state="waitlisted", waiting_seats=1)
    SeatRequest.objects.update(state="granted")
    statement = build.make_statement(build.make_consultation(convenors=[world.people["convenor"]]))
    edition, empty = build.make_edition(statement), build.make_body("empty-office")
    build.make_conveyance(edition, world.body, state="sent")
    build.make_conveyance(edition, empty, state="sent")
    edition.items.first().addressees.add(empty)
    by = world.people["convenor"]
    Corrigendum.objects.create(statement=statement, corrects=edition, made=edition, state="issued", by=by)
    for state in ("proposed", "taken_up"):
        region = build.make_consultation(level="regional", country=None, convenors=[by])
        Proposal.objects.create(item=edition.items.first(), consultation=region, state=state, by=by)
    draft = build.make_statement(build.make_consultation(convenors=[by]))
    build.make_invitation(draft.consultation, world.own, state="accepted")
    build.make_recommendation(draft)
    build.make_circulated(draft)
    # Whoever is out of a protected organisation no longer reads its name.
    Membership.objects.create(organisation=world.own, user=world.people["other member"], state="left")


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
    if way == "spreadsheet":
        book = io.BytesIO()
        write_spreadsheet([["Name"], [name]], book)
        return HttpResponse(book.getvalue())
    return HttpResponse(f"<p>{name}</p>")


@public
def crash(request) -> HttpResponse:
    """Break with a name in hand."""
    raise RuntimeError(Organisation.objects.get(visibility="withheld").name)


urlpatterns = [path("leak/", leak, name="leak"), path("en/crash/", crash, name="crash"), *portal_urls.urlpatterns]
handler400, handler403, handler404 = portal_urls.handler400, portal_urls.handler403, portal_urls.handler404


@pytest.mark.parametrize("way", ["page", "header", "cookie", "log", "spreadsheet"])
def test_a_planted_leak_is_found(crawl, way) -> None:
    with override_settings(ROOT_URLCONF=__name__), Lines().kept() as lines:
        crawl.visit("stranger", "leak", f"/leak/?way={way}", ("get",))
        crawl.visit("lead", "leak", f"/leak/?way={way}", ("get",))
    if way == "log":
        crawl.found.add(crawl.aviary.escaped(lines.taken(), "a log"), "a log", "a line", "leak")
    said = " ".join(crawl.found.sentences)
    assert "stakeholders.organisation.name of “organisation: withheld, the own”" in said
    assert ("is shown to a log by a line" if way == "log" else "is shown to stranger by leak GET") in said
    assert "is shown to lead" not in said


# --- Every route and every field has its place ----------------------------------------------------------------------


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


def test_every_route_is_walked(crawl) -> None:
    walked = {name for name, _address in addresses()}
    wanted = {name for pattern, name, _view in routes() if name and "/admin/" not in f"/{pattern}"}
    assert wanted - walked - {*LEFT_OUT} == set()
    with pytest.raises(AssertionError, match="Say in PLACES what “pk” of nowhere/<int:pk>/ may be"):
        arguments_of("en/nowhere/<int:pk>/")


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
        "BinaryField",  # a sealed choice: ciphertext, shown by nothing
    }
    assert kinds - expected == set(), "A new kind of field: can it hold words?"
