"""Lifecycles and choices of what follows: the trail, conveyances, responses."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from portal.states import Lifecycle, Transition


class StepKind(TextChoices):
    """One step of the advocacy trail."""

    DIALOGUE = "dialogue", _("dialogue meeting")
    HANDOVER = "handover", _("handover")
    RAISED = "raised", _("raised at a meeting")
    EFFECT = "effect", _("effect noted")
    REVIEW = "review", _("progress reviewed")
    REPORT = "report", _("progress report submitted")


class PledgeState(TextChoices):
    """What became of a pledge."""

    OPEN = "open", _("open")
    KEPT = "kept", _("kept")
    LAPSED = "lapsed", _("lapsed")
    DENIED = "denied", _("denied")


class ConveyanceState(TextChoices):
    """Where a formal transmission stands. Overdue is computed."""

    PREPARED = "prepared", _("prepared")
    SENT = "sent", _("sent")
    RECEIVED = "received", _("received")
    ACKNOWLEDGED = "acknowledged", _("acknowledged")
    ANSWERED = "answered", _("answered")
    RETURNED = "returned", _("returned")


CONVEYANCE = Lifecycle(
    ConveyanceState,
    [
        Transition("send", ("prepared", "returned"), "sent"),
        Transition("receive", ("sent",), "received"),
        Transition("acknowledge", ("sent", "received"), "acknowledged"),
        Transition("answer", ("acknowledged", "answered"), "answered"),
        Transition("return", ("sent",), "returned"),
    ],
)


class ConveyanceChannel(TextChoices):
    """How an edition was conveyed."""

    PORTAL = "portal", _("through this portal")
    HAND = "hand", _("by hand")
    LETTER = "letter", _("by letter")
    MAIL = "mail", _("by e-mail")


class ResponseKind(TextChoices):
    """A public body's position on one item. None at all is silence, and is called that, never rejection."""

    ACKNOWLEDGED = "acknowledged", _("acknowledged")
    UNDER_EXAMINATION = "under-examination", _("under examination")
    ACCEPTED = "accepted", _("accepted")
    IN_PART = "in-part", _("accepted in part")
    ALREADY_DONE = "already-done", _("accepted, already done")
    NOTED = "noted", _("noted")
    NOT_ACCEPTED = "not-accepted", _("not accepted")
    NOT_COMPETENT = "not-competent", _("not competent")


class Silence(TextChoices):
    """Where an addressee stands that has not answered an item. Computed, never stored, never called rejection."""

    OVERDUE = "overdue", _("no response, overdue")
    WAITING = "waiting", _("no response yet")
    NOT_CONVEYED = "not-conveyed", _("not conveyed yet")


# The shape in which the state of one item at one addressee is drawn; a state without one is an empty ring.
SHAPES = {
    ResponseKind.ACCEPTED: "ok",
    ResponseKind.ALREADY_DONE: "ok",
    ResponseKind.IN_PART: "wait",
    ResponseKind.UNDER_EXAMINATION: "wait",
    ResponseKind.ACKNOWLEDGED: "wait",
    ResponseKind.NOTED: "info",
    ResponseKind.NOT_ACCEPTED: "no",
    Silence.OVERDUE: "needs",
}
PAIR_STATES = {**dict(ResponseKind.choices), **dict(Silence.choices)}
