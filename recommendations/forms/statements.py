"""The common text, what became of a submission, positions, and the adoption."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modeltranslation.utils import build_localized_fieldname

from consultations.models import Consultation
from portal import languages, text
from portal.forms import TextField
from recommendations.forms.submissions import ASEAN, AddresseesField, SectionField, bodies_for, countries_for
from recommendations.forms.wording import MultilingualForm
from recommendations.models import Recommendation, Statement
from recommendations.states import Stance, Treatment
from stakeholders.models import Organisation, PublicBody

PREAMBLE_MAX = 6000
SHIPPED = {
    name: [build_localized_fieldname(name, language.code) for language in languages.SHIPPED]
    for name in ("text", "title", "preamble")
}


class RecommendationForm(MultilingualForm):
    """One recommendation of the common text."""

    multilingual = ("text",)

    class Meta:
        model = Recommendation
        fields = (*SHIPPED["text"], "section", "theme", "addressees")

    def __init__(self, *args: Any, consultation: Consultation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.write_in_each_language("text", _("Text"), rows=6, max_characters=settings.SUBMISSION_TEXT_MAX)
        self.fields["section"] = SectionField(countries_for(consultation))
        if self.instance.pk:
            self.initial["section"] = self.instance.section_id or ASEAN
        self.fields["theme"].empty_label = _("No theme")
        self.fields["addressees"] = AddresseesField(
            bodies_for(consultation), label=_("Who should act?"), required=False
        )

    def clean(self) -> dict[str, Any]:
        """Ask for a text in one language at least; the prevailing one is needed when it is tabled."""
        if not self.texts("text") and not self.errors:
            self.add_error(self.column("text", self.spoken[0].code), _("Write the text in one language at least."))
        return self.cleaned_data

    @property
    def words(self) -> dict[str, Any]:
        """Return the text as the actions take it."""
        others = {name: self.cleaned_data[name] for name in ("section", "theme", "addressees")}
        return {**self.columns(("text",)), **others}


class StatementForm(MultilingualForm):
    """Title, preamble and prevailing language of the statement."""

    official_title = TextField(
        label=_("Official title"),
        max_characters=300,
        required=False,
        help_text=_("As it stands on the document, in the prevailing language."),
    )

    multilingual = ("title", "preamble")

    class Meta:
        model = Statement
        fields = (*SHIPPED["title"], "official_title", *SHIPPED["preamble"], "prevailing_language")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.write_in_each_language("title", _("Title"))
        self.write_in_each_language("preamble", _("Preamble"), rows=6, max_characters=PREAMBLE_MAX)

    def clean(self) -> dict[str, Any]:
        """Ask for the title in the prevailing language, and in one in which there are pages and mails."""
        prevailing, titles = self.cleaned_data.get("prevailing_language"), self.texts("title")
        column = self.column("title", prevailing) if prevailing else ""
        if column and prevailing not in titles and column not in self.errors:
            self.add_error(column, _("Write the title in the prevailing language."))
        shipped = [one for one in self.spoken if one.shipped]
        if titles and not any(one.code in titles for one in shipped):
            names = ", ".join(one.own for one in shipped)
            sentence = _("Lists and mails are written in %(names)s. Write the title in one of these languages, too.")
            self.add_error(self.column("title", shipped[0].code), sentence % {"names": names})
        return self.cleaned_data

    @property
    def words(self) -> dict[str, Any]:
        """Return the words as the action takes them."""
        names = ("official_title", "prevailing_language")
        others = {name: self.cleaned_data[name] for name in names}
        return {**self.columns(("title", "preamble")), **others}


class TreatmentForm(forms.Form):
    """What became of a submission that does not go into the common text, and where it is referred to."""

    treatment = forms.ChoiceField(
        label=_("What becomes of it?"),
        choices=[
            (Treatment.REFERRED, _("Referred: it belongs elsewhere")),
            (Treatment.NOT_USED, _("Not used in this statement")),
        ],
        widget=forms.RadioSelect,
    )
    consultation = forms.ModelChoiceField(
        Consultation.objects.none(),
        label=_("Referred to a consultation"),
        required=False,
        empty_label=_("To none"),
    )
    body = forms.ModelChoiceField(
        PublicBody.objects.none(), label=_("Referred to a public body"), required=False, empty_label=_("To none")
    )
    reason = TextField(
        label=_("Why?"), help_text=_("The organisation reads this sentence."), max_characters=1000, rows=4
    )

    def __init__(self, *args: Any, consultation: Consultation, consultations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others: Any = self.fields["consultation"]
        others.queryset = consultations.exclude(pk=consultation.pk)
        bodies: Any = self.fields["body"]
        bodies.queryset = PublicBody.objects.standing_on(timezone.localdate()).order_by("name")


class PositionForm(forms.Form):
    """What an organisation says to the tabled text."""

    organisation = forms.TypedChoiceField(label=_("Organisation"))
    stance = forms.ChoiceField(
        label=_("Position"),
        choices=[
            (Stance.CONSENSUS, _("Joins the consensus")),
            (Stance.RESERVATION, _("Joins with a reservation, in the words below")),
            (Stance.ABSTAINS, _("Does not take part in the decision")),
            (Stance.BLOCKS, _("Cannot agree: the text is not adopted while this stands")),
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
    recommendation = forms.TypedChoiceField(label=_("About which recommendation?"), required=False, empty_value=None)

    def __init__(
        self,
        *args: Any,
        organisations: Sequence[tuple[Organisation, str]],
        recommendations: Sequence[tuple[str, Recommendation]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        voices = {organisation.pk: organisation for organisation, _name in organisations}
        named: Any = self.fields["organisation"]
        named.choices = [("", _("Choose one")), *((organisation.pk, name) for organisation, name in organisations)]
        named.coerce = lambda pk: voices[int(pk)]
        if len(voices) == 1:
            named.widget, named.initial = forms.HiddenInput(), next(iter(voices))
        about: Any = self.fields["recommendation"]
        known = {one.pk: one for _number, one in recommendations}
        labels = [(one.pk, f"{number}: {text.opening(one.shown.text)}") for number, one in recommendations]
        about.choices = [("", _("The whole text")), *labels]
        about.coerce = lambda pk: known[int(pk)]


class AdoptionForm(forms.Form):
    """Day and place of the adoption."""

    adopted_on = forms.DateField(
        label=_("Adopted on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    place = TextField(label=_("Place"), max_characters=120, required=False)
