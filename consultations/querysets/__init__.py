"""Named reads: what is open when, who may see what, with which counts."""

from consultations.querysets.attendance import (
    AttendanceFigures,
    attendance_counts,
    attendance_figures,
    bench_of,
    present_seats,
)
from consultations.querysets.consultations import (
    AHEAD,
    ANSWERED,
    HIDDEN_INVITATIONS,
    PLAN_AHEAD,
    ConsultationQuerySet,
    convened_by,
)
from consultations.querysets.figures import Figures, GroupFigures, publishable
from consultations.querysets.invitations import CONCERNED, INVITATION_MAIL, WAITS_FOR_ANSWER, InvitationQuerySet
from consultations.querysets.papers import PaperQuerySet
from consultations.querysets.programme import MeetingQuerySet, SessionQuerySet
from consultations.querysets.reporting import (
    MINUTES_MAIL,
    can_report,
    organisations_present,
    reported_by,
    reporters,
    spoke_there,
    takes_part,
    without_reader,
)
from consultations.querysets.seats import (
    LIVING,
    Kept,
    Room,
    SeatQuerySet,
    SeatRequestQuerySet,
    in_line,
    kept_seats,
    kinds_of,
    main_bench,
    room_of,
)
from consultations.querysets.table import BODIES, PERSONS, UNSAID, row_at
from consultations.querysets.telling import (
    STEP_MAIL,
    SUMMARY_MAIL,
    FollowUpQuerySet,
    Told,
    last_summaries,
    last_summary,
)

__all__ = [
    "AHEAD",
    "ANSWERED",
    "BODIES",
    "CONCERNED",
    "HIDDEN_INVITATIONS",
    "INVITATION_MAIL",
    "LIVING",
    "MINUTES_MAIL",
    "PERSONS",
    "PLAN_AHEAD",
    "STEP_MAIL",
    "SUMMARY_MAIL",
    "UNSAID",
    "WAITS_FOR_ANSWER",
    "AttendanceFigures",
    "ConsultationQuerySet",
    "Figures",
    "FollowUpQuerySet",
    "GroupFigures",
    "InvitationQuerySet",
    "Kept",
    "MeetingQuerySet",
    "PaperQuerySet",
    "Room",
    "SeatQuerySet",
    "SeatRequestQuerySet",
    "SessionQuerySet",
    "Told",
    "attendance_counts",
    "attendance_figures",
    "bench_of",
    "can_report",
    "convened_by",
    "in_line",
    "kept_seats",
    "kinds_of",
    "last_summaries",
    "last_summary",
    "main_bench",
    "organisations_present",
    "present_seats",
    "publishable",
    "reported_by",
    "reporters",
    "room_of",
    "row_at",
    "spoke_there",
    "takes_part",
    "without_reader",
]
