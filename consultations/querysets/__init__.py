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
    HIDDEN_INVITATIONS,
    PLAN_AHEAD,
    ConsultationQuerySet,
    convened_by,
)
from consultations.querysets.figures import Figures, GroupFigures, publishable
from consultations.querysets.invitations import ANSWERED, CONCERNED, INVITATION_MAIL, InvitationQuerySet
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

__all__ = [
    "AHEAD",
    "ANSWERED",
    "CONCERNED",
    "HIDDEN_INVITATIONS",
    "INVITATION_MAIL",
    "MINUTES_MAIL",
    "PLAN_AHEAD",
    "AttendanceFigures",
    "ConsultationQuerySet",
    "Figures",
    "GroupFigures",
    "InvitationQuerySet",
    "MeetingQuerySet",
    "SessionQuerySet",
    "attendance_counts",
    "attendance_figures",
    "bench_of",
    "can_report",
    "convened_by",
    "organisations_present",
    "present_seats",
    "publishable",
    "reported_by",
    "reporters",
    "spoke_there",
    "takes_part",
    "without_reader",
]
