"""The person's own settings: name, language, time zone, and whether the portal writes weekly."""

from datetime import datetime
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from allauth.account import views as accounts
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from portal import dates, log
from portal.access import public, signed_in
from portal.forms import TextField, kept_initial
from portal.models import User
from portal.once import once

# The region's own, where its workers go, and where its partners sit. A person's own zone is always offered too.
ZONES = (
    *("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura", "Asia/Bangkok", "Asia/Ho_Chi_Minh", "Asia/Phnom_Penh"),
    *("Asia/Vientiane", "Asia/Yangon", "Asia/Kuala_Lumpur", "Asia/Singapore", "Asia/Brunei", "Asia/Manila"),
    *("Asia/Dili", "Asia/Hong_Kong", "Asia/Taipei", "Asia/Seoul", "Asia/Tokyo", "Asia/Dubai", "Asia/Riyadh"),
    *("Asia/Kolkata", "Australia/Sydney", "Europe/London", "Europe/Zurich", "America/New_York", "UTC"),
)


class ProfileForm(forms.ModelForm):
    """How a person is called, in which language and zone the portal writes to them."""

    full_name = TextField(label=gettext_lazy("Your name"), max_characters=200)

    class Meta:
        model = User
        fields: ClassVar = ["full_name", "language", "time_zone", "wants_digest"]
        help_texts: ClassVar = {
            "wants_digest": gettext_lazy(
                "On Monday morning, to members and liaisons, only if something changed for you since the last one."
            )
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        now = timezone.now()
        zones = sorted({*ZONES, self.instance.time_zone}, key=lambda zone: now.astimezone(ZoneInfo(zone)).utcoffset())
        named = [(zone, _zone(zone, now)) for zone in zones]
        self.fields["time_zone"] = forms.ChoiceField(label=gettext_lazy("Time zone"), choices=named)


def _zone(zone: str, now: datetime) -> str:
    """Return a zone as its city, its usual letters where it has some, and its distance from Greenwich."""
    city, name = zone.rsplit("/", maxsplit=1)[-1].replace("_", " "), dates.zone_name(now.astimezone(ZoneInfo(zone)))
    return name if name.startswith(city) else f"{city}, {name}"


@signed_in
@once
def profile(request: HttpRequest) -> HttpResponse:
    form = ProfileForm(request.POST or None, instance=request.user, initial=kept_initial(request))
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            person = form.save()
            log.record("change_profile", person, by=person)
        with translation.override(person.language):
            messages.success(request, _("Saved."))
            return redirect("profile")
    return render(request, "portal/profile.html", {"form": form, "nav_current": "account"})


@signed_in
@require_POST
@once
def session_end(request: HttpRequest, pk: int) -> HttpResponse:
    session = get_object_or_404(UserSession, pk=pk, user=request.user)
    if session.is_current():
        return redirect("account_logout")
    session.end()
    messages.success(request, _("That browser is signed out."))
    return redirect("usersessions_list")


@public
def account_logout(request: HttpRequest) -> HttpResponse:
    response = accounts.logout(request)
    if request.method == "POST":
        response["Clear-Site-Data"] = '"cache", "storage"'
    return response
