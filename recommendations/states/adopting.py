"""Lifecycles and choices of the common text: from the draft to the adopted and the corrected edition."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from portal.states import Lifecycle, Transition


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


class CommentState(TextChoices):
    """Where a comment on a circulated passage stands."""

    OPEN = "open", _("waits for an answer")
    ANSWERED = "answered", _("answered")
    WITHDRAWN = "withdrawn", _("withdrawn")


COMMENT = Lifecycle(
    CommentState,
    [
        Transition("answer", ("open",), "answered"),
        Transition("withdraw", ("open", "answered"), "withdrawn"),
    ],
)


class AmendmentState(TextChoices):
    """Where a proposed change of a circulated text stands."""

    PROPOSED = "proposed", _("proposed")
    ACCEPTED = "accepted", _("accepted")
    ADAPTED = "adapted", _("taken over in other words")
    DECLINED = "declined", _("declined")
    WITHDRAWN = "withdrawn", _("withdrawn")


AMENDMENT = Lifecycle(
    AmendmentState,
    [
        Transition("accept", ("proposed",), "accepted"),
        Transition("adapt", ("proposed",), "adapted"),
        Transition("decline", ("proposed",), "declined"),
        Transition("withdraw", ("proposed",), "withdrawn"),
    ],
)


class TranslationState(TextChoices):
    """How far a text is in a language that does not prevail. Without words it is missing."""

    MACHINE = "machine", _("by a machine, nobody read it")
    DRAFT = "draft", _("draft")
    CHECKED = "checked", _("checked by a second person")
    OFFICIAL = "official", _("official translation")


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
