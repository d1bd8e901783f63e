"""Sending: a mailing at once, at an hour or over several days; held back, repaired, repeated, tried on oneself."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultations import emails
from consultations.models import Consultation, Invitation
from consultations.querysets import INVITATION_MAIL
from portal import blocking, dates, log, mail
from portal.models import OutgoingMessage, User
from portal.states import Refusal

State = OutgoingMessage.State
WAITING = (State.QUEUED, State.DEFERRED, State.SENDING)


@dataclass(frozen=True, slots=True)
class Start:
    """When a mailing goes out: at once, or at an hour of a day in each recipient's own zone."""

    day: date | None = None
    hour: time | None = None

    def moment(self, zone: str, after: int = 0) -> datetime | None:
        """Return when it goes to a recipient in the zone, so many days later; None is at once."""
        if self.day is None or self.hour is None:
            return timezone.now() + timedelta(days=after) if after else None
        return datetime.combine(self.day + timedelta(days=after), self.hour, ZoneInfo(zone))


AT_ONCE = Start()


@transaction.atomic
def send_invitations(consultation: Consultation, *, by: User, start: Start = AT_ONCE, paced: bool = False) -> int:
    """Send all approved invitations; return how many. Sending again sends nothing twice.

    Raises Refusal for an hour that is past somewhere, or comes too late for answers; and, unless `paced`, for more
    mails than may leave in a day, with a sentence that says how long it takes.
    """
    consultation = Consultation.locked(consultation.pk)
    if consultation.state not in {"announced", "in_session"}:
        raise Refusal(_("Announce the consultation before you send invitations."))
    invitations = _ready(consultation)
    if not invitations:
        return 0
    now = timezone.now()
    moments = _moments(consultation, [one for one in invitations if one.goes_by_mail], start, paced=paced)
    ids = [invitation.pk for invitation in invitations]
    Invitation.objects.filter(pk__in=ids).update(state="sent", sent_at=now, updated_at=now)
    for moment in {moment for moment in moments.values() if moment}:
        later = [pk for pk, at in moments.items() if at == moment]
        Invitation.objects.filter(pk__in=later).update(sent_at=moment)
    # Everybody who sends one of them locks the consultation first: no newer mail comes between.
    version = max(invitation.last_mail or 0 for invitation in invitations) + 1
    emails.invitation_sent(*invitations, version=version, not_before=_hours(moments))
    log.record("send_invitations", consultation, by=by, detail=f"{len(ids)}")
    return len(ids)


def _ready(consultation: Consultation) -> list[Invitation]:
    approved = consultation.invitations.sendable().with_last_mail().order_by("pk")
    shown = ("consultation", "organisation__country", "body__country")
    return list(approved.select_related(*shown).select_for_update(of=("self",)))


def zone_of(invitation: Invitation) -> str:
    """Return the zone in which an hour is meant for the invited: that of their country, else the consultation's."""
    invited = invitation.organisation or invitation.body
    country = invited.country if invited else None
    return country.time_zone if country and country.time_zone else invitation.consultation.time_zone


def _moments(
    consultation: Consultation, mailed: list[Invitation], start: Start, *, paced: bool
) -> dict[int, datetime | None]:
    """Return when each mail goes, by invitation; None is at once."""
    days, first = mail.days_needed(len(mailed)), start.moment(consultation.time_zone) or timezone.now()
    if days > 1 and not paced:
        last = clock_day(first + timedelta(days=days - 1), consultation)
        raise Refusal(
            _(
                "%(count)d mails are more than the %(most)d that may leave in a day. Spread over %(days)d days, the "
                "last goes on %(last)s."
            )
            % {"count": len(mailed), "most": settings.MAIL_PER_DAY, "days": days, "last": last},
            field="paced",
        )
    steps = [(moment - first).days for moment in mail.pace(len(mailed), first)]
    moments = {one.pk: start.moment(zone_of(one), after=after) for one, after in zip(mailed, steps, strict=True)}
    _check(consultation, mailed, moments, start)
    return moments


def clock_day(moment: datetime, consultation: Consultation) -> str:
    """Return the day of a moment in the consultation's zone, as a reader writes it."""
    return dates.day(moment.astimezone(ZoneInfo(consultation.time_zone)).date())


def _check(
    consultation: Consultation, mailed: list[Invitation], moments: dict[int, datetime | None], start: Start
) -> None:
    """Refuse an hour that is past for one of them, and one after the last day for answers."""
    known = [(moment, zone_of(one)) for one in mailed if (moment := moments[one.pk])]
    if start.day and start.hour is None:
        raise Refusal(_("Say at what hour."), field="hour")
    past = next((zone for moment, zone in sorted(known) if moment <= timezone.now()), None)
    if past:
        raise Refusal(
            _("In %(city)s this hour is over already. Choose a later one.")
            % {"city": past.split("/")[-1].replace("_", " ")},
            field="hour",
        )
    if known and max(known)[0] > consultation.answers_close_at:
        raise Refusal(_("Then some invitations would go out after the last day for answers."), field="day")


def _hours(moments: dict[int, datetime | None]) -> Callable[..., datetime | None] | None:
    if not any(moments.values()):
        return None
    return lambda invitation, _reader: moments.get(invitation.pk)


def _next_version(ids: Iterable[int]) -> int:
    """Return the number of the next mail about these invitations: each sending is an event of its own."""
    return OutgoingMessage.objects.next_version(INVITATION_MAIL, ids)


@transaction.atomic
def hold_back_invitations(consultation: Consultation, *, by: User) -> int:
    """Stop what waits for its hour; return how many. The invitations are approved again, and can be sent anew.

    A mail that a worker has taken goes out: its invitation stays sent.
    """
    consultation = Consultation.locked(consultation.pk)
    now = timezone.now()
    planned = consultation.invitations.planned().select_for_update(of=("self",))
    waiting = OutgoingMessage.objects.filter(
        purpose=INVITATION_MAIL,
        subject_id__in=[invitation.pk for invitation in planned],
        state=State.QUEUED,
        next_try_at__gt=now,
        lease__isnull=True,
    )
    held = dict(waiting.select_for_update().values_list("pk", "subject_id"))
    OutgoingMessage.objects.filter(pk__in=held, state=State.QUEUED, lease__isnull=True).update(
        state=State.SUPERSEDED, updated_at=now
    )
    Invitation.objects.filter(pk__in=held.values(), state="sent").update(state="approved", sent_at=None, updated_at=now)
    if held:
        log.record("hold_back_invitations", consultation, by=by, detail=f"{len(held)}")
    return len(held)


@transaction.atomic
def repair_invitation(invitation: Invitation, *, by: User, address: str) -> Invitation:
    """Send an invitation that came back again. Another address gets a new link, and the old one ends. Raises Refusal.

    The same address keeps its link: it may have been on its way after all. It is tried again even where mail to it
    came back before: whoever repairs it knows that it works by now.
    """
    invitation = _locked_open(invitation)
    blocking.lift(address)
    invitation.demand("repair")
    invitation.move("repair", sent_at=timezone.now(), **readdressed(invitation, address))
    emails.invitation_sent(invitation, version=_next_version([invitation.pk]))
    log.record("repair", invitation, by=by, topic=invitation.consultation)
    return invitation


@transaction.atomic
def resend_invitation(invitation: Invitation, *, by: User, address: str) -> Invitation:
    """Send an invitation once more that nobody answered, to the same or to another address.

    The link stays unless the address changes. One that came back is repaired. Raises Refusal while the mail before is
    still on its way.
    """
    invitation = _locked_open(invitation)
    if invitation.state != "sent":
        return repair_invitation(invitation, by=by, address=address)
    before = OutgoingMessage.objects.filter(purpose=INVITATION_MAIL, subject_id=invitation.pk, state__in=WAITING)
    if address == invitation.address and before.exists():
        raise Refusal(_("The mail before is still on its way. Wait until it has arrived or come back."))
    blocking.lift(address)
    values = {**readdressed(invitation, address), "sent_at": timezone.now()}
    for name, value in values.items():
        setattr(invitation, name, value)
    invitation.save(update_fields=[*values, "updated_at"])
    emails.invitation_sent(invitation, version=_next_version([invitation.pk]))
    log.record("resend", invitation, by=by, topic=invitation.consultation)
    return invitation


def _locked_open(invitation: Invitation) -> Invitation:
    """Return the invitation, locked after its consultation. Raises Refusal once that is over."""
    consultation = Consultation.locked(invitation.consultation_id)
    if consultation.state not in {"announced", "in_session"}:
        raise Refusal(_("This consultation is over; nobody can be invited any more."))
    return Invitation.locked(invitation.pk)


def readdressed(invitation: Invitation, address: str) -> dict[str, object]:
    """Return what changes with the address: whoever reads the old one must not open the invitation any more."""
    if address == invitation.address:
        return {}
    invitation.renew_token()
    return {"address": address, **{name: getattr(invitation, name) for name in ("nonce", "token_hash", "expires_at")}}


@transaction.atomic
def send_test(invitation: Invitation, *, by: User, purpose: str, language: str) -> int:
    """Send the convenor, and nobody else, what this invitee would get. It is marked, and its link opens nothing."""
    before = OutgoingMessage.objects.filter(purpose=emails.invitation_test.purpose, subject_id=by.pk)
    payload = {"invitation": invitation.pk, "purpose": purpose, "language": language}
    version = (before.aggregate(last=Max("version"))["last"] or 0) + 1
    count = emails.invitation_test(by, version=version, payload=payload)
    log.record("send_test", invitation.consultation, by=by)
    return count
