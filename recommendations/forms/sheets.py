"""A sheet of many points: pasted or uploaded, then looked through point by point."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from consultations import papers
from consultations.models import Consultation
from consultations.papers.reading import too_large
from portal import languages
from portal.forms import TextField
from portal.states import Refusal
from recommendations import sheets
from recommendations.forms.submissions import (
    ASEAN,
    AddresseesField,
    SectionField,
    attribution_choices,
    bodies_for,
    countries_for,
)
from recommendations.models import Theme
from recommendations.sheets.documents import too_long
from recommendations.states import SubmissionKind
from stakeholders.models import Country, Organisation, PublicBody

LONGEST_NAME = 400
POINTS_MAX = 60  # drafts from one sheet: more is a book, and hard to look through on a telephone
LINES_MAX = 2000  # paragraphs of a file in which points are looked for
TEXT_MAX = 60_000  # characters of a pasted sheet
Data = MultiValueDict | None


class CommonForm(forms.Form):
    """What all points of a sheet share, chosen once."""

    kind = forms.ChoiceField(label=_("What do you send in?"), choices=SubmissionKind.choices)
    language = forms.ChoiceField(label=_("Language of the points"), choices=languages.writing_choices)

    def __init__(self, *args: Any, organisations: Sequence[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.hats = {organisation.pk: organisation for organisation in organisations}
        if len(self.hats) > 1:
            self.fields["organisation"] = forms.TypedChoiceField(
                label=_("For which organisation do you write?"),
                choices=[(pk, organisation.name) for pk, organisation in self.hats.items()],
                coerce=lambda pk: self.hats[int(pk)],
                widget=forms.RadioSelect,
            )
        self.fields["attribution"] = forms.ChoiceField(
            label=_("How are you shown to others?"),
            choices=attribution_choices(organisations),
            widget=forms.RadioSelect,
            help_text=_("The convenors know who sent it. This is what everybody else reads beside your text."),
        )
        self.order_fields(self.field_order or ("organisation",))

    @property
    def writes_for(self) -> str:
        """Return for whom the person writes, where there is no choice to make."""
        return "" if "organisation" in self.fields else str(next(iter(self.hats.values())).name)

    @property
    def common(self) -> dict[str, Any]:
        """Return what every draft gets, as the action takes it."""
        organisation = self.cleaned_data.get("organisation") or next(iter(self.hats.values()))
        names = ("kind", "language", "attribution")
        return {"organisation": organisation, **{name: self.cleaned_data[name] for name in names}}


class SheetForm(CommonForm):
    """The sheet itself: a text, or a file that is read and not kept."""

    sheet = TextField(
        label=_("Paste your points"),
        help_text=_("One on each line, or numbered as they are. Do not name people who could be harmed."),
        max_characters=TEXT_MAX,
        rows=10,
        required=False,
    )
    file = forms.FileField(
        label=_("Or choose a file"),
        help_text=_("DOCX, ODT or plain text. It is read once and not kept."),
        required=False,
        error_messages={"empty": _("This file is empty. Choose another, or save it again.")},
        widget=forms.FileInput(attrs={"accept": ".docx,.odt,.txt"}),
    )
    field_order = ("organisation", "sheet", "file", "kind", "language", "attribution")

    def clean_file(self) -> list[sheets.Line] | None:
        """Return the paragraphs of the file, if there is one. What is too large is not read at all."""
        file = self.cleaned_data["file"]
        if not file:
            return None
        if file.size > settings.PAPER_MAX_BYTES:
            raise ValidationError(too_large(file.size))
        try:
            prepared = papers.prepare(file.read(), (file.name or "")[-LONGEST_NAME:])
            return sheets.lines_of_file(prepared)
        except Refusal as refusal:
            raise ValidationError(refusal.reason) from refusal

    def clean(self) -> dict[str, Any]:
        """Demand one of both: a text, or a file with words in it."""
        given = super().clean() or self.cleaned_data
        lines, typed = given.get("file"), given.get("sheet")
        if self.errors:
            return given
        if lines is not None and len(lines) > LINES_MAX:
            self.add_error("file", too_long())
        if lines is not None and typed:
            self.add_error("sheet", _("Paste your points or choose a file, not both. Your text is still here."))
        elif lines is None and not typed:
            self.add_error("sheet", _("Paste your points, or choose a file."))
        elif lines == []:
            self.add_error("file", _("No words were found in this file. A scanned page is a picture: paste its text."))
        return given

    @property
    def lines(self) -> list[sheets.Line]:
        """Return the lines to look for points in."""
        found = self.cleaned_data["file"]
        return found if found is not None else sheets.lines_of_text(self.cleaned_data["sheet"])


class PointForm(forms.Form):
    """One proposed point. One that is not taken may be as it is."""

    take = forms.BooleanField(label=_("Make a draft of it"), required=False)
    text = TextField(label=_("What should be done, or known?"), max_characters=settings.SUBMISSION_TEXT_MAX, rows=3)

    def __init__(self, *args: Any, choices: "PointChoices", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["section"] = SectionField(choices.countries)
        short = [(ASEAN, "ASEAN"), *((one.pk, one.name) for one in choices.countries)]
        self.fields["section"].widget = forms.Select(choices=short)
        self.fields["theme"] = forms.ChoiceField(label=_("Theme"), choices=choices.themes, required=False)
        self.fields["addressees"] = forms.MultipleChoiceField(
            label=_("Who should act?"), choices=list(choices.bodies.items()), required=False
        )
        self.choices = choices
        named = self["addressees"].value() or []
        # Only those that the point names are shown: all offices for each point would be a page nobody can load.
        self.fields["addressees"].widget = forms.CheckboxSelectMultiple(
            choices=[(pk, name) for pk, name in choices.bodies.items() if str(pk) in set(map(str, named))]
        )

    def full_clean(self) -> None:
        """Judge only what is taken."""
        super().full_clean()
        if self.is_bound and not self.cleaned_data.get("take"):
            self._errors.clear()

    @property
    def words(self) -> dict[str, Any]:
        """Return what the draft holds, as the action takes it."""
        given = self.cleaned_data
        theme = int(given["theme"]) if given["theme"] else None
        bodies = [int(pk) for pk in given["addressees"]]
        return {"text": given["text"], "section": given["section"], "theme_id": theme, "addressees": bodies}


class PointChoices:
    """What may be chosen for each point, read once for all of them."""

    def __init__(self, consultation: Consultation) -> None:
        self.all_countries = list(Country.objects.all())
        self.countries = countries_for(consultation)
        self.offices: list[PublicBody] = list(bodies_for(consultation))
        label = AddresseesField(PublicBody.objects.none()).label_from_instance
        self.bodies = {body.pk: label(body) for body in self.offices}
        self.all_themes = list(Theme.objects.all())
        self.themes = [("", _("No theme")), *((theme.pk, theme.name) for theme in self.all_themes)]

    def guesses(self) -> sheets.Guesses:
        """Return what can be guessed from these."""
        return sheets.Guesses(self.all_countries, self.countries, self.offices, self.all_themes)


class _Points(forms.BaseFormSet):
    """The points of one sheet: at least one is taken."""

    def clean(self) -> None:
        """Demand that something is left."""
        if not any(self.errors) and not self.taken:
            raise ValidationError(_("Choose at least one point."))

    @property
    def taken(self) -> list[PointForm]:
        """Return the points that become drafts."""
        return [form for form in self.forms if form.cleaned_data.get("take")]


PointFormSet = forms.formset_factory(
    PointForm,
    formset=_Points,
    extra=0,
    max_num=POINTS_MAX,
    absolute_max=POINTS_MAX,
    validate_max=True,
)


def proposed(form: SheetForm, choices: PointChoices) -> tuple[list[dict[str, Any]], list[str]]:
    """Return the first values of each point's form, and what was left aside. Raises Refusal for none or too many."""
    guesses = choices.guesses()
    proposal = sheets.propose(form.lines, guesses.heading)
    count, most = len(proposal.points), POINTS_MAX
    if not count:
        raise Refusal(_("No points were found in it. Write one on each line, or number them."))
    if count > most:
        sentence = ngettext(
            "This holds %(count)d point. Up to %(most)d can be taken at once: split it into several sheets.",
            "This holds %(count)d points. Up to %(most)d can be taken at once: split it into several sheets.",
            count,
        )
        raise Refusal(sentence % {"count": count, "most": most})
    return [_first_values(point, guesses) for point in proposal.points], proposal.aside


def _first_values(point: sheets.Point, guesses: sheets.Guesses) -> dict[str, Any]:
    return {
        "take": True,
        "text": point.text,
        "section": guesses.section(point.text, point.heading) or ASEAN,
        "theme": guesses.theme(point.text) or "",
        "addressees": guesses.addressees(point.text),
    }
