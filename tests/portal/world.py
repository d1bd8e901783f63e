"""One small world with every kind of thing in it, and one person per role of the policy table."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Model
from django.test import Client, override_settings
from django.utils import timezone

from consultations.models import Answer, Consultation, Invitation
from portal import publishing
from portal.models import User
from recommendations.models import Position, Recommendation, Source, Statement, Submission
from stakeholders.models import Convenorship, Membership, Organisation, PublicBody
from tests import build

LINK_HOLDER = "link holder"
# Groups whose number of organisations may be published, and may not.
FIVE, FOUR = "five-come", "four-come"
LEFT_CODE = "31415926"


@dataclass
class World:
    """Everything stands in one consultation: `own` is invited, `participating` accepted, `other` has no part in it."""

    people: dict[str, User | None]
    own: Organisation
    participating: Organisation
    other: Organisation
    uninvited: Organisation
    asks: Membership
    body: PublicBody
    consultation: Consultation
    invitation: Invitation
    submission: Submission
    statement: Statement
    recommendation: Recommendation
    answer: Answer
    cookies: dict[str, dict[str, str]] = field(default_factory=dict)

    def fresh(self) -> None:
        """Read the rows again after what was done to them was taken back."""
        for one in fields(self):
            row = getattr(self, one.name)
            if isinstance(row, Model):
                row.refresh_from_db()

    def browser(self, role: str) -> Client:
        """Return a fresh browser of the person: nothing of an earlier visit is left in it."""
        client = Client(raise_request_exception=False)
        for name, value in self.cookies.get(role, {}).items():
            client.cookies[name] = value
        return client


@contextmanager
def undone() -> Iterator[None]:
    """Forget whatever is done inside."""
    point = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(point)


@contextmanager
def whole_world(blocker: Any) -> Iterator[World]:
    """Make the world once for a module, inside a transaction that is taken back.

    Its people sign in once: what is asked of those who came long ago would else depend on how fast the module runs.
    """
    kept, settings.KEPT_PAGES = settings.KEPT_PAGES, 0
    shelf, publishing.SHELF = publishing.SHELF, publishing.Shelf()
    long = override_settings(ACCOUNT_REAUTHENTICATION_TIMEOUT=86400)
    with long, blocker.unblock(), transaction.atomic():
        yield make_world()
        transaction.set_rollback(True)
    settings.KEPT_PAGES, publishing.SHELF = kept, shelf


def make_world() -> World:
    """Make everything in its most ordinary state: announced, sent, sent in, drafted."""
    body, other_body = build.make_body("ministry"), build.make_body("other-ministry", country=build.make_country("TH"))
    own = build.make_organisation(name="Serikat Pekerja Rumah Tangga", slug="own-people")
    participating = build.make_organisation(name="Jaringan Buruh Migran", slug="participating-people")
    other = build.make_organisation(name="Lembaga Lain", slug="other-people")
    people = _people(own, participating, other, body, other_body)
    consultation = _consultation(people)
    invitation = build.make_invitation(consultation, own, answered_at=timezone.now())
    build.make_invitation(consultation, participating, state="accepted", seats_accepted=1)
    statement = build.make_statement(consultation, title_en="Words of the statement", preamble_en="We met.")
    world = World(
        people=people,
        own=own,
        participating=participating,
        other=other,
        uninvited=build.make_organisation(name="Belum Diundang", slug="uninvited-people"),
        asks=Membership.objects.create(organisation=own, user=build.make_user(full_name="Asker Of A Seat")),
        body=body,
        consultation=consultation,
        invitation=invitation,
        submission=_submission(consultation, own, people["representative"], body),
        statement=statement,
        recommendation=build.make_recommendation(statement, text_en="Words of the common text", addressees=[body]),
        answer=Answer.objects.create(invitation=invitation, verb="yes", seats=1, channel="link", delegates="Ibu Sari"),
    )
    _sign_in(world)
    return world


def _people(
    own: Organisation, participating: Organisation, other: Organisation, body: PublicBody, other_body: PublicBody
) -> dict[str, User | None]:
    administrator = build.make_user(full_name="Administrator", is_staff=True, is_superuser=True)
    Convenorship.objects.create(user=administrator, role="administrator", since=build.LONG_AGO)
    return {
        "anonymous": None,
        LINK_HOLDER: None,
        "stranger": build.make_user(full_name="Stranger"),
        "drafter": build.make_member(own, role="drafter", full_name="Person Who Drafts"),
        "representative": build.make_member(own, role="representative", full_name="Person Who Represents"),
        "lead": build.make_member(own, full_name="Lead"),
        "participant": build.make_member(participating, full_name="Participant"),
        "other member": build.make_member(other, full_name="Other Member"),
        "convenor": build.make_convenor(full_name="Convenor"),
        "other convenor": build.make_convenor(full_name="Other Convenor"),
        "administrator": administrator,
        "liaison": build.make_liaison(body, full_name="Liaison"),
        "other liaison": build.make_liaison(other_body, full_name="Other Liaison"),
    }


def _consultation(people: dict[str, Any]) -> Consultation:
    today = timezone.localdate()
    return build.make_consultation(
        slug="the-consultation",
        title_en="Words of the title",
        starts_on=today,
        ends_on=today + timedelta(days=1),
        answer_by=None,
        venue="Hall of the venue",
        convenors=[people["convenor"], build.make_convenor(full_name="Second Convenor")],
    )


def _submission(consultation: Consultation, own: Organisation, author: Any, body: PublicBody) -> Submission:
    submission = build.make_submission(consultation, own, author, text="Words of the submission")
    submission.addressees.add(body)
    return submission


def _sign_in(world: World) -> None:
    """Keep one session per role; the link holder's knows the invitation whose link was opened."""
    for role, user in world.people.items():
        client = Client()
        if user:
            build.login(client, user)
        if role == LINK_HOLDER:
            client.get(f"/en/i/{world.invitation.token}/")
        world.cookies[role] = {name: morsel.value for name, morsel in client.cookies.items()}


def take_up(world: World) -> Source:
    """Work the submission into the common text."""
    return Source.objects.create(recommendation=world.recommendation, submission=world.submission)


def take_position(world: World) -> Position:
    """Record a reservation of the own organisation."""
    return Position.objects.create(
        statement=world.statement, organisation=world.own, stance="reservation", text="Not far enough for us"
    )
