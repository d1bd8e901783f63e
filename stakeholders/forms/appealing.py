"""What an organisation says against a refusal."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.forms import TextField


class AppealForm(forms.Form):
    """The reasons, in the organisation's own words."""

    text = TextField(
        label=_("What speaks against the refusal?"),
        rows=8,
        max_characters=4000,
        help_text=_("In any language. Another convenor than the one who refused reads it and decides."),
    )
