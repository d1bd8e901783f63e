"""The convenor picks out of the register, by group, country, level, network and language, or by name."""

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consultations import actions
from consultations.forms import PickForm
from consultations.models import Consultation
from consultations.querysets import UNSAID, row_at
from consultations.views import filters
from consultations.views.inviting import INVITE, own
from portal import languages, text
from portal.access import signed_in
from portal.forms import kept_initial
from portal.once import once
from portal.saving import refuse
from portal.states import Refusal
from stakeholders.models import Country, Organisation, StakeholderGroup
from stakeholders.querysets import OrganisationQuerySet, Standing, standing_of
from stakeholders.states import TRAITS, Bench, Hearing, Level, Side, TraitKind

LONGEST_SEARCH = 80
MOST_NETWORKS = 40
NO_COUNTRY = "none"


class Asked:
    """What the page is asked for: words, and filters from closed lists. What is in none of them is dropped."""

    def __init__(self, request: HttpRequest, standing: Standing) -> None:
        """Read the address; three small queries."""
        self.words = text.clean(request.GET.get("q", ""))[:LONGEST_SEARCH]
        self.groups = {group.slug: group for group in StakeholderGroup.objects.all()}
        self.options = self._options(standing)
        allowed = {name: [value for value, _name in pairs] for name, (_label, pairs) in self.options.items()}
        # A group that is never seated is no choice; whoever asks for it all the same is told why.
        self.now = filters.chosen(request, {**allowed, "group": self.groups})

    def _options(self, standing: Standing) -> dict[str, tuple[str, list[tuple[Any, str]]]]:
        networks = Organisation.objects.filter(linked_from__kind="network", state="verified").distinct()
        networks = networks.prefetch_related("groups").order_by("name_key", "pk")[:MOST_NETWORKS]
        seated = [(slug, group.name) for slug, group in self.groups.items() if group.hearing != Hearing.NEVER]
        countries = [(country.pk, country.name) for country in Country.objects.all()]
        return {
            "group": (_("Group"), seated),
            "country": (_("Country"), [*countries, (NO_COUNTRY, _("None, or several"))]),
            "level": (_("Level"), Level.choices),
            "network": (_("Network"), [(one.pk, one.shown_name(standing)) for one in networks]),
            "language": (_("Language"), languages.writing_choices()),
            "side": (_("Side of the migration"), [*Side.choices, (UNSAID, _("not said"))]),
            "bench": (_("Bench"), Bench.choices),
            "basis": (_("Whose members"), TRAITS[TraitKind.BASIS].choices),
        }

    @property
    def never(self) -> StakeholderGroup | None:
        """Return the group that was asked for, where it is never seated."""
        group = self.groups.get(self.now.get("group", ""))
        return group if group and group.hearing == Hearing.NEVER else None

    def applied(self, rows: OrganisationQuerySet) -> OrganisationQuerySet:
        """Return those that fit."""
        rows = rows.called(self.words)
        for name, value in self.now.items():
            rows = self._narrowed(rows, name, value)
        return rows

    def _narrowed(self, rows: OrganisationQuerySet, name: str, value: str) -> OrganisationQuerySet:
        if name == "group":
            return rows.of_groups([self.groups[value]])
        if name == "basis":
            return rows.with_trait(TraitKind.BASIS, value)
        if name == "bench":
            rows = rows.annotate(table_row=row_at("bench"))
        return rows.filter(_condition(rows, name, value))

    def query(self) -> str:
        """Return the filters for the links of a pagination: empty, or ending in an ampersand."""
        return filters.query(self._all())

    def _all(self) -> dict[str, str]:
        return {**({"q": self.words} if self.words else {}), **self.now}

    def rows(self) -> list[dict[str, Any]]:
        """Return the filters as links, each with what is chosen."""
        return [
            {
                "label": label,
                "links": filters.links(self._all(), name, pairs),
                "chosen": next((str(said) for value, said in pairs if str(value) == self.now.get(name)), ""),
            }
            for name, (label, pairs) in self.options.items()
            if pairs
        ]

    def hidden(self) -> list[tuple[str, str]]:
        """Return the filters that a search by name keeps."""
        return list(self.now.items())

    def without_words(self) -> str:
        """Return the address of the page without the search."""
        return "?" + urlencode(self.now)


def _condition(rows: OrganisationQuerySet, name: str, value: str) -> Q:
    """Return what one filter asks for."""
    own = Q(**{name: value}) if name in {"level", "side", "country"} else Q()
    match name:
        case "country" if value == NO_COUNTRY:
            return Q(country=None)
        case "side" if value == UNSAID:
            return Q(side="")
        case "network":
            return Q(pk=value) | Q(links__other=value)
        case "language":
            return Q(pk__in=rows.working_in(value).values("pk")) | Q(language=value)
        case "bench":
            return Q(table_row=value)
    return own


@signed_in
@once
def invitation_pick(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = own(request, slug, INVITE)
    standing = standing_of(request.user)
    asked = Asked(request, standing)
    fitting = asked.applied(Organisation.objects.invitable()).exclude(invitations__consultation=consultation).distinct()
    form = PickForm(request.POST or None, initial=kept_initial(request), fitting=fitting)
    if request.method == "POST" and form.is_valid():
        seats, language = form.chosen(), form.cleaned_data["language"]
        try:
            count = actions.pick_organisations(consultation, by=request.user, seats=seats, language=language)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, drafted_sentence(count))
            return HttpResponseRedirect(request.get_full_path())
    page = filters.page_of(request, fitting.for_list())
    context = {"form": form, "page": page, "asked": asked, "picked": form.picked(), **_around(consultation, asked)}
    context["rows"] = [{"organisation": row, "name": row.shown_name(standing)} for row in page.object_list]
    return render(request, "consultations/invitation_pick.html", context)


def drafted_sentence(count: int) -> str:
    """Return how many invitations were drafted, as a sentence."""
    sentence = ngettext("%(count)d invitation is drafted.", "%(count)d invitations are drafted.", count)
    return sentence % {"count": count}


def _around(consultation: Consultation, asked: Asked) -> dict[str, Any]:
    """Return who fits as well and is not offered, and why."""
    verified = asked.applied(Organisation.objects.filter(state="verified"))
    never = asked.never
    return {
        "nav_current": "desk",
        "consultation": consultation,
        "query": asked.query(),
        "already": verified.filter(invitations__consultation=consultation).distinct().count(),
        "never": 0 if never else verified.filter(groups__hearing=Hearing.NEVER).distinct().count(),
        "never_seated": actions.never_seated(never) if never else "",
    }
