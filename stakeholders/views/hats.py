"""For which of their organisations a person is here.

The choice lives in the session. It narrows what the desk shows and says with which organisation a form begins; rights
come from the mandates alone, so a choice that lapsed is no choice.
"""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import SimpleLazyObject

from portal.access import signed_in
from portal.once import once
from stakeholders.models import Organisation
from stakeholders.querysets import standing_of

HAT = "acts_for"


def chosen_organisation(request: HttpRequest) -> int | None:
    """Return the organisation that the person chose, if there still is a choice and it is one of them."""
    chosen: int | None = request.session.get(HAT) if request.user.is_authenticated else None
    mine = standing_of(request.user).organisations if chosen else frozenset()
    return chosen if chosen in mine and len(mine) > 1 else None


def acting_for(request: HttpRequest) -> dict[str, Any]:
    """Return, for the frame of every page, the chosen organisation. Nobody is asked for before a template is."""
    return {"acting_for": SimpleLazyObject(lambda: _acting_for(request))}


def _acting_for(request: HttpRequest) -> Organisation | None:
    chosen = chosen_organisation(request)
    return Organisation.objects.filter(pk=chosen).first() if chosen else None


@signed_in
@once
def organisation_choose(request: HttpRequest) -> HttpResponse:
    asked = request.POST.get("organisation", "")
    if request.method == "POST" and asked:
        if not asked.isdecimal() or int(asked) not in standing_of(request.user).organisations:
            raise Http404
        request.session[HAT] = int(asked)
    elif request.method == "POST":
        request.session.pop(HAT, None)
    return redirect("desk")
