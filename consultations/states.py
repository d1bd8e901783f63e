"""Lifecycles and choices of consultations and invitations."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from portal.states import Lifecycle, Transition


class ConsultationState(TextChoices):
    """Where a consultation stands. Open for input, overdue and the like are computed, not stored."""

    DRAFT = "draft", _("draft")
    ANNOUNCED = "announced", _("announced")
    IN_SESSION = "in_session", _("in session")
    CONCLUDED = "concluded", _("concluded")
    ARCHIVED = "archived", _("archived")
    CANCELLED = "cancelled", _("cancelled")


CONSULTATION = Lifecycle(
    ConsultationState,
    [
        Transition("announce", ("draft",), "announced"),
        Transition("open_session", ("announced",), "in_session"),
        Transition("conclude", ("announced", "in_session"), "concluded"),
        Transition("archive", ("concluded",), "archived"),
        Transition("cancel", ("draft", "announced"), "cancelled"),
    ],
)


class InvitationState(TextChoices):
    """Where an invitation stands."""

    DRAFTED = "drafted", _("drafted")
    APPROVED = "approved", _("approved")
    SENT = "sent", _("sent")
    ACCEPTED = "accepted", _("accepted")
    TENTATIVE = "tentative", _("not sure yet")
    DECLINED = "declined", _("declined")
    UNDELIVERABLE = "undeliverable", _("could not be delivered")
    REVOKED = "revoked", _("revoked")
    LAPSED = "lapsed", _("lapsed")


_ANSWERABLE = ("sent", "accepted", "tentative", "declined", "undeliverable")

INVITATION = Lifecycle(
    InvitationState,
    [
        Transition("approve", ("drafted",), "approved"),
        Transition("send", ("approved",), "sent"),
        Transition("accept", _ANSWERABLE, "accepted"),
        Transition("doubt", _ANSWERABLE, "tentative"),
        Transition("decline", _ANSWERABLE, "declined"),
        Transition("return", ("sent",), "undeliverable"),
        Transition("repair", ("undeliverable",), "sent"),
        Transition("revoke", ("drafted", "approved", *_ANSWERABLE), "revoked"),
        Transition("lapse", ("sent", "tentative", "undeliverable"), "lapsed"),
    ],
)

ANSWERS = {"yes": "accept", "maybe": "doubt", "no": "decline"}
NO_ANSWER = (InvitationState.SENT, InvitationState.UNDELIVERABLE)


class Channel(TextChoices):
    """How an answer came."""

    LINK = "link", _("link in the mail")
    PORTAL = "portal", _("signed in")
    PHONE = "phone", _("telephone")
    LETTER = "letter", _("letter")
    PERSON = "person", _("in person")


class FormOfDialogue(TextChoices):
    """What kind of talk it is. Each form promises something to those invited."""

    INFORMATION = "information", _("exchange of information")
    DISCUSSION = "discussion", _("open discussion")
    OPINIONS = "opinions", _("exchange of opinions")
    CONSULTATION = "consultation", _("consultation")
    NEGOTIATION = "negotiation", _("negotiation")
    THINK_TANK = "think-tank", _("think tank")
    PUBLIC_FORUM = "public-forum", _("public forum")


PROMISES = {
    FormOfDialogue.INFORMATION: _("Everybody tells what they know. No common text is made."),
    FormOfDialogue.DISCUSSION: _("Everybody may speak. Notes are kept; no common text is made."),
    FormOfDialogue.OPINIONS: _("Views are heard and noted beside each other. No common text is made."),
    FormOfDialogue.CONSULTATION: _(
        "What you send in is read, merged with the others' points and put to all as one text. "
        "You see what became of each of your points, and the addressed bodies are asked to answer."
    ),
    FormOfDialogue.NEGOTIATION: _("The parties work on one text until they agree or say on what they do not."),
    FormOfDialogue.THINK_TANK: _("Experts work out proposals. They bind nobody."),
    FormOfDialogue.PUBLIC_FORUM: _("Everybody may come and speak. A report is published."),
}


class OrganiserKind(TextChoices):
    """What an organiser does for the consultation."""

    CONVENING = "convening", _("convened by")
    CO_ORGANISER = "co-organiser", _("together with")
    FUNDER = "funder", _("paid by")


class Mode(TextChoices):
    """Where people meet."""

    ON_SITE = "on-site", _("in one place")
    HYBRID = "hybrid", _("in one place and online")
    ONLINE = "online", _("online")
