"""After publication: others sign on to the edition until a day that the convenors set."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from portal import access
from portal.access import signed_in
from portal.forms import kept_initial
from portal.once import once
from portal.saving import refuse
from portal.states import Refusal
from recommendations import actions
from recommendations import floor as reads
from recommendations.forms import SignOnDayForm, SignOnForm
from recommendations.models import Edition, Endorsement, Statement
from recommendations.views.answers import to
from stakeholders.models import Organisation
from stakeholders.querysets import standing_of


@signed_in
@once
def sign_on(request: HttpRequest, slug: str) -> HttpResponse:
    statement = access.fetch(request, Statement.objects.of_consultation(), "recommendations.sign_on", slug=slug)
    edition = statement.editions.get(number=statement.current_edition)
    until = reads.plenary_of(statement).sign_on_until
    voices = _voices(request, statement, edition)
    form = SignOnForm(request.POST or None, voices=voices, initial=kept_initial(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.endorse_edition(edition, by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Your organisation has signed on to this edition."))
            return to("sign_on", slug)
    mine = Endorsement.objects.filter(organisation__in=standing_of(request.user).speaks_for)
    context = {"statement": statement, "edition": edition, "form": form, "until": until, "voices": voices}
    context |= {"open": actions.is_open(statement, until), "nav_current": "statements"}
    context["mine"] = mine.filter(edition__statement=statement).select_related("organisation", "edition")
    return render(request, "recommendations/sign_on.html", context)


def _voices(request: HttpRequest, statement: Statement, edition: Edition) -> list[tuple[Organisation, str]]:
    """Return the own organisations that may sign on: they adopt, did not adopt on the day, and have not signed yet."""
    standing = standing_of(request.user)
    done = edition.endorsements.standing().values("organisation")
    mine = Organisation.objects.invitable().civil_society().filter(pk__in=standing.speaks_for).exclude(pk__in=done)
    mine = mine.exclude(pk__in=statement.adoption.adopters.values("pk")).distinct()
    return [(one, one.shown_name(standing)) for one in mine.prefetch_related("groups")]


@signed_in
@once
def sign_on_withdraw(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    statement = access.fetch(request, Statement.objects.of_consultation(), "recommendations.sign_on", slug=slug)
    mine = Endorsement.objects.filter(organisation__in=standing_of(request.user).speaks_for)
    endorsement = mine.filter(pk=pk, edition__statement=statement).first()
    if endorsement is None:
        raise Http404
    if request.method == "POST":
        try:
            actions.withdraw_endorsement(endorsement, by=request.user)
        except Refusal as refusal:
            messages.error(request, str(refusal.reason))
        else:
            messages.success(request, _("Withdrawn. It stays in the history with today's date."))
    return to("sign_on", slug)


@signed_in
@once
def sign_on_open(request: HttpRequest, slug: str) -> HttpResponse:
    statement = access.fetch(request, Statement.objects.of_consultation(), "recommendations.open_sign_on", slug=slug)
    until = reads.plenary_of(statement).sign_on_until
    form = SignOnDayForm(request.POST or None, initial={"until": until, **kept_initial(request)})
    if request.method == "POST" and form.is_valid():
        try:
            actions.open_sign_on(statement, by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(
                request, _("The last day is set.") if form.cleaned_data["until"] else _("The list is closed.")
            )
            return to("sign_on_open", slug)
    standing = standing_of(request.user)
    endorsed = Endorsement.objects.filter(edition__statement=statement).for_list().select_related("edition")
    rows = [{"one": one, "name": one.organisation.shown_name(standing)} for one in endorsed.order_by("-pk")]
    context = {"statement": statement, "form": form, "until": until, "rows": rows, "nav_current": "desk"}
    context["consultation"] = statement.consultation
    return render(request, "recommendations/sign_on_open.html", context)
