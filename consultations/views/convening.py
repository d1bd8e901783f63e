"""The convenor invites a public body, a person, the same list as last time; and changes one invitation."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from consultations import actions
from consultations.actions.convening import OVER
from consultations.forms import BodyForm, InvitationForm, PersonForm
from consultations.models import Consultation, Invitation
from consultations.views import filters
from consultations.views.inviting import INVITE, invitation_of, own
from consultations.views.picking import drafted_sentence
from portal.access import signed_in
from portal.forms import kept_initial
from portal.once import once
from portal.saving import refuse
from portal.states import Refusal
from stakeholders.models import Organisation
from stakeholders.querysets import standing_of


def to_table(consultation: Consultation) -> HttpResponseRedirect:
    """Return to the table."""
    return HttpResponseRedirect(reverse("invitation_table", args=[consultation.slug]))


@signed_in
@once
def invitation_body(request: HttpRequest, slug: str) -> HttpResponse:
    return _convene(request, slug, BodyForm, actions.invite_body, "invitation_body")


@signed_in
@once
def invitation_person(request: HttpRequest, slug: str) -> HttpResponse:
    return _convene(request, slug, PersonForm, actions.invite_person, "invitation_person")


def _convene(request: HttpRequest, slug: str, kind: Any, invite: Any, name: str) -> HttpResponse:
    consultation = own(request, slug, INVITE)
    form = kind(request.POST or None, consultation=consultation, initial=kept_initial(request))
    if request.method == "POST" and form.is_valid() and _done(form, invite, consultation, by=request.user):
        messages.success(request, _("The invitation is drafted. Nothing is sent before you approve and send."))
        return to_table(consultation)
    context = {"consultation": consultation, "form": form, "nav_current": "desk"}
    return render(request, f"consultations/{name}.html", context)


def _done(form: forms.Form, act: Any, subject: Any, **values: Any) -> bool:
    """Take the action with what was typed; a refusal goes beside its field."""
    try:
        act(subject, **values, **form.cleaned_data)
    except Refusal as refusal:
        refuse(form, refusal)
        return False
    return True


@signed_in
@once
def invitation_edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    consultation = own(request, slug, INVITE)
    invitation = invitation_of(request, consultation, pk)
    if invitation.state in OVER:
        raise PermissionDenied
    form = InvitationForm(request.POST or None, invitation=invitation, initial=kept_initial(request))
    if (
        request.method == "POST"
        and form.is_valid()
        and _done(form, actions.change_invitation, invitation, by=request.user)
    ):
        messages.success(request, _("Saved."))
        return HttpResponseRedirect(reverse("invitation_list", args=[consultation.slug]))
    context = {
        "consultation": consultation,
        "invitation": invitation,
        "name": invitation.shown_name(standing_of(request.user)),
        "form": form,
        "nav_current": "desk",
    }
    return render(request, "consultations/invitation_edit.html", context)


@signed_in
@once
def invitation_repeat(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = own(request, slug, INVITE)
    earlier = list(_earlier(request, consultation))
    chosen = _chosen(request, consultation, earlier)
    if request.method == "POST" and chosen:
        try:
            count = actions.repeat_invitations(consultation, by=request.user, earlier=chosen)
        except Refusal as refusal:
            messages.error(request, str(refusal.reason))
        else:
            messages.success(request, drafted_sentence(count))
        return to_table(consultation)
    links = [
        {"name": f"{one.title}, {one.starts_on.year}", "url": f"?from={one.slug}", "current": one == chosen}
        for one in earlier
    ]
    context = {"consultation": consultation, "chosen": chosen, "nav_current": "desk"}
    context |= {"filter_row": {"label": _("Consultation"), "links": links}}
    context |= _again(request, consultation, chosen) if chosen else {}
    return render(request, "consultations/invitation_repeat.html", context)


def _earlier(request: HttpRequest, consultation: Consultation) -> Any:
    """Return the consultations whose lists the person may read: only those that they convene themselves."""
    rows = request.user.consultations.exclude(pk=consultation.pk).filter(invitations__isnull=False)
    return rows.distinct().order_by("-starts_on", "-id")[:50]


def _chosen(request: HttpRequest, consultation: Consultation, earlier: list[Consultation]) -> Consultation | None:
    """Return the one that was asked for, else the one before in the series, else the latest."""
    asked = request.GET.get("from", "")
    fitting = [one for one in earlier if one.slug == asked]
    series = [one for one in earlier if one.pk == consultation.follows_id]
    return next(iter([*fitting, *series, *earlier]), None)


def _again(request: HttpRequest, consultation: Consultation, chosen: Consultation) -> dict[str, Any]:
    rows = (
        Invitation.objects.repeatable(chosen).for_desk().order_by("organisation__name_key", "body__name", "full_name")
    )
    page = filters.page_of(request, rows)
    there = set(consultation.invitations.values_list("organisation", "body", "full_name"))
    organisations = {one.organisation_id for one in page.object_list if one.organisation_id}
    free = set(Organisation.objects.invitable().filter(pk__in=organisations).values_list("pk", flat=True))
    standing = standing_of(request.user)
    return {
        "page": page,
        "query": f"from={chosen.slug}&",
        "rows": [_row_again(one, standing, there, free) for one in page.object_list],
    }


def _row_again(invitation: Invitation, standing: Any, there: set[Any], free: set[int]) -> dict[str, Any]:
    """Return one of last time with what became of it then, and what would now."""
    key = (invitation.organisation_id, invitation.body_id, invitation.full_name)
    badge, words = "ok", _("is drafted again")
    if key in there:
        badge, words = "wait", _("on the list already")
    elif invitation.organisation_id and invitation.organisation_id not in free:
        badge, words = "no", _("can no longer be invited")
    return {
        "name": invitation.shown_name(standing),
        "then": invitation.get_state_display(),
        "seats": invitation.seats_offered,
        "badge": badge,
        "words": words,
    }
