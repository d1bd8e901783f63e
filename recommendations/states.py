"""Lifecycles and choices from submission to progress."""

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


class RecommendationState(TextChoices):
    """Where a recommendation of the common text stands."""

    DRAFTING = "drafting", _("being drafted")
    TABLED = "tabled", _("tabled")
    AGREED = "agreed", _("agreed")
    AMENDED = "amended", _("agreed as amended on the floor")
    BRACKETED = "bracketed", _("in brackets: no agreement yet")
    WITHDRAWN = "withdrawn", _("withdrawn")
    ADOPTED = "adopted", _("adopted")
    ADOPTED_AS_AMENDED = "adopted_as_amended", _("adopted as amended")
    ADOPTED_WITH_RESERVATIONS = (
        "adopted_with_reservations",
        _("adopted with reservations"),
    )
    DEFERRED = "deferred", _("deferred")
    NOT_ADOPTED = "not_adopted", _("not adopted")
    JOINED = "joined", _("joined into another")


RECOMMENDATION = Lifecycle(
    RecommendationState,
    [
        Transition("join", ("drafting", "deferred"), "joined"),
        Transition("table", ("drafting",), "tabled"),
        Transition("untable", ("tabled", "agreed", "amended", "bracketed"), "drafting"),
        Transition("defer", ("drafting", "tabled"), "deferred"),
        Transition("resume", ("deferred", "withdrawn"), "drafting"),
        # What the plenary says to one item on the floor. It may open the item again until the whole is adopted.
        Transition("agree", ("tabled",), "agreed"),
        Transition("amend", ("tabled",), "amended"),
        Transition("bracket", ("tabled",), "bracketed"),
        Transition("withdraw", ("tabled",), "withdrawn"),
        Transition("reopen", ("agreed", "amended", "bracketed", "withdrawn", "deferred"), "tabled"),
        Transition("adopt", ("tabled", "agreed"), "adopted"),
        Transition("adopt_with_reservations", ("tabled", "agreed"), "adopted_with_reservations"),
        Transition("adopt_as_amended", ("amended",), "adopted_as_amended"),
        Transition("reject", ("tabled", "bracketed"), "not_adopted"),
    ],
)


class StatementState(TextChoices):
    """Where a statement stands."""

    DRAFT = "draft", _("draft")
    TABLED = "tabled", _("tabled")
    ADOPTED = "adopted", _("adopted")
    PUBLISHED = "published", _("published")
    NOT_ADOPTED = "not_adopted", _("not adopted")


STATEMENT = Lifecycle(
    StatementState,
    [
        Transition("table", ("draft",), "tabled"),
        Transition("untable", ("tabled",), "draft"),
        Transition("adopt", ("tabled",), "adopted"),
        Transition("fail", ("tabled",), "draft"),
        Transition("reject", ("tabled",), "not_adopted"),
        Transition("publish", ("adopted",), "published"),
        # A corrigendum makes the next edition; the statement stays published.
        Transition("correct", ("published",), "published"),
    ],
)


class CorrigendumState(TextChoices):
    """Where the correction of a published text stands."""

    DRAFT = "draft", _("draft")
    PROPOSED = "proposed", _("waits for a second convenor")
    ISSUED = "issued", _("issued")
    DROPPED = "dropped", _("dropped")


CORRIGENDUM = Lifecycle(
    CorrigendumState,
    [
        Transition("propose", ("draft",), "proposed"),
        Transition("reopen", ("proposed",), "draft"),
        Transition("issue", ("draft", "proposed"), "issued"),
        Transition("drop", ("draft", "proposed"), "dropped"),
    ],
)


class ProposalState(TextChoices):
    """Where an item stands that a national consultation proposes to a regional one."""

    PROPOSED = "proposed", _("proposed")
    TAKEN_UP = "taken_up", _("taken up")
    DECLINED = "declined", _("declined")
    WITHDRAWN = "withdrawn", _("withdrawn")


PROPOSAL = Lifecycle(
    ProposalState,
    [
        Transition("take_up", ("proposed",), "taken_up"),
        Transition("decline", ("proposed",), "declined"),
        Transition("withdraw", ("proposed",), "withdrawn"),
    ],
)


class Stance(TextChoices):
    """What an organisation says to the tabled text."""

    CONSENSUS = "consensus", _("joins the consensus")
    RESERVATION = "reservation", _("joins with a reservation")
    ABSTAINS = "abstains", _("does not take part")
    BLOCKS = "blocks", _("cannot agree")


class Manner(TextChoices):
    """How a plenary adopts."""

    CONSENSUS = "consensus", _("by consensus")
    CONSENSUS_WITH_RESERVATIONS = (
        "consensus-with-reservations",
        _("by consensus, with reservations"),
    )
    MAJORITY = "majority", _("by a majority")
    MAJORITY_WITH_RESERVATIONS = (
        "majority-with-reservations",
        _("by a majority, with reservations"),
    )
    SECRET = "secret", _("in a secret ballot")


class RuleKind(TextChoices):
    """How many organisations must join."""

    CONSENSUS = "consensus", _("consensus: somebody joins, and nobody says that it cannot agree")
    SIMPLE = "simple", _("simple majority: more than half")
    TWO_THIRDS = "two-thirds", _("two thirds")
    THREE_QUARTERS = "three-quarters", _("three quarters")
    SHARE = "share", _("another share, in per cent")


class RuleBase(TextChoices):
    """Of whom the share is taken."""

    POSITIONS = "positions", _("the organisations that take a position")
    PRESENT = "present", _("the organisations that are present or represented")
    ACCEPTED = "accepted", _("all organisations that accepted the invitation")


class RuleParts(TextChoices):
    """Whether each part of the plenary must agree by itself."""

    NONE = "", _("no, the whole plenary decides")
    BENCH = "bench", _("yes, each bench")
    GROUP = "group", _("yes, each stakeholder group")


class Verdict(TextChoices):
    """What the plenary did: with one item, or with the whole text."""

    AGREED = "agreed", _("agreed")
    AMENDED = "amended", _("amended on the floor")
    BRACKETED = "bracketed", _("bracketed")
    DEFERRED = "deferred", _("deferred")
    WITHDRAWN = "withdrawn", _("withdrawn")
    REOPENED = "reopened", _("opened again")
    ADOPTED = "adopted", _("adopted")
    FAILED = "failed", _("not adopted")


# What the lifecycle of a recommendation calls the verdicts on one item.
VERDICT_VERBS = {
    Verdict.AGREED: "agree",
    Verdict.AMENDED: "amend",
    Verdict.BRACKETED: "bracket",
    Verdict.DEFERRED: "defer",
    Verdict.WITHDRAWN: "withdraw",
    Verdict.REOPENED: "reopen",
}
# Left out of the text: in no edition, and not on the table.
ASIDE = (RecommendationState.DEFERRED, RecommendationState.WITHDRAWN, RecommendationState.NOT_ADOPTED)


class BallotState(TextChoices):
    """Where a secret ballot stands."""

    OPEN = "open", _("open")
    COUNTED = "counted", _("counted")
    DROPPED = "dropped", _("dropped")


BALLOT = Lifecycle(
    BallotState,
    [
        Transition("count", ("open",), "counted"),
        Transition("drop", ("open", "counted"), "dropped"),
    ],
)


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
