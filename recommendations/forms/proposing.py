"""Items that are proposed upward: which, and to which regional consultation; and what becomes of each."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consultations.models import Consultation
from portal import text
from portal.forms import TextField
from recommendations.models import Item, Recommendation


class _Consultations(forms.ModelChoiceField):
    def label_from_instance(self, one: Consultation) -> str:
        return one.title


class _Items(forms.ModelMultipleChoiceField):
    def label_from_instance(self, one: Item) -> str:
        return f"{one.label}: {text.opening(one.shown.text, 120)}"


class ProposalForm(forms.Form):
    """Which items go to which regional consultation."""

    consultation = _Consultations(
        Consultation.objects.none(), label=_("To which regional consultation?"), empty_label=_("Choose one")
    )
    items = _Items(
        Item.objects.none(),
        label=_("Which items?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one item.")},
    )

    def __init__(self, *args: Any, consultations: Any, items: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["consultation"].queryset = consultations
        self.fields["items"].queryset = items


class SettlementForm(forms.Form):
    """Into which recommendation an item goes, or why it is declined."""

    hide_optional = True

    into = forms.TypedChoiceField(label=_("Take it up as"), required=False, empty_value=None)
    reason = TextField(label=_("Or decline it: why?"), max_characters=1000, rows=2, required=False)

    def __init__(self, *args: Any, recommendations: list[tuple[str, Recommendation]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = {one.pk: one for _label, one in recommendations}
        into: Any = self.fields["into"]
        into.choices = [
            ("", _("a recommendation of its own")),
            *((one.pk, _("an origin of %(label)s") % {"label": label}) for label, one in recommendations),
        ]
        into.coerce = lambda pk: known[int(pk)]
