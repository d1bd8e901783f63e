"""Invitations of public bodies and of persons, of the same list as last time, and what is changed before sending."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from consultations.actions.inviting import BATCH, MOST_SEATS, draft_for, open_for_invitations
from consultations.models import Consultation, Invitation
from consultations.states import InvitationState, Way
from portal import log, text
from portal.models import User
from portal.states import Refusal
from stakeholders.models import Organisation, PublicBody, StakeholderGroup
from stakeholders.states import Bench, BodyKind, Hearing

BENCH_OF_BODY = {BodyKind.NATIONAL: Bench.GOVERNMENT}
# Nothing went out yet: language, way and address can still be chosen.
UNSENT = (InvitationState.DRAFTED, InvitationState.APPROVED)
OVER = (InvitationState.REVOKED, InvitationState.LAPSED, InvitationState.DECLINED)
# What a list of last time says about a body or a person. Letters get a new reference.
REPEATED = ("body_id", "full_name", "office", "bench", "way", "address", "language", "seats_offered")


@transaction.atomic
def invite_body(consultation: Consultation, *, by: User, body: PublicBody, **values: Any) -> Invitation:
    """Draft the invitation of a public body. Raises Refusal where it is invited already, or is no office any more."""
    consultation = open_for_invitations(consultation)
    if body.has_ended:
        raise Refusal(_("This office has ended. Invite the one that took over from it."), field="body")
    if consultation.invitations.filter(body=body).exists():
        raise Refusal(_("This office is on the list already."), field="body")
    bench = values.pop("bench", "") or BENCH_OF_BODY.get(BodyKind(body.kind), Bench.INTERNATIONAL)
    return _convene(Invitation(consultation=consultation, body=body, bench=bench, **values), by=by)


@transaction.atomic
def invite_person(
    consultation: Consultation, *, by: User, full_name: str, group: StakeholderGroup | None = None, **values: Any
) -> Invitation:
    """Draft the invitation of a person in a personal capacity, on the bench of the group or on the given one.

    Raises Refusal for a group that is never seated, and where a person of that name and office is invited already.
    """
    consultation = open_for_invitations(consultation)
    if group and group.hearing == Hearing.NEVER:
        raise Refusal(never_seated(group), field="group")
    bench = values.pop("bench", "") or (group.bench if group else Bench.OBSERVER)
    invitation = Invitation(consultation=consultation, full_name=full_name, bench=bench, **values)
    if _who(invitation) in {_who(one) for one in consultation.invitations.exclude(full_name="")}:
        raise Refusal(_("Somebody of this name and office is on the list already."), field="full_name")
    return _convene(invitation, by=by)


def never_seated(group: StakeholderGroup) -> str:
    """Return why nobody of the group is invited."""
    sentence = _("%(group)s: on the map and never seated, because people at the table could be in danger from them.")
    return str(sentence) % {"group": group.name}


def _who(invitation: Invitation) -> tuple[str, str]:
    return text.comparison_key(invitation.full_name), text.comparison_key(invitation.office)


def _convene(invitation: Invitation, *, by: User) -> Invitation:
    demand_reachable(invitation)
    invitation.seal()
    invitation.save(force_insert=True)
    log.record("convene", invitation, by=by, topic=invitation.consultation)
    return invitation


def demand_reachable(invitation: Invitation) -> None:
    """Raise Refusal for seats that cannot be meant, and where a mail has no address to go to."""
    if not 1 <= invitation.seats_offered <= MOST_SEATS:
        raise Refusal(_("Offer between 1 and %(most)d seats.") % {"most": MOST_SEATS}, field="seats_offered")
    if invitation.way == Way.MAIL and not invitation.address:
        raise Refusal(_("Write the address, or choose another way."), field="address")


@transaction.atomic
def change_invitation(invitation: Invitation, *, by: User, **values: Any) -> Invitation:
    """Write seats and, before anything is sent, language, way, address, reference, office and bench. Raises Refusal."""
    open_for_invitations(invitation.consultation)
    invitation = Invitation.locked(invitation.pk)
    if invitation.state in OVER:
        raise Refusal(_("This invitation is over; nothing about it can be changed."))
    if set(values) - {"seats_offered"} and invitation.state not in UNSENT:
        raise Refusal(_("This invitation was sent meanwhile; only its seats can still be changed."))
    for name, value in values.items():
        setattr(invitation, name, value)
    if invitation.state in UNSENT:
        demand_reachable(invitation)
    if invitation.seats_offered < invitation.seats_accepted:
        sentence = _("They accepted %(count)d seats already. Offer at least as many.")
        raise Refusal(sentence % {"count": invitation.seats_accepted}, field="seats_offered")
    invitation.save(update_fields=[*values, "updated_at"])
    log.record("change_invitation", invitation, by=by, topic=invitation.consultation, detail=" ".join(sorted(values)))
    return invitation


@transaction.atomic
def repeat_invitations(consultation: Consultation, *, by: User, earlier: Consultation) -> int:
    """Draft the same list as of an earlier consultation; return how many are new. A second time adds nobody.

    Who can no longer be invited, and who is on the list already, is passed over. Addresses are those of today.
    """
    consultation = open_for_invitations(consultation)
    before = list(Invitation.objects.repeatable(earlier).select_related("body").order_by("pk"))
    drafted = [*_organisations_again(consultation, before), *_others_again(consultation, before)]
    Invitation.objects.bulk_create(drafted, ignore_conflicts=True, batch_size=BATCH)
    log.record("repeat_invitations", consultation, by=by, detail=f"{len(drafted)}")
    return len(drafted)


def _organisations_again(consultation: Consultation, before: Iterable[Invitation]) -> list[Invitation]:
    seats = {one.organisation_id: one.seats_offered for one in before if one.organisation_id}
    there = consultation.invitations.filter(organisation__isnull=False).values("organisation")
    again = Organisation.objects.invitable().filter(pk__in=seats).exclude(pk__in=there)
    return [
        draft_for(consultation, one, min(seats[one.pk], MOST_SEATS))
        for one in again.prefetch_related("groups").distinct()
    ]


def _others_again(consultation: Consultation, before: Iterable[Invitation]) -> list[Invitation]:
    """Return drafts for the public bodies, or who took over from them, and for the persons."""
    there = list(consultation.invitations.filter(organisation__isnull=True))
    bodies, people = {one.body_id for one in there}, {_who(one) for one in there if one.full_name}
    drafted = []
    for one in before:
        if one.organisation_id:
            continue
        again = Invitation(consultation=consultation, **{name: getattr(one, name) for name in REPEATED})
        if one.body:
            again.body = one.body.current
        taken = again.body_id in bodies or again.body.has_ended if again.body else _who(again) in people
        if not taken:
            bodies.add(again.body_id)
            people.add(_who(again))
            again.seal()
            drafted.append(again)
    return drafted
