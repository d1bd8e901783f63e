"""What the desk says of mail: mail cannot tell that mail does not go."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from portal import breaker, dates


def due() -> list[dict[str, Any]]:
    """Return one task while mail stands still; nothing as long as it goes."""
    found = breaker.standing_still()
    if found is None:
        return []
    moment = dates.moment(breaker.next_try(found))
    return [
        {
            "name": _("Mail stands still"),
            "url": reverse("help") + "#mail",
            "note": _("The mail server failed several times in a row. Nothing is lost; tell whoever runs the server."),
            "due": _("next try: %(moment)s") % {"moment": moment},
            "label": _("needs help"),
            "state": "needs",
        }
    ]
