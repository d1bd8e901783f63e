"""The second step of signing in: why it is needed, what may not be removed, and help for somebody who lost it."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import views as passkeys
from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.access import require, signed_in
from portal.factors import FACTORS, FactorAdapter, lately
from portal.forms import AddressField
from portal.models import User
from portal.once import once
from portal.states import Refusal
from stakeholders.actions import reset_factors


@signed_in
def second_factor(request: HttpRequest) -> HttpResponse:
    if request.user.has_perm("stakeholders.enter_desk"):
        return redirect("mfa_index")
    has_factor = request.user.authenticator_set.filter(type__in=FACTORS).exists()
    return render(request, "portal/second_factor.html", {"has_factor": has_factor, "nav_current": "account"})


@signed_in
def mfa_remove_webauthn(request: HttpRequest, pk: int) -> HttpResponse:
    passkey = get_object_or_404(Authenticator, pk=pk, user=request.user, type=Authenticator.Type.WEBAUTHN)
    adapter = FactorAdapter()
    if not adapter.can_delete_authenticator(passkey):
        messages.error(request, adapter.error_messages["cannot_delete_authenticator"])
        return redirect("mfa_list_webauthn")
    return passkeys.remove_webauthn(request, pk=pk)


class ResetForm(forms.Form):
    """Asks whose second step is to be taken away."""

    email = AddressField(label=gettext_lazy("Address that the person signs in with"))
    sure = forms.BooleanField(
        label=gettext_lazy("I have spoken with this person, and know the voice or the face."),
        error_messages={"required": gettext_lazy("Speak with the person first. A mail can be written by anybody.")},
    )

    def clean_email(self) -> str:
        """Find the account."""
        self.person = User.objects.filter(email=self.cleaned_data["email"], is_active=True).first()
        if not self.person:
            raise ValidationError(_("Nobody signs in with this address."))
        return self.cleaned_data["email"]


@lately
@once
def factor_reset(request: HttpRequest) -> HttpResponse:
    require(request, "stakeholders.reset_factors")
    form: Any = ResetForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            reset_factors(form.person, by=request.user)
        except Refusal as refusal:
            form.add_error("email", str(refusal.reason))
        else:
            messages.success(request, _("Done. The person is signed out everywhere, and was told by mail."))
            return redirect("factor_reset")
    return render(request, "portal/factor_reset.html", {"form": form, "nav_current": "account"})
