"""The rule, amended words, positions on one item, proxies, choices in secret, signing on."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from portal import languages
from portal.forms import TextField, VersionedForm
from recommendations import canonical
from recommendations.models import Plenary, Recommendation
from recommendations.states import RuleKind, Stance
from stakeholders.models import Organisation

Voices = Sequence[tuple[Organisation, str]]
NOTE_MAX = 1000


class RuleForm(VersionedForm):
    """When the text is adopted."""

    class Meta:
        model = Plenary
        fields = ("kind", "percent", "base", "abstentions", "parts", "quorum", "quorum_parts")
        widgets = {"kind": forms.RadioSelect, "base": forms.RadioSelect, "parts": forms.RadioSelect}
        help_texts = {
            "percent": _("Only for another share: from 1 to 100."),
            "base": _("Of whom the share is taken. With consensus it makes no difference."),
            "quorum": _("How many of the organisations that accepted must be in the room. 0: as many as come."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("percent", "quorum"):
            self.fields[name].required = False
            self.fields[name].widget = forms.NumberInput(attrs={"min": 0, "max": 100, "inputmode": "numeric"})

    def clean_percent(self) -> int:
        """Nothing typed is 0."""
        return self.cleaned_data["percent"] or 0

    def clean_quorum(self) -> int:
        """Nothing typed is 0."""
        return self.cleaned_data["quorum"] or 0

    def clean(self) -> dict[str, Any]:
        """Ask for the share where it is another one; elsewhere it says nothing."""
        if self.cleaned_data.get("kind") != RuleKind.SHARE:
            self.cleaned_data["percent"] = 0
        elif not self.cleaned_data.get("percent") and "percent" not in self.errors:
            self.add_error("percent", _("Say the share in per cent, from 1 to 100."))
        return self.cleaned_data

    @property
    def rule(self) -> dict[str, Any]:
        """Return the rule as the action takes it."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class AmendmentForm(forms.Form):
    """What was agreed in other words, in each language in which the item stands."""

    note = TextField(
        label=_("Note for the record"), required=False, max_characters=NOTE_MAX, rows=2, help_text=_("No names.")
    )

    def __init__(self, *args: Any, recommendation: Recommendation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        there = canonical.in_each_language(recommendation, "text")
        self.spoken = [one for one in languages.LANGUAGES if one.shipped or one.code in there]
        for language in self.spoken:
            self.fields[f"text_{language.code}"] = TextField(
                label=_("Amended words: %(language)s") % {"language": language.own},
                required=False,
                rows=5,
                max_characters=settings.SUBMISSION_TEXT_MAX,
                initial=there.get(language.code, ""),
            )
            self.fields[f"text_{language.code}"].widget.attrs["lang"] = language.code
        self.order_fields([*(f"text_{language.code}" for language in self.spoken), "note"])

    @property
    def words(self) -> dict[str, str]:
        """Return what was typed, by language."""
        return {language.code: self.cleaned_data[f"text_{language.code}"] for language in self.spoken}


class VoiceField(forms.TypedChoiceField):
    """For which organisation one speaks; hidden where there is one."""

    def __init__(self, voices: Voices, **kwargs: Any) -> None:
        known = {organisation.pk: organisation for organisation, _name in voices}
        kwargs.setdefault("label", _("Organisation"))
        super().__init__(coerce=lambda pk: known[int(pk)], empty_value=None, **kwargs)
        self.choices = [("", _("Choose one")), *((organisation.pk, name) for organisation, name in voices)]
        if len(known) == 1:
            self.widget, self.initial = forms.HiddenInput(), next(iter(known))


class ItemPositionForm(forms.Form):
    """What an organisation says to one item."""

    stance = forms.ChoiceField(
        label=_("Position"),
        choices=[
            (Stance.CONSENSUS, _("Joins")),
            (Stance.RESERVATION, _("Joins with a reservation, in the words below")),
            (Stance.ABSTAINS, _("Does not take part in the decision")),
            (Stance.BLOCKS, _("Cannot agree")),
        ],
        widget=forms.RadioSelect,
    )
    text = TextField(
        label=_("Words of the reservation"),
        help_text=_("Needed for a reservation. They are published with the statement."),
        max_characters=2000,
        rows=4,
        required=False,
    )

    def __init__(self, *args: Any, voices: Voices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"] = VoiceField(voices)
        self.order_fields(["organisation", "stance", "text"])


class ChoiceForm(forms.Form):
    """What an organisation chooses in secret. There are no words: words tell who wrote them."""

    choice = forms.ChoiceField(
        label=_("Choice"),
        choices=[
            (Stance.CONSENSUS, _("Joins")),
            (Stance.ABSTAINS, _("Does not take part in the decision")),
            (Stance.BLOCKS, _("Cannot agree")),
        ],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, voices: Voices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"] = VoiceField(voices)
        self.order_fields(["organisation", "choice"])


class ProxyForm(forms.Form):
    """Whose voice is carried by whom."""

    def __init__(self, *args: Any, givers: Voices, holders: Voices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["giver"] = VoiceField(givers, label=_("Who is not there"))
        self.fields["holder"] = VoiceField(holders, label=_("Who carries its voice"))


class NoteForm(forms.Form):
    """What is to be remembered of an outcome."""

    note = TextField(
        label=_("Note for the record"), required=False, max_characters=NOTE_MAX, rows=3, help_text=_("No names.")
    )


class SignOnForm(forms.Form):
    """Which organisation signs on."""

    def __init__(self, *args: Any, voices: Voices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"] = VoiceField(voices)


class SignOnDayForm(forms.Form):
    """Until when others may sign on."""

    until = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Leave it empty to close the list."),
    )
