"""Who comes and what they need, seats that are kept, somebody who waits, somebody who asks; and an office invited."""

from consultations import actions
from consultations.actions import Asking, Delegate, Needed, Reply
from consultations.models import Answer, Consultation, Invitation, Need, SeatQuota
from consultations.states import Channel, Listing, NeedKind, SeatMode
from portal.demo.facts import Facts
from portal.demo.register import Register
from portal.models import User
from stakeholders.models import StakeholderGroup
from stakeholders.states import Bench, Mandate

# What the file says in words, by kind.
KINDS = {
    "Childcare": Need(kind=NeedKind.CHILDCARE, detail="1 anak, 3 tahun"),
    "Travel support": Need(kind=NeedKind.TRAVEL, detail="2 orang"),
    "Interpretation into English": Need(kind=NeedKind.INTERPRETATION, language="en"),
    "Interpretation into Thai": Need(kind=NeedKind.INTERPRETATION, language="th"),
    "Interpretation into Burmese": Need(kind=NeedKind.INTERPRETATION, language="my"),
    "Interpretation into Khmer": Need(kind=NeedKind.INTERPRETATION, language="km"),
}
WAITS = "jasa-griya"  # employers: all seats are kept for others
OFFICE = "id-migrant-workers"
FOR_OFFICIALS = 2
PASSED_ON = "nawangsari"
ASKING = Asking(
    "Kartini Wulandari",
    "Paguyuban Pelita Rantau",
    "kartini@pelita-rantau.example",
    "id",
    "Kami mendampingi keluarga di tiga desa asal.",
)


def settle_seats(consultation: Consultation, facts: Facts, register: Register) -> None:
    """Let what the answers say in words stand where the organisers look for it, and show each way to a seat."""
    by = register.convenors[0]
    _keep_seats(consultation, facts)
    for row in facts["invitations"]:
        invitation = consultation.invitations.get(organisation=register.organisations[row["organisation"]])
        if row["needs"]:
            _need(invitation, KINDS[row["needs"]["en"]])
        if row["state"] == "accepted":
            _name(invitation, row.get("delegates", ""), register)
    Answer.objects.filter(invitation__consultation=consultation, invitation__state="accepted").update(delegates="")
    Answer.objects.filter(invitation__consultation=consultation).update(needs="")
    _wait(consultation, register, by)
    _ask(consultation, register)
    _invite_office(consultation, register)


def _keep_seats(consultation: Consultation, facts: Facts) -> None:
    groups = StakeholderGroup.objects.in_bulk(field_name="slug")
    for slug, seats in facts["seats_by_group"].items():
        SeatQuota.objects.get_or_create(consultation=consultation, group=groups[slug], defaults={"seats": seats})
    SeatQuota.objects.get_or_create(
        consultation=consultation, bench=Bench.GOVERNMENT, defaults={"seats": FOR_OFFICIALS}
    )


def _need(invitation: Invitation, need: Need) -> None:
    invitation.needs.create(kind=need.kind, detail=need.detail, language=need.language)


def _name(invitation: Invitation, names: str, register: Register) -> None:
    """Name the delegates as the organisation did; the first one is confirmed, and stands with the name on lists."""
    speaker = register.speakers.get(invitation.organisation_id)
    for number, name in enumerate(filter(None, names.splitlines())):
        first = number == 0
        who = Delegate(
            name,
            mandate=Mandate.CHOSEN if first else Mandate.APPOINTED,
            listing=Listing.NAME if first else Listing.ORGANISATION,
            mode=SeatMode.ON_SITE if number < 2 else SeatMode.ONLINE,  # noqa: PLR2004 - the third one comes online
        )
        seat = actions.nominate_delegate(invitation, by=speaker, who=who)
        if first:
            actions.confirm_delegate(seat, by=speaker)


def _wait(consultation: Consultation, register: Register, by: User) -> None:
    invitation = consultation.invitations.get(organisation=register.organisations[WAITS])
    reply = Reply("yes", 2, note="Jika ada kursi.", needs=[Needed(NeedKind.DIET, "Tanpa daging babi")])
    actions.record_answer(invitation, by=by, reply=reply, channel=Channel.PHONE)


def _ask(consultation: Consultation, register: Register) -> None:
    invitation = consultation.invitations.get(organisation=register.organisations[PASSED_ON])
    actions.request_seat(invitation, who=ASKING)


def _invite_office(consultation: Consultation, register: Register) -> None:
    """Invite the ministry by letter, so that its liaison has something to answer."""
    body = register.bodies[OFFICE]
    if consultation.invitations.filter(body=body).exists():
        return
    sent = consultation.invitations.filter(state="sent").first()
    invitation = Invitation(
        consultation=consultation,
        body=body,
        state="sent",
        way="letter",
        seats_offered=1,
        language="id",
        bench="government",
        sent_at=sent.sent_at if sent else None,
    )
    invitation.seal()
    invitation.save()
