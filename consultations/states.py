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
    WAITLISTED = "waitlisted", _("on the waiting list")
    OFFERED = "offered", _("offered a seat")
    TO_RECONFIRM = "to_reconfirm", _("to be confirmed again")


_ANSWERABLE = (
    *("sent", "accepted", "tentative", "declined", "undeliverable"),
    *("waitlisted", "offered", "to_reconfirm"),
)

INVITATION = Lifecycle(
    InvitationState,
    [
        Transition("approve", ("drafted",), "approved"),
        Transition("send", ("approved",), "sent"),
        # A convenor may still write down, marked as late, what was said after the last day.
        Transition("accept", (*_ANSWERABLE, "lapsed"), "accepted"),
        Transition("doubt", _ANSWERABLE, "tentative"),
        Transition("decline", (*_ANSWERABLE, "lapsed"), "declined"),
        Transition("return", ("sent",), "undeliverable"),
        Transition("repair", ("undeliverable",), "sent"),
        Transition("revoke", ("drafted", "approved", *_ANSWERABLE), "revoked"),
        Transition("lapse", ("sent", "tentative", "undeliverable", "waitlisted", "offered", "to_reconfirm"), "lapsed"),
        # More acceptances than seats: who is on the list is offered what becomes free; an offer that lapses goes on.
        Transition("wait", _ANSWERABLE, "waitlisted"),
        Transition("offer", ("waitlisted",), "offered"),
        Transition("pass_over", ("offered",), "waitlisted"),
        # The day or the place moved: who had agreed is asked once more.
        Transition("reopen", ("accepted", "offered"), "to_reconfirm"),
        # A mailing that was planned for later is stopped before it goes out.
        Transition("hold_back", ("sent",), "approved"),
        # Taken back by mistake: it is drafted once more, and nothing of what was said before counts.
        Transition("redraft", ("revoked",), "drafted"),
    ],
)

ANSWERS = {"yes": "accept", "maybe": "doubt", "no": "decline"}
# Whoever had agreed before the day was moved has not answered yet.
NO_ANSWER = (InvitationState.SENT, InvitationState.UNDELIVERABLE, InvitationState.TO_RECONFIRM)


class Way(TextChoices):
    """How an invitation reaches the invited."""

    MAIL = "mail", _("by mail")
    LETTER = "letter", _("by letter")
    TRUSTED = "trusted", _("through a trusted contact")


class HandedBy(TextChoices):
    """How a letter reached the invited."""

    POST = "post", _("by post")
    COURIER = "courier", _("by a courier")
    HAND = "hand", _("by hand")
    OFFICE = "office", _("through the office's own mail room")


class Channel(TextChoices):
    """How an answer came."""

    LINK = "link", _("link in the mail")
    PORTAL = "portal", _("signed in")
    CALENDAR = "calendar", _("from a calendar")
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


class NeedKind(TextChoices):
    """What those who come may need. Only organisers see it."""

    INTERPRETATION = "interpretation", _("interpretation")
    ACCESS = "access", _("access")
    TRAVEL = "travel", _("travel support")
    CHILDCARE = "childcare", _("childcare")
    DIET = "diet", _("diet")
    OTHER = "other", _("something else")


class PaperKind(TextChoices):
    """What a paper is, as its content says. Nothing else is taken."""

    PDF = "pdf", _("PDF")
    DOCX = "docx", _("Word document")
    ODT = "odt", _("OpenDocument text")
    XLSX = "xlsx", _("Excel workbook")
    PPTX = "pptx", _("PowerPoint presentation")
    TXT = "txt", _("plain text")
    JPEG = "jpeg", _("photograph")
    PNG = "png", _("picture")


# Reports come after the end as well.
TAKES_PAPERS = (
    *(ConsultationState.DRAFT, ConsultationState.ANNOUNCED),
    *(ConsultationState.IN_SESSION, ConsultationState.CONCLUDED),
)


class SeatState(TextChoices):
    """Where one delegate's seat stands."""

    NOMINATED = "nominated", _("named")
    CONFIRMED = "confirmed", _("confirmed")
    SUBSTITUTED = "substituted", _("replaced by another")
    PRESENT = "present", _("present")
    EXCUSED = "excused", _("excused")
    ABSENT = "absent", _("absent")


SEAT = Lifecycle(
    SeatState,
    [
        Transition("confirm", ("nominated",), "confirmed"),
        Transition("substitute", ("nominated", "confirmed", "excused", "absent"), "substituted"),
        Transition("arrive", ("nominated", "confirmed", "excused", "absent"), "present"),
        Transition("undo_arrival", ("present",), "confirmed"),
        Transition("excuse", ("nominated", "confirmed", "absent"), "excused"),
        Transition("miss", ("nominated", "confirmed"), "absent"),
    ],
)


class SeatPart(TextChoices):
    """What somebody who sits at the table is there for."""

    DELEGATE = "delegate", _("delegate")
    OFFICIAL = "official", _("official")
    SPEAKER = "speaker", _("speaker")
    INTERPRETER = "interpreter", _("interpreter")
    OBSERVER = "observer", _("observer")
    STAFF = "staff", _("staff")


class SeatMode(TextChoices):
    """How one delegate comes."""

    ON_SITE = "on-site", _("in the room")
    ONLINE = "online", _("online")


class Listing(TextChoices):
    """How a delegate stands on lists that others read, the least exposing first."""

    NOBODY = "nobody", _("not at all")
    ORGANISATION = "organisation", _("only as somebody of the organisation")
    NAME = "name", _("with the name")


class MinutesState(TextChoices):
    """Where the minutes stand."""

    DRAFT = "draft", _("being drafted")
    CIRCULATED = "circulated", _("open for corrections")
    APPROVED = "approved", _("approved")
    LOCKED = "locked", _("locked")


MINUTES = Lifecycle(
    MinutesState,
    [
        Transition("circulate", ("draft",), "circulated"),
        Transition("take_back", ("circulated",), "draft"),
        Transition("approve", ("circulated",), "approved"),
        Transition("lock", ("approved",), "locked"),
    ],
)


class WordingKind(TextChoices):
    """Which mail or letter the words are for."""

    INVITATION = "invitation", _("invitation")
    REMINDER = "reminder", _("reminder")
    LETTER = "letter", _("letter")
    MOVED = "moved", _("it was moved")
    CANCELLED = "cancelled", _("it was cancelled")
    SUMMARY = "summary", _("summary")
