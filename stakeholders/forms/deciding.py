"""What a convenor fills in to decide on an organisation, to write one down, to merge two."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal import languages
from portal.forms import AddressField, TextField
from stakeholders.actions import Grounds
from stakeholders.models import Country, Organisation, StakeholderGroup
from stakeholders.states import ConflictKind, Hearing, Level, Limb, Side, Verdict, Visibility

RETEST_AFTER = timedelta(days=365)  # what is offered; the convenor chooses
LONG = 4000

FIELDS = {
    Verdict.ELIGIBLE: ("limb", "evidence", "reasons", "retest_on"),
    Verdict.OWN_BENCH: ("conflict", "evidence", "reasons", "retest_on"),
    Verdict.REFUSED: ("reasons", "evidence"),
    Verdict.SUSPENDED: ("reasons",),
    Verdict.REINSTATED: ("reasons", "retest_on"),
    Verdict.DISSOLVED: ("reasons",),
}
REQUIRED = {
    Verdict.ELIGIBLE: {"limb", "evidence"},
    Verdict.OWN_BENCH: {"conflict"},
    Verdict.REFUSED: {"reasons"},
    Verdict.SUSPENDED: {"reasons"},
    Verdict.DISSOLVED: {"reasons"},
}


class DecisionForm(forms.Form):
    """The grounds of one kind of decision: only what that decision needs."""

    limb = forms.ChoiceField(
        label=_("It is eligible because it"), choices=Limb.choices, widget=forms.RadioSelect, required=False
    )
    conflict = forms.ChoiceField(
        label=_("It is heard on its own bench because it"),
        choices=ConflictKind.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    evidence = TextField(
        label=_("Evidence"),
        help_text=_("What you have seen, and where. Convenors read it; it is not published."),
        max_characters=LONG,
        rows=4,
        required=False,
    )
    reasons = TextField(
        label=_("Reasons"), help_text=_("The organisation reads this."), max_characters=LONG, rows=4, required=False
    )
    retest_on = forms.DateField(
        label=_("Look at it again on"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": _("Write a day, for example 2027-05-12.")},
        required=False,
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(self, *args: Any, verdict: Verdict, organisation: Organisation, seen: int, **kwargs: Any) -> None:
        self.verdict, today = verdict, timezone.localdate()
        kwargs["initial"] = {
            "limb": organisation.limb,
            "conflict": organisation.conflict,
            "evidence": organisation.evidence,
            "retest_on": today + RETEST_AFTER,
            **kwargs.get("initial", {}),
            "seen": seen,
        }
        super().__init__(*args, **kwargs)
        for name in [name for name in self.fields if name not in {*FIELDS[verdict], "seen"}]:
            del self.fields[name]
        self.order_fields(FIELDS[verdict])
        for name in REQUIRED.get(verdict, ()):
            self.fields[name].required = True

    def grounds(self) -> Grounds:
        """Return what the decision rests on."""
        return Grounds(**self.cleaned_data)


class RecordForm(forms.Form):
    """A group that cannot apply, and who answers for it."""

    name_en = TextField(label=_("Name, as the group calls itself"), max_characters=200)
    acronym = TextField(label=_("Acronym"), max_characters=40, required=False)
    other_name = TextField(label=_("Its name in another language"), max_characters=200, required=False)
    other_language = forms.ChoiceField(label=_("Language of that name"), required=False)
    groups = forms.ModelMultipleChoiceField(
        StakeholderGroup.objects.none(),
        label=_("Groups"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one group.")},
    )
    country = forms.ModelChoiceField(
        Country.objects.none(), label=_("Country"), empty_label=_("several"), required=False
    )
    level = forms.ChoiceField(label=_("Level"), choices=Level.choices, initial=Level.NATIONAL)
    side = forms.ChoiceField(label=_("Side of the corridor"), required=False)
    introduction = TextField(
        label=_("What it does"), help_text=_("What you know of it."), max_characters=LONG, rows=4, required=False
    )
    speaks_for_omitted = forms.BooleanField(
        label=_("It speaks for people whom the instruments leave out"), required=False
    )
    visibility = forms.ChoiceField(
        label=_("How it is shown"),
        choices=Visibility.choices,
        initial=Visibility.WITHHELD,
        widget=forms.RadioSelect,
        help_text=_("Ask the group. As long as it has not said, keep the name withheld."),
    )
    trusted_contact = TextField(
        label=_("Trusted contact"),
        help_text=_("Who answers for it, and how they know the group. Only convenors see this."),
        max_characters=200,
    )
    contact_email = AddressField(label=_("Address of the trusted contact"), required=False)
    contact_phone = TextField(label=_("Telephone of the trusted contact"), max_characters=60, required=False)
    language = forms.ChoiceField(label=_("Language of its mail"), choices=languages.writing_choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["groups"].queryset = StakeholderGroup.objects.exclude(hearing=Hearing.NEVER)
        self.fields["country"].queryset = Country.objects.all()
        self.fields["other_language"].choices = [("", _("not known")), *languages.writing_choices()]
        self.fields["side"].choices = [("", _("not known")), *Side.choices]

    def facts(self) -> dict[str, Any]:
        """Return what is written down, with the other name where there is one."""
        facts = dict(self.cleaned_data)
        name, language = facts.pop("other_name"), facts.pop("other_language")
        return {**facts, "other_names": [{"text": name, "lang": language, "kind": "other"}] if name else []}


class MergeForm(forms.Form):
    """What is chosen about a merge besides the two records."""

    former = forms.BooleanField(
        label=_("The other record's names are former names"),
        help_text=_("Otherwise they stay as names in other languages, or as what it is also called."),
        required=False,
    )
