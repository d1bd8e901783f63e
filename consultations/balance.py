"""Who is missing at the table: what a convenor should see before the invitations go out, and what mends it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consultations.models import Consultation
from stakeholders.models import Country, Organisation, StakeholderGroup, Trait
from stakeholders.querysets import Standing
from stakeholders.states import Basis, Bench, Hearing, Level, LinkKind, OrganisationState, Side, TraitKind

# Groups that are migrants themselves. Trade unions are counted apart: they do not always speak for migrants.
MIGRANTS = ("migrant-workers-associations", "migrant-workers-and-families")
DESTINATION = (Side.DESTINATION, Side.BOTH)
# A branch and its national centre at one table weigh double. Members of a network are many, and may all come.
DOUBLE = (LinkKind.BRANCH, LinkKind.AFFILIATE)
PICK, LIST, QUOTAS = "invitation_pick", "invitation_list", "seat_quotas"
WHOLE_REGION = (Level.REGIONAL, Level.GLOBAL)


@dataclass(frozen=True, slots=True)
class Mend:
    """Where something can be done about a gap: the words of the link, the page and its filter."""

    label: str
    page: str
    query: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is out of balance, as a sentence, with what mends it."""

    code: str
    text: str
    mends: tuple[Mend, ...]


def _mend(label: str, page: str, **asked: str) -> Mend:
    return Mend(label, page, f"?{urlencode(asked)}" if asked else "")


def gaps(consultation: Consultation, standing: Standing) -> Iterator[Gap]:
    """Yield what is out of balance, the gravest first; nothing while nobody is on the list.

    Three queries for all of it; whoever needs only the first ones asks for no more than those.
    """
    counts = _counts(consultation)
    if counts["everybody"]:
        yield from (*_excluded(counts), *_absent(counts), *_outnumbered(counts))
        yield from _countries(consultation)
        yield from _doubled(consultation, standing)


def _counts(consultation: Consultation) -> dict[str, int]:
    """Return how many of those that may come are of which kind, in one query."""
    through = Organisation.groups.through.objects

    def of(**wanted: Any) -> Q:
        named = {f"stakeholdergroup__{name}": value for name, value in wanted.items()}
        return Q(organisation__in=through.filter(**named).values("organisation"))

    women = Trait.objects.filter(kind=TraitKind.BASIS, code=Basis.WOMEN).values("organisation")
    migrants = of(slug__in=MIGRANTS)
    workers = Q(bench=Bench.WORKERS) | Q(bench="") & of(bench=Bench.WORKERS) | migrants
    employers = Q(bench=Bench.EMPLOYERS) | Q(bench="") & of(bench=Bench.EMPLOYERS)
    found: dict[str, int] = consultation.invitations.expected().aggregate(
        everybody=Count("pk"),
        migrants=Count("pk", filter=migrants),
        women=Count("pk", filter=Q(organisation__in=women)),
        destination=Count("pk", filter=Q(organisation__side__in=DESTINATION)),
        never=Count("pk", filter=of(hearing=Hearing.NEVER)),
        unverified=Count(
            "pk", filter=Q(organisation__isnull=False) & ~Q(organisation__state=OrganisationState.VERIFIED)
        ),
        workers=Sum("seats_offered", default=0, filter=workers),
        employers=Sum("seats_offered", default=0, filter=employers),
    )
    return found


def _excluded(counts: Mapping[str, int]) -> list[Gap]:
    found, never, unverified = [], counts["never"], counts["unverified"]
    if never:
        sentence = ngettext(
            "%(count)d organisation on the list belongs to a group that is never seated.",
            "%(count)d organisations on the list belong to groups that are never seated.",
            never,
        )
        mend = _mend(_("Look and revoke"), LIST, kind="never")
        found.append(Gap("never", sentence % {"count": never}, (mend,)))
    if unverified:
        sentence = ngettext(
            "%(count)d organisation on the list is not verified any more.",
            "%(count)d organisations on the list are not verified any more.",
            unverified,
        )
        mend = _mend(_("Look and revoke"), LIST, kind="unverified")
        found.append(Gap("unverified", sentence % {"count": unverified}, (mend,)))
    return found


def _absent(counts: Mapping[str, int]) -> list[Gap]:
    found = []
    if not counts["migrants"]:
        mend = _mend(_("Pick migrants' associations"), PICK, group=MIGRANTS[0])
        found.append(Gap("migrants", _("No migrants' own organisation is on the list."), (mend,)))
    if not counts["women"]:
        mend = _mend(_("Pick women's groups"), PICK, basis=Basis.WOMEN.value)
        found.append(Gap("women", _("No women's group is on the list."), (mend,)))
    if not counts["destination"]:
        mend = _mend(_("Pick from the destination side"), PICK, side=Side.DESTINATION.value)
        found.append(Gap("destination", _("Nobody on the list is from the destination side."), (mend,)))
    return found


def _outnumbered(counts: Mapping[str, int]) -> list[Gap]:
    if counts["employers"] <= counts["workers"]:
        return []
    sentence = _("Employers outnumber workers: %(employers)d seats beside %(workers)d.")
    mends = (
        _mend(_("Pick for the workers' bench"), PICK, bench=Bench.WORKERS.value),
        _mend(_("See the employers' bench"), LIST, by="bench", row=Bench.EMPLOYERS.value),
    )
    return [Gap("employers", sentence % counts, mends)]


def _countries(consultation: Consultation) -> list[Gap]:
    """Return the countries of its level from which no organisation comes."""
    present = consultation.invitations.expected().filter(organisation__country__isnull=False)
    missing = Country.objects.exclude(pk__in=present.order_by().values("organisation__country"))
    if consultation.country_id and consultation.level not in WHOLE_REGION:
        missing = missing.filter(pk=consultation.country_id)
    rows = list(missing)
    if not rows:
        return []
    names = ", ".join(country.name for country in rows)
    mends = tuple(
        _mend(_("Pick from %(country)s") % {"country": country.name}, PICK, country=country.pk) for country in rows
    )
    return [Gap("countries", _("No organisation on the list is from: %(names)s.") % {"names": names}, mends)]


def _doubled(consultation: Consultation, standing: Standing) -> list[Gap]:
    """Return each centre that comes beside its own branches."""
    by_centre: dict[int, list[int]] = defaultdict(list)
    for branch, centre in consultation.invitations.ties(DOUBLE):
        by_centre[centre].append(branch)
    if not by_centre:
        return []
    ends = Organisation.objects.filter(pk__in={*by_centre, *(pk for rows in by_centre.values() for pk in rows)})
    names = {one.pk: one.shown_name(standing) for one in ends.order_by("name_key", "pk")}
    sentence = _("%(centre)s weighs double: on the list with it are %(branches)s.")
    mend = _mend(_("See who is tied"), LIST, kind="tied")
    return [
        Gap("double", sentence % {"centre": name, "branches": _joined(names, by_centre[pk])}, (mend,))
        for pk, name in names.items()
        if pk in by_centre
    ]


def _joined(names: Mapping[int, str], wanted: list[int]) -> str:
    return ", ".join(name for pk, name in names.items() if pk in wanted)


@dataclass(frozen=True, slots=True)
class Share:
    """The seats of one bench: what is kept for it as a whole and for its groups, and what that comes to."""

    bench: str
    kept: int | None
    groups: int

    @property
    def total(self) -> int:
        """Return how many seats the bench takes: what is kept for groups lies inside what is kept for the bench."""
        return self.groups if self.kept is None else self.kept

    @property
    def overfull(self) -> bool:
        """Whether its groups are promised more than the bench has."""
        return self.kept is not None and self.groups > self.kept


def shares(groups: Mapping[StakeholderGroup, int], benches: Mapping[str, int]) -> list[Share]:
    """Return the seats of each bench for which some are kept."""
    of_groups: dict[str, int] = defaultdict(int)
    for group, seats in groups.items():
        of_groups[group.bench] += seats
    return [
        Share(bench, benches.get(bench), of_groups[bench])
        for bench in Bench.values
        if bench in benches or of_groups[bench]
    ]
