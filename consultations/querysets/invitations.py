"""Named reads of invitations: whose they are, where they stand, with what became of their mail."""

from datetime import date, datetime
from typing import Any, Self

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from consultations.querysets.consultations import ANSWERED, HIDDEN_INVITATIONS, convened_by
from consultations.querysets.figures import Figures, GroupFigures, publishable
from consultations.querysets.table import TableReads
from consultations.states import NO_ANSWER, InvitationState, Way
from portal.models import OutgoingMessage
from stakeholders.querysets import Standing, standing_of
from stakeholders.states import OrganisationState

CONCERNED = (*NO_ANSWER, *ANSWERED, InvitationState.TO_RECONFIRM)
# The invited has still to say something.
WAITS_FOR_ANSWER = (
    *(*NO_ANSWER, InvitationState.TENTATIVE),
    *(InvitationState.OFFERED, InvitationState.TO_RECONFIRM),
)
GOING_ON = ("announced", "in_session")
# Whose answer is still awaited: who never answered, and who is asked once more because day or place moved.
UNDECIDED = (InvitationState.SENT, InvitationState.TO_RECONFIRM)
INVITATION_MAIL = "consultations.invitation_sent"


class InvitationQuerySet(TableReads):
    """Reads of invitations."""

    def visible_to(self, user: Any) -> Self:
        """Those of consultations that the person convenes, and those sent to whom the person acts or speaks for."""
        standing = standing_of(user)
        own = Q(organisation__in=standing.organisations)
        own |= Q(body=standing.body) if standing.body is not None else Q(pk__in=[])
        return self.filter((own & ~Q(state__in=HIDDEN_INVITATIONS)) | convened_by(user))

    def of(self, organisations: Any) -> Self:
        """Invitations of the given organisations (their ids)."""
        return self.filter(organisation__in=organisations)

    def to_any_of(self, standing: Standing) -> Self:
        """Invitations of the organisations that a person acts for, or of the office that the person speaks for."""
        return self.filter(Q(organisation__in=standing.organisations) | Q(body=standing.body, body__isnull=False))

    def at_table(self) -> Self:
        """Without organisations that were suspended or dissolved since."""
        return self.filter(Q(organisation=None) | Q(organisation__state=OrganisationState.VERIFIED))

    def for_own_list(self) -> Self:
        """With what a row of the invited's own list shows."""
        return self.select_related("consultation__country", "organisation", "body")

    def ahead(self) -> Self:
        """Of consultations that are not over, the next one first."""
        return self.filter(consultation__state__in=GOING_ON).order_by("consultation__starts_on", "pk")

    def behind(self) -> Self:
        """Of consultations that are over or were cancelled, the latest first."""
        return self.exclude(consultation__state__in=GOING_ON).order_by("-consultation__starts_on", "-pk")

    def reached(self) -> Self:
        """Invitations that were sent and not revoked."""
        return self.exclude(state__in=HIDDEN_INVITATIONS)

    def concerned(self) -> Self:
        """Those who were invited and may come, or might: whoever declined could come on another day.

        Not those whose invitation waits for its hour: they hear of it only then.
        """
        return self.filter(state__in=CONCERNED).exclude(state=InvitationState.SENT, sent_at__gt=timezone.now())

    def unanswered(self) -> Self:
        """Sent and without an answer."""
        return self.filter(state__in=NO_ANSWER)

    def remindable(self) -> Self:
        """Sent to an address, and no answer that holds, also after a move. What came back is repaired, not reminded.

        Nor are organisations that were suspended or dissolved since, nor what stayed with a record that was merged,
        nor those whose invitation waits for its own hour.
        """
        gone_out = Q(sent_at__isnull=True) | Q(sent_at__lte=timezone.now())
        return self.at_table().filter(gone_out, state__in=UNDECIDED).mailed()

    def sendable(self) -> Self:
        """Approved, and still at the table."""
        return self.at_table().filter(state=InvitationState.APPROVED)

    def planned(self) -> Self:
        """Started, but the mail waits for its hour: until then it can be held back."""
        return self.filter(state=InvitationState.SENT, sent_at__gt=timezone.now())

    def without_mail(self) -> Self:
        """Those that no mail carries: a letter, or a word through somebody they trust."""
        return self.filter(Q(address="") | Q(way=Way.LETTER))

    def mailed(self) -> Self:
        """Those that a mail carries, to the invited or to somebody they trust."""
        return self.exclude(address="").exclude(way=Way.LETTER)

    def letters(self) -> Self:
        """Those that go out on paper: officials, and whoever has no address."""
        return self.filter(Q(way=Way.LETTER) | Q(way=Way.MAIL, address=""))

    def not_reminded_since(self, at: datetime) -> Self:
        """Never reminded, or last reminded before the moment."""
        return self.filter(Q(reminded_at__isnull=True) | Q(reminded_at__lt=at))

    def mark_reminded(self, at: datetime) -> int:
        """Write down one more reminder; return on how many rows. Only the action calls it."""
        return self.update(reminded_at=at, updated_at=at, reminders=F("reminders") + 1)

    def answered(self) -> Self:
        """With an answer of any kind."""
        return self.filter(state__in=ANSWERED)

    def with_delivery(self) -> Self:
        """With the state of the latest invitation mail, None where there is none."""
        latest = OutgoingMessage.objects.filter(purpose=INVITATION_MAIL, subject_id=OuterRef("pk"))
        return self.annotate(delivery=Subquery(latest.order_by("-version", "-id").values("state")[:1]))

    def with_last_mail(self) -> Self:
        """With the version of the latest invitation mail (`last_mail`), None where there is none."""
        mails = OutgoingMessage.objects.filter(purpose=INVITATION_MAIL, subject_id=OuterRef("pk"))
        return self.annotate(last_mail=Subquery(mails.order_by("-version").values("version")[:1]))

    def came_back(self) -> Self:
        """Sent, but the latest mail failed, came back or was held back, and nobody marked it yet."""
        lost = (OutgoingMessage.State.FAILED, OutgoingMessage.State.BOUNCED, OutgoingMessage.State.WITHHELD)
        return self.with_delivery().filter(state=InvitationState.SENT, delivery__in=lost)

    def overtaken(self, day: date) -> Self:
        """Without a firm answer although the consultation's last day is before the given one."""
        waiting = (*NO_ANSWER, InvitationState.TENTATIVE, InvitationState.WAITLISTED, InvitationState.OFFERED)
        return self.filter(state__in=waiting, consultation__ends_on__lt=day).select_related("consultation")

    def offers_overdue(self, at: datetime) -> Self:
        """Offers of seats that nobody took until the moment."""
        return self.filter(state=InvitationState.OFFERED, offered_until__lt=at)

    def figures(self, totals: tuple[int, int] | None = None) -> Figures:
        """Return who was invited and who accepted, by group, without small counts. One query, two without totals."""
        reached = self.reached().order_by()
        total = (
            totals
            or reached.aggregate(
                invited=Count("organisation", distinct=True),
                accepted=Count("organisation", filter=Q(state=InvitationState.ACCEPTED), distinct=True),
            ).values()
        )
        invited, accepted = total
        rows = list(self._by_group(reached))
        first = publishable([row.invited for row in rows], invited)
        second = publishable([row.accepted for row in rows], accepted)
        shown = [
            GroupFigures(row, some, others if some else None)
            for row, some, others in zip(rows, first, second, strict=True)
            if some
        ]
        whole = publishable([invited, accepted], 10**9)
        return Figures(whole[0], whole[1], shown, len(shown) < len(rows))

    def _by_group(self, reached: Self) -> QuerySet:
        """Return the groups of the invited, each with how many of its organisations were invited and accepted."""
        organisations = self.model._meta.get_field("organisation").related_model
        groups = organisations._meta.get_field("groups").related_model.objects
        theirs, path = "organisations__invitations", "organisations"
        agreed = Q(**{f"{theirs}__state": InvitationState.ACCEPTED})
        return (
            groups.filter(**{f"{theirs}__in": reached.values("pk")})
            .annotate(
                invited=Count(path, distinct=True),
                accepted=Count(path, filter=agreed, distinct=True),
            )
            .order_by("position", "pk")
        )

    def for_desk(self) -> Self:
        """With what the convenor's list shows, the organisation and its groups."""
        return self.select_related("organisation__country", "body__country").prefetch_related("organisation__groups")

    def for_mail(self) -> Self:
        """With what the invitation mail says: organisation, consultation, country, organisers."""
        return self.select_related("organisation", "body", "consultation__country").prefetch_related(
            "consultation__organisers__organisation__groups",
            "consultation__sessions",
            "consultation__wordings",
            "organisation__groups",
        )

    def for_mailing(self) -> Self:
        """As `for_mail`, for many at once: invitations to one consultation share one consultation object."""
        return self.select_related("organisation", "body").prefetch_related(
            "consultation__country",
            "consultation__organisers__organisation__groups",
            "consultation__wordings",
            "organisation__groups",
        )
