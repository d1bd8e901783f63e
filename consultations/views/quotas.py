"""How many seats are kept for which group or bench, with the sum against the total."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from consultations import actions
from consultations.forms import QuotaForm
from consultations.models import Consultation
from consultations.views.inviting import own
from portal.access import signed_in
from portal.forms import kept_initial
from portal.once import once
from portal.saving import refuse
from portal.states import Conflict, Refusal


@signed_in
@once
def seat_quotas(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = own(request, slug, "consultations.change_consultation")
    taken = _taken(consultation)
    form = QuotaForm(request.POST or None, consultation=consultation, taken=taken, initial=kept_initial(request))
    conflict = False
    if request.method == "POST" and form.is_valid():
        try:
            _write(form, consultation, request)
        except Conflict as changed:
            # What was typed stays; a second press writes it over what the other one saved.
            conflict, form.data = True, {**form.data.dict(), "version": changed.current.version}
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(reverse("invitation_table", args=[consultation.slug]))
    context = {"consultation": consultation, "form": form, "conflict": conflict, "nav_current": "desk"}
    return render(request, "consultations/seat_quotas.html", context, status=409 if conflict else None)


def _write(form: QuotaForm, consultation: Consultation, request: HttpRequest) -> None:
    groups, benches = form.kept()
    version, seats = form.cleaned_data["version"] or 0, form.cleaned_data["seats"]
    actions.set_quotas(consultation, by=request.user, version=version, seats=seats, groups=groups, benches=benches)


def _taken(consultation: Consultation) -> dict[str, tuple[int, int]]:
    """Return the seats offered and accepted by group and by bench, by the names of the form's fields. Two queries."""
    rows = consultation.invitations.all()
    found: dict[str, tuple[int, int]] = {}
    for by in ("group", "bench"):
        for row, offered, accepted in rows.seats_by(by):
            found[f"{by}_{row}"] = (offered, accepted)
    return found
