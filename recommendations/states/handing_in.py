"""Lifecycles and choices of what is sent in, and of what became of it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from portal.states import Lifecycle, Transition


class SubmissionState(TextChoices):
    """Where a submission stands."""

    DRAFT = "draft", _("draft")
    READY = "ready", _("waits for sign-off")
    SUBMITTED = "submitted", _("sent in")
    LATE = "late", _("sent in late")
    IN_TREATMENT = "in_treatment", _("being worked on")
    WITHDRAWN = "withdrawn", _("withdrawn")


SUBMISSION = Lifecycle(
    SubmissionState,
    [
        Transition("ask", ("draft",), "ready"),
        Transition("return", ("ready",), "draft"),
        Transition("submit", ("draft", "ready"), "submitted"),
        Transition("submit_late", ("draft", "ready"), "late"),
        # Its words change, and it stays where it is.
        Transition("correct", ("submitted",), "submitted"),
        Transition("correct", ("late",), "late"),
        Transition("treat", ("submitted", "late", "in_treatment"), "in_treatment"),
        Transition("release", ("in_treatment",), "submitted"),
        Transition("withdraw", ("draft", "ready", "submitted", "late", "in_treatment"), "withdrawn"),
    ],
)


# Inside its organisation still: for everybody else such a text does not exist.
UNSENT = (SubmissionState.DRAFT, SubmissionState.READY)


class CoSubmissionState(TextChoices):
    """Where an organisation stands that was asked to send something in together with another."""

    ASKED = "asked", _("asked")
    AGREED = "agreed", _("agreed")
    DECLINED = "declined", _("does not join")
    LEFT = "left", _("took itself off")


# Who is asked or agreed is part of it.
IN_IT = (CoSubmissionState.ASKED, CoSubmissionState.AGREED)
CO_SUBMISSION = Lifecycle(
    CoSubmissionState,
    [
        Transition("ask_again", ("asked", "agreed", "declined"), "asked"),
        Transition("agree", ("asked",), "agreed"),
        Transition("decline", ("asked", "agreed"), "declined"),
        Transition("leave", ("agreed",), "left"),
    ],
)


class SubmissionKind(TextChoices):
    """What is sent in."""

    RECOMMENDATION = "recommendation", _("recommendation")
    TESTIMONY = "testimony", _("testimony")
    LESSON = "lesson", _("lesson")
    DATA = "data", _("data")
    TEXT_PROPOSAL = "text-proposal", _("text proposal")


class Attribution(TextChoices):
    """How the sender is shown to others, the least exposing first."""

    NONE = "none", _("not shown at all")
    DESCRIBED = "described", _("as a description, without the name")
    NAMED = "named", _("with the organisation's name")


class Treatment(TextChoices):
    """What became of a submission."""

    USED = "used", _("used as it is")
    JOINED = "joined", _("joined with others")
    REFERRED = "referred", _("referred")
    EVIDENCE = "evidence", _("used as evidence")
    NOT_USED = "not-used", _("not used")


class FateState(TextChoices):
    """What an organisation said to what became of its point. Before it is told, a treatment is only proposed."""

    TOLD = "told", _("told")
    AGREED = "agreed", _("agreed")
    NOTED = "noted", _("noted")
    OBJECTED = "objected", _("objected")
    SETTLED = "settled", _("objection settled")


FATE = Lifecycle(
    FateState,
    [
        Transition("agree", ("told", "noted", "objected"), "agreed"),
        Transition("note", ("told", "agreed"), "noted"),
        Transition("object", ("told", "agreed", "noted"), "objected"),
        Transition("settle", ("objected",), "settled"),
    ],
)


class Settlement(TextChoices):
    """How the desk settled an objection."""

    REWORDED = "reworded", _("the wording was changed")
    ALONE = "alone", _("the point stands alone")
    ANSWERED = "answered", _("answered with a reason")


class SplitPlace(TextChoices):
    """Where a source goes when its recommendation is split."""

    HERE = "here", _("the first")
    THERE = "there", _("the second")
    BOTH = "both", _("both")


class RevisionKind(TextChoices):
    """Why a version of a recommendation was written."""

    BEGUN = "begun", _("made of submissions")
    REVISED = "revised", _("revised")
    MOVED = "moved", _("moved to another section")
    JOINED = "joined", _("joined with another")
    SPLIT = "split", _("split in two")
    BRACKETED = "bracketed", _("passage put in brackets")
    SETTLED = "settled", _("bracket settled")
    AMENDED = "amended", _("an amendment taken over")
