"""Builders of test data: each makes one valid thing; everything can be overridden by name."""

import itertools
import time
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db.models import Model
from django.test import Client
from django.utils import timezone

from consultations.models import AgendaItem, Consultation, Invitation, OfficialMeeting, Organiser, Seat, Session
from portal.demo.factors import authenticator_of
from portal.models import User
from recommendations.models import (
    Adoption,
    CirculatedVersion,
    Conveyance,
    Edition,
    Fate,
    FateLetter,
    Item,
    LikeGroup,
    Likeness,
    Recommendation,
    Source,
    Statement,
    Submission,
    Theme,
)
from recommendations.models.wording import in_each_language
from stakeholders.models import (
    Convenorship,
    Country,
    LiaisonAppointment,
    Membership,
    Organisation,
    OrganisationLink,
    OrganisationName,
    PublicBody,
    StakeholderGroup,
    TermsOfReference,
    Trait,
)

_numbers = itertools.count(1)
LONG_AGO = date(2020, 1, 1)
NINE = datetime(2020, 1, 1, 9, tzinfo=UTC).time()


def number() -> int:
    """Return a number that no other thing of this run has."""
    return next(_numbers)


def _there_or_made(model: type[Model], defaults: dict[str, Any], **key: str) -> Any:
    """As `get_or_create`, without the savepoint that it needs where two race."""
    try:
        return model.objects.get(**key)
    except model.DoesNotExist:
        return model.objects.create(**key, **defaults)


def make_country(code: str = "ID", **values: Any) -> Country:
    """Return the country, made if it is not there."""
    zone = {"TL": "Asia/Dili", "MM": "Asia/Yangon", "TH": "Asia/Bangkok"}.get(code, "Asia/Jakarta")
    defaults = {
        "name_en": code,
        "name_ind": code,
        "member_since": date(1967, 8, 8),
        "time_zone": zone,
        **values,
    }
    return _there_or_made(Country, defaults, code=code)


def make_group(slug: str = "trade-unions", **values: Any) -> StakeholderGroup:
    """Return the stakeholder group, made if it is not there."""
    defaults = {
        "name_en": "Trade unions",
        "name_ind": "Serikat pekerja",
        "withheld_name_en": "a trade union",
        "withheld_name_ind": "sebuah serikat pekerja",
        "hearing": "civil-society",
        "bench": "workers",
        **values,
    }
    return _there_or_made(StakeholderGroup, defaults, slug=slug)


def make_body(slug: str = "", **values: Any) -> PublicBody:
    """Return a public body; by default an Indonesian ministry."""
    slug = slug or f"body-{number()}"
    if "country" not in values and values.get("kind", "national") == "national":
        values["country"] = make_country()
    defaults = {
        "name_en": f"Ministry {slug}",
        "name_ind": f"Kementerian {slug}",
        "kind": "national",
        **values,
    }
    return _there_or_made(PublicBody, defaults, slug=slug)


def make_theme(slug: str = "fees") -> Theme:
    """Return the theme, made if it is not there."""
    return _there_or_made(Theme, {"name_en": "Fees", "name_ind": "Biaya"}, slug=slug)


def make_user(**values: Any) -> User:
    """Return a person with a verified address."""
    values = {
        "email": f"person{number()}@example.org",
        "full_name": f"Person {number()}",
        **values,
    }
    user = User.objects.create_user(**values)
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    if user.is_staff:
        make_factor(user)
    return user


def make_users(*people: dict[str, Any]) -> list[User]:
    """Return people with verified addresses, as `make_user` makes them one by one, in two statements."""
    users = [User(**values) for values in people]
    for user in users:
        user.set_unusable_password()
    User.objects.bulk_create(users)
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, primary=True, verified=True) for user in users
    )
    return users


def make_factor(user: User) -> Authenticator:
    """Return an app with the demonstration's public secret, set up for the person; `code_now` is what it shows."""
    found = user.authenticator_set.filter(type="totp").first() or authenticator_of(user)
    found.save()
    return found


def make_administrator(**values: Any) -> User:
    """Return a person who administers the task force, with a second step."""
    user = make_user(**values)
    Convenorship.objects.create(user=user, since=LONG_AGO, role="administrator")
    make_factor(user)
    return user


def make_convenor(**values: Any) -> User:
    """Return a person who convenes for the task force, with a second step."""
    user = make_user(**values)
    Convenorship.objects.create(user=user, since=LONG_AGO)
    make_factor(user)
    return user


def make_liaison(body: PublicBody | None = None, **values: Any) -> User:
    """Return a liaison of a public body, with a second step."""
    user = make_user(**values)
    LiaisonAppointment.objects.create(user=user, body=body or make_body(), state="active", since=LONG_AGO)
    make_factor(user)
    return user


def make_organisation(**values: Any) -> Organisation:
    """Return a verified, public organisation of the trade unions' group in Indonesia."""
    groups = values.pop("groups", None)
    values["country"] = values["country"] if "country" in values else make_country()
    organisation = _organisation(**values)
    organisation.save()
    # Nothing is there yet that `set` would have to look for.
    organisation.groups.add(*(groups if groups is not None else [make_group()]))
    return organisation


def make_organisations(*names: str) -> list[Organisation]:
    """Return organisations of these names, as `make_organisation` makes them one by one, in few statements."""
    country, group = make_country(), make_group()
    organisations = [_organisation(name=name, country=country) for name in names]
    for organisation in organisations:
        organisation.name_key = organisation.key_of_name()
    Organisation.objects.bulk_create(organisations)
    OrganisationName.objects.renew(organisations)
    belongs = Organisation.groups.through
    belongs.objects.bulk_create(belongs(organisation=one, stakeholdergroup=group) for one in organisations)
    return organisations


def _organisation(**values: Any) -> Organisation:
    """Return a verified, public organisation, not saved."""
    count = number()
    if "name" in values:
        values["name_en"] = values.pop("name")
    return Organisation(
        **{
            "name_en": f"Organisation {count}",
            "slug": f"organisation-{count}",
            "state": "verified",
            "visibility": "public",
            "side": "origin",
            "contact_email": f"contact{count}@example.org",
            **values,
        }
    )


def make_terms(number: int = 1, **values: Any) -> TermsOfReference:
    """Return a version of the terms of reference, in force since long ago."""
    words = {
        "title_en": f"Terms {number}",
        "title_ind": f"Kerangka {number}",
        "text_en": "Speak.",
        "text_ind": "Bicara.",
    }
    return TermsOfReference.objects.create(**{"number": number, "since": LONG_AGO, **words, **values})


def make_trait(organisation: Organisation, kind: str, code: str, reach: str = "") -> Trait:
    """Return a trait of the organisation."""
    return Trait.objects.create(organisation=organisation, kind=kind, code=code, reach=reach)


def make_link(organisation: Organisation, other: Organisation | None = None, **values: Any) -> OrganisationLink:
    """Return a tie: by default of a member to its network."""
    return OrganisationLink.objects.create(organisation=organisation, other=other, **{"kind": "network", **values})


def make_member(organisation: Organisation, role: str = "lead", **values: Any) -> User:
    """Return a person with an active mandate for the organisation."""
    user = make_user(**values)
    Membership.objects.create(organisation=organisation, user=user, role=role, state="active", since=LONG_AGO)
    return user


def make_consultation(**values: Any) -> Consultation:
    """Return an announced consultation in Jakarta, a month ahead, open for input, with the given convenors."""
    convenors = values.pop("convenors", ())
    today = timezone.localdate()
    count = number()
    values.setdefault("country", make_country())
    consultation = Consultation.objects.create(
        **{
            "slug": f"consultation-{count}",
            "title_en": f"Consultation {count}",
            "title_ind": f"Konsultasi {count}",
            "city_en": "Jakarta",
            "state": "announced",
            "starts_on": today + timedelta(days=30),
            "ends_on": today + timedelta(days=30),
            "answer_by": today + timedelta(days=20),
            "input_opens": timezone.now() - timedelta(days=5),
            "input_closes": timezone.now() + timedelta(days=20),
            "seats": 60,
            **values,
        }
    )
    consultation.convenors.set(convenors)
    return consultation


def make_organiser(consultation: Consultation, **values: Any) -> Organiser:
    """Return an organiser of the consultation."""
    return Organiser.objects.create(consultation=consultation, **{"name": f"Organiser {number()}", **values})


def make_invitation(consultation: Consultation, organisation: Organisation | None = None, **values: Any) -> Invitation:
    """Return an invitation that was sent."""
    organisation = organisation or make_organisation()
    values = {
        "state": "sent",
        "address": organisation.contact_email,
        "language": organisation.language,
        **values,
    }
    invitation = Invitation(consultation=consultation, organisation=organisation, **values)
    expires = values.get("expires_at")
    invitation.seal()
    invitation.expires_at = expires or invitation.expires_at
    invitation.save()
    return invitation


def make_invitation_of_body(consultation: Consultation, body: PublicBody | None = None, **values: Any) -> Invitation:
    """Return an invitation of a public body, by letter."""
    return _made(Invitation(consultation=consultation, body=body or make_body(), **{**BY_LETTER, **values}))


def make_invitation_of_person(consultation: Consultation, full_name: str = "Ibu Sri", **values: Any) -> Invitation:
    """Return an invitation of a person in a personal capacity, by letter."""
    return _made(Invitation(consultation=consultation, full_name=full_name, **{**BY_LETTER, **values}))


BY_LETTER = {"state": "sent", "way": "letter", "language": "en"}


def _made(invitation: Invitation) -> Invitation:
    invitation.seal()
    invitation.save()
    return invitation


def make_session(consultation: Consultation, **values: Any) -> Session:
    """Return a session of the first day, 9:00 to 12:00 in the consultation's zone."""
    zone = ZoneInfo(consultation.time_zone)
    starts = datetime.combine(consultation.starts_on, NINE, zone)
    values = {
        "title_en": f"Session {number()}",
        "starts_at": starts,
        "ends_at": starts + timedelta(hours=3),
        "time_zone": consultation.time_zone,
        **values,
    }
    return Session.objects.create(consultation=consultation, **values)


def make_agenda_item(session: Session, **values: Any) -> AgendaItem:
    """Return a point of the session's agenda."""
    return AgendaItem.objects.create(session=session, **{"title_en": f"Point {number()}", **values})


def make_seat(invitation: Invitation, **values: Any) -> Seat:
    """Return the seat of a delegate of the invited."""
    values = {
        "consultation": invitation.consultation,
        "organisation": invitation.organisation,
        "body": invitation.body,
        "full_name": f"Delegate {number()}",
        "state": "confirmed",
        **values,
    }
    return Seat.objects.create(invitation=invitation, **values)


def make_meeting(**values: Any) -> OfficialMeeting:
    """Return an official meeting, three months ahead."""
    day = timezone.localdate() + timedelta(days=90)
    return OfficialMeeting.objects.create(
        **{"name_en": f"Official meeting {number()}", "starts_on": day, "ends_on": day + timedelta(days=1), **values}
    )


def make_submission(consultation: Consultation, organisation: Organisation, author: User, **values: Any) -> Submission:
    """Return a submission that was sent in, for the ASEAN section."""
    values = {
        "text": f"Governments should act on point {number()}.",
        "state": "submitted",
        "submitted_at": timezone.now(),
        "theme": make_theme(),
        **values,
    }
    return Submission.objects.create(consultation=consultation, organisation=organisation, author=author, **values)


def make_statement(consultation: Consultation, **values: Any) -> Statement:
    """Return the draft statement of the consultation."""
    count = number()
    values = {
        "slug": f"statement-{count}",
        "title_en": f"Statement {count}",
        "title_ind": f"Pernyataan {count}",
        **values,
    }
    return Statement.objects.create(consultation=consultation, **values)


def make_recommendation(statement: Statement, sources: tuple[Submission, ...] = (), **values: Any) -> Recommendation:
    """Return a recommendation of the common text with its sources."""
    count = number()
    bodies = values.pop("addressees", None)
    values = {
        "text_en": f"Text {count}.",
        "text_ind": f"Teks {count}.",
        "position": count,
        **values,
    }
    recommendation = Recommendation.objects.create(statement=statement, **values)
    recommendation.addressees.set(bodies if bodies is not None else [make_body("ministry")])
    for submission in sources:
        Source.objects.create(recommendation=recommendation, submission=submission)
    return recommendation


def make_fate(submission: Submission, **values: Any) -> Fate:
    """Return what the submission's organisation was told of it: by default that it is used as it is."""
    told = {"consultation": submission.consultation, "organisation": submission.organisation}
    letter = FateLetter.objects.create(number=number(), **told)
    values = {"treatment": submission.treatment or "used", "key": f"{number():064x}", **values}
    return Fate.objects.create(letter=letter, submission=submission, **values)


def make_circulated(statement: Statement, **values: Any) -> CirculatedVersion:
    """Circulate the text as it stands, without asking anybody: open for a week."""
    number_of = statement.circulated.count() + 1
    values = {"number": number_of, "closes_at": timezone.now() + timedelta(days=7), **values}
    version = CirculatedVersion.objects.create(statement=statement, **values)
    for place, one in enumerate(statement.recommendations.order_by("section", "position", "pk"), 1):
        texts = in_each_language(one, "text")
        version.texts.create(recommendation=one, section=one.section, place=place, texts=texts)
    return version


def make_like_group(*submissions: Submission) -> LikeGroup:
    """Return a group of submissions that were found to be alike."""
    group = LikeGroup.objects.create(consultation=submissions[0].consultation)
    for one in submissions:
        Likeness.objects.create(submission=one, group=group, digest=f"{number():064x}")
    return group


def make_edition(statement: Statement, items: int = 2, *, published: bool = True, **values: Any) -> Edition:
    """Return edition 1 with that many ASEAN items and as many national ones, adopted, and published unless told not to.

    The rows are written as they stand after an adoption; the adoption itself is tested where it is built.
    """
    day = values.pop("adopted_on", timezone.localdate())
    edition = Edition.objects.create(
        statement=statement,
        number=1,
        canonical='{"schema":"test"}\n',
        fingerprint=f"{number():064x}",
        adopted_on=day,
        prevailing_language="en",
        published_at=datetime.now(UTC) if published else None,
        **values,
    )
    for section in (None, make_country()):
        for count in range(1, items + 1):
            words = {
                "text_en": f"Item {count} of {section or 'ASEAN'}.",
                "text_ind": f"Butir {count}.",
            }
            item = Item.objects.create(
                edition=edition,
                section=section,
                number=count,
                theme=make_theme(),
                **words,
            )
            item.addressees.set([make_body("ministry")])
    Adoption.objects.get_or_create(statement=statement, defaults={"adopted_on": day, "manner": "consensus"})
    Statement.objects.filter(pk=statement.pk).update(
        state="published" if published else "adopted", current_edition=edition.number
    )
    statement.refresh_from_db()
    return edition


def make_conveyance(edition: Edition, body: PublicBody | None = None, **values: Any) -> Conveyance:
    """Return a conveyance that was sent today."""
    values = {"state": "sent", "sent_on": timezone.localdate(), **values}
    return Conveyance.objects.create(edition=edition, body=body or make_body("ministry"), **values)


def sign_in_lately(client: Client, user: User) -> Client:
    """Return the client, signed in as the person just now with all that signing in asks for."""
    login(client, user)
    session = client.session
    session["account_authentication_methods"] = [{"method": "code", "at": time.time()}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return client


def login(client: Client, user: User | None) -> Client:
    """Return the client, signed in as the person; anonymous for None."""
    if user is not None:
        client.force_login(user, backend="stakeholders.signing_in.Backend")
    return client
