"""The public calendar as a feed, and the page that says how to take it into one's own."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from consultations import public_calendar
from consultations.models import Consultation
from portal.publishing import public_page
from stakeholders.models import Country


@public_page
def calendar_feed(_request: HttpRequest, country: str = "") -> HttpResponse:
    found = Country.objects.filter(pk=country).first() if country else None
    if country and found is None:
        raise Http404
    name = _("Consultations: %(country)s") % {"country": found.name} if found else _("Consultations of the task force")
    content = public_calendar.calendar_file(name, public_calendar.in_calendar(country))
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="consultations.ics"'
    return response


@public_page
def subscribe(request: HttpRequest) -> HttpResponse:
    countries = Country.objects.filter(pk__in=Consultation.objects.announced().order_by().values("country"))
    context = {
        "calendars": [
            _calendar(_("All consultations"), reverse("calendar_feed")),
            *[_calendar(country.name, reverse("calendar_feed", args=[country.pk])) for country in countries],
        ],
        "news_url": f"{settings.SITE_URL}{reverse('news_feed')}",
        "nav_current": "consultations",
    }
    return render(request, "consultations/subscribe.html", context)


def _calendar(name: str, path: str) -> dict[str, Any]:
    """Return a feed's address, and the form of it that opens a calendar program at once."""
    url = f"{settings.SITE_URL}{path}"
    return {"name": name, "url": url, "opens": url.replace("https://", "webcal://").replace("http://", "webcal://")}
