"""Named reads: which organisations and bodies a person may see, and what a person is."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Self

from allauth.mfa.models import Authenticator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce, Lower
from django.utils import timezone

from portal import clock, text
from portal.models import User
from stakeholders.states import (
    ELSEWHERE,
    AppointmentState,
    ConvenorRole,
    ImportState,
    Level,
    LinkKind,
    MembershipState,
    NameKind,
    OrganisationState,
    Role,
    Visibility,
)

SUCCESSIONS = 3  # an office is followed through this many reforms of the government


@dataclass(frozen=True, slots=True)
class Standing:
    """What a person is today, by mandate: convenor, administrator, member of which organisations, liaison of what."""

    convenor: bool = False
    administrator: bool = False
    organisations: frozenset[int] = frozenset()
    speaks_for: frozenset[int] = frozenset()
    leads: frozenset[int] = frozenset()
    body: int | None = None
    second_factor: bool = False  # read along for those who need one

    @property
    def trusted(self) -> bool:
        """Whether the person's account opens what others must not see, or speaks for an office: two factors."""
        return self.convenor or self.administrator or self.body is not None

    @property
    def member(self) -> bool:
        """Whether the person belongs to an organisation, or convenes: what members may see."""
        return self.convenor or bool(self.organisations)

    def narrowed(self, organisation: int | None) -> "Standing":
        """Return the standing for one of the person's organisations. It never grows: a foreign one changes nothing."""
        if organisation not in self.organisations:
            return self
        only = {organisation}
        return replace(self, organisations=frozenset(only), speaks_for=self.speaks_for & only, leads=self.leads & only)


NOBODY = Standing()
FACTORS = ("totp", "webauthn")
UNSEEN_CODES = Q(type="recovery_codes", data__viewed_at__isnull=True)


def standing_of(user: Any) -> Standing:
    """Return what the person is today. At a browser it counts only with the second step that the part asks for."""
    standing = mandates_of(user)
    lacks_factor = standing.trusted and not standing.second_factor
    return NOBODY if lacks_factor and getattr(user, "in_person", False) else standing


def mandates_of(user: Any) -> Standing:
    """Return what the mandates say. Three small queries, once per user object (that is, once a request)."""
    if not user.is_authenticated:
        return NOBODY
    if not hasattr(user, "_standing"):
        user._standing = _standing(user)  # noqa: SLF001 - the cache lives on the user object on purpose
    return user._standing  # noqa: SLF001


def _standing(user: Any) -> Standing:
    today, known = clock.today_here(), _second_factor_known()
    office = user.appointments.current(today).values_list("body_id", known).first()
    roles = list(user.memberships.current(today).values_list("organisation_id", "role"))
    terms = dict(user.convenorships.current(today).values_list("role", known))
    # Nobody sits on both sides: whoever speaks for a public body acts for no organisation, whatever the rows say.
    roles = [] if office else roles
    return Standing(
        convenor=ConvenorRole.CONVENOR in terms,
        administrator=ConvenorRole.ADMINISTRATOR in terms,
        organisations=frozenset(pk for pk, _role in roles),
        speaks_for=frozenset(pk for pk, role in roles if role != "drafter"),
        leads=frozenset(pk for pk, role in roles if role == "lead"),
        body=office[0] if office else None,
        second_factor=any(terms.values()) or bool(office and office[1]),
    )


def _second_factor_known() -> Any:
    """Return the same as `has_second_factor`, as a column of a query about mandates that is made anyway."""
    kinds = Authenticator.objects.filter(user=OuterRef("user"))
    return Exists(kinds.filter(type__in=FACTORS)) & ~Exists(kinds.filter(UNSEEN_CODES))


def has_second_factor(user: Any) -> bool:
    """Whether the person has set up a second step, and has seen the recovery codes that came with it."""
    kinds = Authenticator.objects.filter(user=user.pk)
    return kinds.filter(type__in=FACTORS).exists() and not kinds.filter(UNSEEN_CODES).exists()


def seen_by(user: Any, path: str = "") -> Q:
    """Return the condition under which the person may see an organisation, or the one that a row leads to by the path.

    As a condition, not as a list of keys: so a row that leads to an organisation is checked by looking that one up.
    """
    standing = standing_of(user)
    if standing.convenor:
        return Q()
    shown = [Visibility.PUBLIC, Visibility.MEMBERS] if standing.member else [Visibility.PUBLIC]
    seen = Q(**{f"{path}visibility__in": shown, f"{path}state": OrganisationState.VERIFIED})
    return seen | Q(**{f"{path}pk__in": standing.organisations}) if standing.organisations else seen


class DatedQuerySet(models.QuerySet):
    """Rows that hold from one day to another."""

    def dated(self, day: date) -> Self:
        """Rows that hold on the day: a mandate ends with its last day."""
        return self.filter(Q(until__isnull=True) | Q(until__gte=day), since__lte=day)


class ConvenorshipQuerySet(DatedQuerySet):
    """Reads of convenorships."""

    def current(self, day: date) -> Self:
        """Convenorships that hold on the day, of convenors and of administrators."""
        return self.dated(day)

    def convening(self, day: date) -> Self:
        """Convenorships of convenors that hold on the day."""
        return self.dated(day).filter(role=ConvenorRole.CONVENOR)

    def visible_to(self, user: Any) -> Self:
        """Terms are kept by administrators."""
        return self if standing_of(user).administrator else self.none()

    def not_over(self, day: date) -> Self:
        """Terms that hold or are still to begin, with their people; administrators after convenors."""
        open_end = Q(until__isnull=True) | Q(until__gte=day)
        return self.filter(open_end).select_related("user").order_by("-role", "user__full_name", "pk")


class MembershipQuerySet(DatedQuerySet):
    """Reads of memberships."""

    def current(self, day: date) -> Self:
        """Active memberships whose mandate holds on the day, in organisations that are not suspended."""
        return self.dated(day).filter(state=MembershipState.ACTIVE, organisation__state=OrganisationState.VERIFIED)

    def acting(self, day: date) -> Self:
        """Mandates that hold on the day or begin later."""
        return self.filter(Q(until__isnull=True) | Q(until__gte=day), state=MembershipState.ACTIVE)

    def former(self, day: date) -> Self:
        """Mandates that held for a day at least and are over.

        Those who never began have a first day after their last one: who declined, was declined or left before.
        """
        over = Q(state=MembershipState.LEFT) | Q(state=MembershipState.ACTIVE, until__lt=day)
        return self.filter(over, until__gte=F("since"))

    def leading(self, day: date) -> Self:
        """Mandates of lead representatives that hold on the day."""
        return self.current(day).filter(role=Role.LEAD)

    def offered(self) -> Self:
        """People who were invited and have not answered."""
        return self.filter(state=MembershipState.INVITED)

    def waiting_for(self, user: Any) -> Self:
        """What the person asked for or was invited to, with what the desk says about it."""
        mine = self.filter(user=user.pk, state__in=[MembershipState.REQUESTED, MembershipState.INVITED])
        return mine.select_related("organisation", "by").prefetch_related("organisation__groups")

    def offered_before(self, moment: datetime) -> Self:
        """Invitations from before the moment that nobody answered, the oldest first."""
        return self.offered().filter(created_at__lt=moment).order_by("created_at", "pk")

    def unused_accounts(self, before: datetime) -> models.QuerySet[User]:
        """Accounts from before the moment that invitations made, of which none is open, and that nobody ever used."""
        mine = self.model.objects.filter(user=OuterRef("pk"))
        never_held = Q(state=MembershipState.LEFT, until__lt=F("since"))
        accounts = User.objects.filter(Exists(mine), ~Exists(mine.exclude(never_held)), last_login=None)
        idle = accounts.filter(joined_at__lt=before, is_staff=False, appointments=None, convenorships=None)
        return idle.exclude(emailaddress__verified=True)

    def visible_to(self, user: Any) -> Self:
        """All for convenors; for others their own, and those of organisations they act for."""
        standing = standing_of(user)
        if standing.convenor:
            return self
        return self.filter(Q(user=user.pk) | Q(organisation__in=standing.organisations))

    def answerable_by(self, user: Any) -> Self:
        """Open requests that the person may answer: a convenor all, a lead those of their own, nobody themselves."""
        standing = standing_of(user)
        others = self.open_requests().exclude(user=user.pk)
        return others if standing.convenor else others.filter(organisation__in=standing.leads)

    def open_requests(self) -> Self:
        """People who ask to join and wait for an answer."""
        return self.filter(state=MembershipState.REQUESTED).select_related("user", "organisation")


class AppointmentQuerySet(DatedQuerySet):
    """Reads of liaison appointments."""

    def current(self, day: date) -> Self:
        """Active appointments that hold on the day."""
        return self.dated(day).filter(state=AppointmentState.ACTIVE)

    def barring(self, day: date) -> Self:
        """Appointments, proposed ones too, that hold on the day or later: they keep a person off the other side."""
        return self.filter(Q(until__isnull=True) | Q(until__gte=day)).exclude(state=AppointmentState.ENDED)

    def visible_to(self, user: Any) -> Self:
        """All for administrators; for others their own, once an administrator stands behind it."""
        if standing_of(user).administrator:
            return self
        return self.with_approval().filter(user=user.pk, approved=True)

    def with_approval(self) -> Self:
        """With `approved`: whether it was made or approved by an administrator, not only asked for by a colleague."""
        left_since = Q(state=AppointmentState.ENDED, updated_at__gte=OuterRef("created_at"))
        there = Q(state=AppointmentState.ACTIVE) | left_since
        colleague = self.model.objects.filter(there, body=OuterRef("body"), user=OuterRef("by"))
        waits = Q(state=AppointmentState.PROPOSED) & (Q(by=None) | Exists(colleague))
        return self.annotate(approved=models.ExpressionWrapper(~waits, output_field=models.BooleanField()))

    def ran_out(self, day: date) -> Self:
        """Active appointments whose last day is over."""
        return self.filter(state=AppointmentState.ACTIVE, until__lt=day)

    def not_over(self) -> Self:
        """Proposed and active ones, with office and person."""
        return self.exclude(state=AppointmentState.ENDED).select_related(
            "body__successor", "body__country", "user", "by"
        )


class OrganisationQuerySet(models.QuerySet):
    """Reads of the register."""

    def visible_to(self, user: Any) -> Self:
        """Organisations whose page the person may open.

        Withheld ones exist for convenors and for their own people only; for everybody else they are a description.
        A record that was merged has no page any more: its address leads to the one that was kept.
        """
        return self.filter(seen_by(user)).exclude(state=OrganisationState.MERGED)

    def invitable(self) -> Self:
        """Verified organisations of groups that may be seated at all."""
        return self.filter(state=OrganisationState.VERIFIED).exclude(groups__hearing="never")

    def networks(self) -> Self:
        """Organisations that others belong to: above one country, or tied to as a network."""
        found = Q(level__in=(Level.REGIONAL, Level.GLOBAL)) | Q(linked_from__kind=LinkKind.NETWORK)
        return self.filter(found).distinct()

    def applied_by(self, user: Any) -> Self:
        """Applications that are the person's business: who sent it signed in, or has proved the contact address."""
        proved = user.emailaddress_set.filter(verified=True).values(lowered=Lower("email"))
        return self.filter(Q(applicant=user.pk) | Q(contact_email__in=proved), applied_at__isnull=False)

    def civil_society(self) -> Self:
        """Those that may speak as civil society: the others are heard on their own bench and adopt nothing."""
        return self.filter(conflict="").exclude(groups__hearing__in=ELSEWHERE)

    def waiting(self) -> Self:
        """Applications that nobody decided on yet."""
        return self.filter(~self._appealed(), state=OrganisationState.APPLIED)

    def appealing(self) -> Self:
        """Refused ones that appealed and wait for another convenor."""
        return self.filter(self._appealed(), state=OrganisationState.APPLIED)

    def _appealed(self) -> models.Exists:
        decisions = self.model._meta.get_field("decisions").related_model.objects
        return models.Exists(decisions.filter(organisation=models.OuterRef("pk"), appeal__isnull=False))

    def to_retest(self, day: date) -> Self:
        """Verified ones that were to be looked at again by the day."""
        return self.filter(state=OrganisationState.VERIFIED, retest_on__lte=day)

    def desk_counts(self, day: date) -> dict[str, int]:
        """Return what waits for the convenors, in one query: applications, appeals, tests due, the rest."""
        of_state = {
            name: models.Count("pk", filter=Q(state=state))
            for name, state in (("suspended", OrganisationState.SUSPENDED), ("refused", OrganisationState.REFUSED))
        }
        applied = Q(state=OrganisationState.APPLIED)
        return self.aggregate(
            applications=models.Count("pk", filter=applied & ~Q(self._appealed())),
            appeals=models.Count("pk", filter=applied & Q(self._appealed())),
            retests=models.Count("pk", filter=Q(state=OrganisationState.VERIFIED, retest_on__lte=day)),
            **of_state,
        )

    def oldest_first(self) -> Self:
        """Those that applied or were written down first on top."""
        return self.order_by(Coalesce("applied_at", "created_at"), "pk")

    def of_group(self, group: Any) -> Self:
        """Those of the group; all where there is none."""
        return self.filter(groups=group) if group else self

    def went_elsewhere(self, user: Any) -> Self:
        """Records that went into another one, and whose name the person might see: old addresses lead on for them."""
        standing = standing_of(user)
        shown = [Visibility.PUBLIC, Visibility.MEMBERS] if standing.member else [Visibility.PUBLIC]
        gone = self.filter(state=OrganisationState.MERGED)
        return gone if standing.convenor else gone.filter(visibility__in=shown)

    def of_groups(self, groups: Iterable[Any]) -> Self:
        """Those of one of the groups, each once."""
        through = self.model.groups.through.objects.filter(stakeholdergroup__in=list(groups))
        return self.filter(pk__in=through.values("organisation"))

    def seated(self) -> Self:
        """Those that count on the stakeholder map: what was only applied for, or is over, does not."""
        return self.filter(state=OrganisationState.VERIFIED)

    def called(self, typed: str) -> Self:
        """Those of which one name, in whatever language, holds all that was typed; all where nothing was.

        The words are looked for inside the comparison key: Thai, Lao, Khmer and Burmese have no spaces to split at.
        """
        words = text.comparison_key(typed).split()
        if not words:
            return self
        names = self._related("names")
        for word in words:
            names = names.filter(key__contains=word)
        return self.filter(pk__in=names.values("organisation"))

    def with_trait(self, kind: str, code: str) -> Self:
        """Those with the trait."""
        return self.filter(pk__in=self._related("traits").filter(kind=kind, code=code).values("organisation"))

    def working_in(self, language: str) -> Self:
        """Those that work in the language. Their languages stand in one field, parted by spaces."""
        first, last, between = Q(languages__startswith=f"{language} "), f" {language}", f" {language} "
        inside = Q(languages__endswith=last) | Q(languages__contains=between)
        return self.filter(Q(languages=language) | first | inside)

    def _related(self, name: str) -> models.QuerySet:
        return self.model._meta.get_field(name).related_model.objects.all()

    def for_file(self) -> Self:
        """With what a row of an export holds in its own table."""
        return self.select_related("country").defer("evidence", "introduction")

    def for_list(self) -> Self:
        """With what a row of a list shows, in a fixed number of queries."""
        return self.select_related("country").prefetch_related("groups").order_by("name_key", "pk")


class PublicBodyQuerySet(models.QuerySet):
    """Reads of public bodies, which are public themselves."""

    def visible_to(self, _user: Any) -> Self:
        """Everybody may see every public body."""
        return self

    def standing_on(self, day: date) -> Self:
        """Bodies that existed on the day: an old edition keeps the old name."""
        return self.filter(
            Q(since__isnull=True) | Q(since__lte=day),
            Q(until__isnull=True) | Q(until__gte=day),
        )

    def with_successors(self, bodies: Any) -> Self:
        """The given bodies (their ids, as a subquery), and those that took over from them."""
        found = Q(pk__in=bodies)
        for step in range(1, SUCCESSIONS + 1):
            found |= Q(**{"__".join(["predecessors"] * step) + "__in": bodies})
        return self.filter(pk__in=self.model.objects.filter(found).order_by().values("pk"))

    def standing_today(self) -> Self:
        """Bodies that nobody took over from and that have not ended."""
        return self.filter(Q(until__isnull=True) | Q(until__gte=timezone.localdate()), successor=None)

    def for_list(self) -> Self:
        """With country, successor and predecessors; those of today before those of the past."""
        return (
            self.select_related("country", "successor")
            .prefetch_related("predecessors")
            .order_by(models.F("until").desc(nulls_first=True), "name")
        )


class NameQuerySet(models.QuerySet):
    """Reads of the table of names, and its renewal."""

    def standing(self) -> Self:
        """Names of organisations that still are one: neither merged nor dissolved."""
        gone = (OrganisationState.MERGED, OrganisationState.DISSOLVED)
        return self.exclude(organisation__state__in=gone)

    def doubles(self) -> Self:
        """Who meets under one skeleton: the oldest record and the newest. Acronyms do not count."""
        # First, out of the index alone, what is there more than once: that is little in a long register.
        often = self.order_by().values("skeleton").annotate(often=models.Count("pk")).filter(often__gt=1)
        named = self.standing().filter(skeleton__in=often.values("skeleton")).order_by()
        named = named.exclude(kind=NameKind.ACRONYM).exclude(skeleton="")
        met = named.values("skeleton").annotate(first=models.Min("organisation"), last=models.Max("organisation"))
        # Two records that share two names are one row.
        return met.filter(last__gt=models.F("first")).values("first", "last").distinct().order_by("first", "last")

    def renew(self, organisations: Iterable[Any]) -> None:
        """Write the names of the organisations anew. What did not change is not written again."""
        organisations = list(organisations)
        wanted = {
            (one.pk, kind, language, name): None for one in organisations for kind, language, name in one.all_names()
        }
        for row in self.filter(organisation__in=organisations):
            if wanted.pop((row.organisation_id, row.kind, row.language, row.text), row) is row:
                row.delete()
        self.bulk_create(
            self.model(
                organisation_id=pk,
                kind=kind,
                language=language,
                text=name[:300],
                key=text.comparison_key(name)[:400],
                skeleton=text.skeleton(name)[:400],
            )
            for pk, kind, language, name in wanted
        )


class LinkQuerySet(models.QuerySet):
    """Reads of ties between organisations."""

    def visible_to(self, user: Any) -> Self:
        """Ties of which the person may see both ends: a tie to a withheld organisation would point at it."""
        other = Q(other__isnull=True) | seen_by(user, "other__") if seen_by(user) else Q()
        return self.filter(seen_by(user, "organisation__") & other)


class TermsQuerySet(models.QuerySet):
    """Reads of the terms of reference."""

    def visible_to(self, _user: Any) -> Self:
        """Everybody may read every version."""
        return self

    def in_force(self, day: date) -> Any:
        """Return the version in force on the day; None where there is none yet."""
        return self.filter(since__lte=day).order_by("-number").first()


class ImportQuerySet(models.QuerySet):
    """Reads of imports."""

    def visible_to(self, user: Any) -> Self:
        """Each convenor sees their own: a list may hold names that its uploader alone was given."""
        return self.filter(by=user.pk) if standing_of(user).convenor else self.none()

    def due(self, now: datetime) -> Self:
        """Imports at which a worker has something to do, and none is: its claim is over where it was killed."""
        waiting = self.filter(state__in=(ImportState.UPLOADED, ImportState.MAPPED, ImportState.APPROVED))
        return waiting.filter(Q(claimed_until__isnull=True) | Q(claimed_until__lt=now))

    def forgotten(self, before: datetime) -> Self:
        """Imports that were begun before and never ended."""
        ended = (ImportState.DONE, ImportState.REFUSED, ImportState.DROPPED)
        return self.filter(created_at__lt=before).exclude(state__in=ended)
