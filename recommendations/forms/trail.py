"""The forms that follow an adoption: steps, conveyance, receipt, acknowledgement, and the sheet of answers."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modeltranslation.utils import build_localized_fieldname

from portal import languages
from portal.forms import TextField
from recommendations.models import Conveyance, Document, Edition, Item, Pledge, Response, Statement
from recommendations.states import ConveyanceChannel, PledgeState, ResponseKind, StepKind
from recommendations.timeline import capitalised
from stakeholders.models import PublicBody

ANSWER_MAX = 4000  # characters of one answer
STEP_TEXTS = ("actor", "counterpart", "text", "evidence")
LETTER_MAX = 8000  # characters of a covering letter


def day_field(**options: Any) -> forms.DateField:
    """Return a field for a date, with the browser's calendar."""
    return forms.DateField(widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), **options)


def in_each_language(name: str, label: Any, **options: Any) -> dict[str, TextField]:
    """Return one optional field per shipped language, named after the column."""
    found = {}
    for language in languages.SHIPPED:
        field = TextField(label=f"{label} ({language.own})", required=False, **options)
        field.widget.attrs["lang"] = language.code
        found[build_localized_fieldname(name, language.code)] = field
    return found


def written(data: Mapping[str, Any], name: str) -> bool:
    """Whether the text is there in at least one language."""
    return any(data.get(build_localized_fieldname(name, language.code)) for language in languages.SHIPPED)


class PledgeForm(forms.Form):
    """Who promised what, in each language, and when it is due."""

    hide_optional = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.update(in_each_language("who", _("Who promised")))
        self.fields.update(in_each_language("text", _("What"), max_characters=1000, rows=2))
        self.fields["due_on"] = day_field(label=_("Due"), required=False)

    def clean(self) -> dict[str, Any]:
        """Ask for both halves of a pledge."""
        data = super().clean() or {}
        if self.has_changed() and not (written(data, "who") and written(data, "text")):
            self.add_error(None, _("Say who promised, and what."))
        return data


class PaperForm(forms.Form):
    """A document that was handed over and is not on the list yet."""

    hide_optional = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.update(in_each_language("title", _("Title")))
        self.fields["dated"] = day_field(label=_("Date"), required=False)

    def clean(self) -> dict[str, Any]:
        """Ask for the title of a document that has a date."""
        data = super().clean() or {}
        if self.has_changed() and not written(data, "title"):
            self.add_error(None, _("Give the title of the document."))
        return data


PledgeForms = forms.formset_factory(PledgeForm, extra=2, max_num=4)
PaperForms = forms.formset_factory(PaperForm, extra=2, max_num=6)
ROWS_OF = {StepKind.DIALOGUE: ("pledges", PledgeForms), StepKind.HANDOVER: ("papers", PaperForms)}


class StepForm(forms.Form):
    """One step of the trail, told in each language."""

    hide_optional = True

    happened_on = day_field(label=_("Date"))
    edition = forms.ModelChoiceField(Edition.objects.none(), label=_("Edition it was about"), empty_label=None)
    body = forms.ModelChoiceField(
        PublicBody.objects.all(),
        label=_("Public body"),
        required=False,
        empty_label=_("None"),
        help_text=_("The office of the person you met, not the person."),
    )

    def __init__(self, *args: Any, statement: Statement, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        editions = statement.editions.filter(published_at__isnull=False)
        self.fields["edition"].queryset = editions
        self.fields["edition"].label_from_instance = lambda edition: str(_("Edition %s") % edition.number)
        self.fields["edition"].initial = next(
            (one for one in editions if one.number == statement.current_edition), None
        )
        self.fields.update(in_each_language("actor", _("Who")))
        self.fields.update(in_each_language("counterpart", _("With whom"), max_characters=300))
        self.fields.update(in_each_language("text", _("What happened"), max_characters=2000, rows=3))
        self.fields.update(in_each_language("evidence", _("Evidence"), max_characters=300))
        if kind == StepKind.HANDOVER:
            self._ask_for_documents()
        name, rows = ROWS_OF.get(StepKind(kind), ("", None))
        self.rows_name = name
        self.rows = rows(self.data or None, prefix=name) if rows else None

    def _ask_for_documents(self) -> None:
        self.fields["bundle"] = forms.ModelMultipleChoiceField(
            Document.objects.all(),
            label=_("Documents handed over"),
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )

    @property
    def groups(self) -> list[list[forms.BoundField]]:
        """Return the texts, each group with its fields in all languages, and the other fields alone."""
        columns = {build_localized_fieldname(name, one.code) for name in STEP_TEXTS for one in languages.SHIPPED}
        texts = [[self[build_localized_fieldname(name, one.code)] for one in languages.SHIPPED] for name in STEP_TEXTS]
        return [[field for field in self if field.name not in {*columns, "bundle"}], *texts]

    def clean(self) -> dict[str, Any]:
        """Ask for an actor, and for what happened, in at least one language."""
        data = super().clean() or {}
        for name, sentence in (("actor", _("Say who acted.")), ("text", _("Say what happened."))):
            if not written(data, name):
                self.add_error(build_localized_fieldname(name, languages.DEFAULT), sentence)
        return data

    def is_valid(self) -> bool:
        """Whether the step and its rows are complete."""
        rows_valid = self.rows is None or self.rows.is_valid()
        return super().is_valid() and rows_valid

    @property
    def words(self) -> dict[str, Any]:
        """Return what the action takes."""
        rows = [form.cleaned_data for form in self.rows if form.has_changed()] if self.rows else []
        return {**self.cleaned_data, **({self.rows_name: rows} if self.rows_name else {})}


class PledgeStateForm(forms.ModelForm):
    """What became of a pledge."""

    state = forms.ChoiceField(label=_("What became of it"), choices=PledgeState.choices)

    class Meta:
        model = Pledge
        fields = ("state",)


class ConveyanceForm(forms.Form):
    """To whom an edition is conveyed, how, with which letter."""

    bodies = forms.ModelMultipleChoiceField(
        PublicBody.objects.none(), label=_("To"), widget=forms.CheckboxSelectMultiple
    )
    channel = forms.ChoiceField(
        label=_("How"),
        choices=ConveyanceChannel.choices,
        widget=forms.RadioSelect,
        initial=ConveyanceChannel.PORTAL,
        help_text=_("Liaisons of the office get a mail, whichever way you choose."),
    )
    sent_on = day_field(label=_("Date"), initial=timezone.localdate)
    reference = TextField(label=_("Our reference"), max_characters=60, required=False)
    letter = TextField(label=_("Covering letter"), max_characters=LETTER_MAX, rows=8, required=False)

    def __init__(self, *args: Any, edition: Edition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["bodies"].queryset = bodies_for(edition)

    def clean(self) -> dict[str, Any]:
        """Ask for the letter where it is all that the office gets."""
        data = super().clean() or {}
        if data.get("channel") == ConveyanceChannel.PORTAL and not data.get("letter"):
            self.add_error("letter", _("Write the covering letter: the office opens it here."))
        return data


def bodies_for(edition: Edition) -> Any:
    """Return the addressed bodies, those that took over from them, and those that items were passed to."""
    addressed = PublicBody.objects.filter(items__edition=edition).order_by().values("pk")
    passed = Response.objects.published().filter(item__edition=edition).values("passed_to")
    bodies = PublicBody.objects.with_successors(addressed) | PublicBody.objects.filter(pk__in=passed)
    have = edition.conveyances.exclude(state__in=["prepared", "returned"]).values("body")
    return bodies.exclude(pk__in=have)


class ReceiptForm(forms.Form):
    """That a conveyance arrived, and how one knows; or that it came back."""

    outcome = forms.ChoiceField(
        label=_("What happened"),
        choices=[("received", _("It was received")), ("returned", _("It came back"))],
        widget=forms.RadioSelect,
        initial="received",
    )
    received_on = day_field(label=_("Received on"), required=False)
    evidence = TextField(label=_("Evidence"), max_characters=300, required=False, help_text=_("A stamp, a signature."))
    their_reference = TextField(label=_("Their reference"), max_characters=60, required=False)

    def clean(self) -> dict[str, Any]:
        """Ask for day and evidence of a receipt."""
        data = super().clean() or {}
        if data.get("outcome") == "received":
            for name in ("received_on", "evidence"):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, _("Without this there is no receipt."))
        return data


class AcknowledgeForm(forms.Form):
    """The office's own reference, if it gives one."""

    their_reference = TextField(label=_("Your reference"), max_characters=60, required=False)


class AnswerForm(forms.Form):
    """One office's answer to one item. A draft may be incomplete."""

    hide_optional = True

    kind = forms.ChoiceField(label=_("Answer"), required=False)
    text = TextField(label=_("Words of the answer"), max_characters=ANSWER_MAX, rows=3, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=languages.writing_choices)
    until = day_field(label=_("Under examination until"), required=False)
    passed_to = forms.TypedChoiceField(label=_("Passed to"), required=False, coerce=int, empty_value=None)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(self, *args: Any, bodies: Sequence[tuple[Any, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(kind.value, capitalised(str(kind.label))) for kind in ResponseKind]
        self.fields["kind"].choices = [("", _("No answer yet")), *kinds]
        self.fields["passed_to"].choices = [("", "–"), *bodies]

    def clean(self) -> dict[str, Any]:
        """Refuse what belongs to another kind of answer."""
        data = super().clean() or {}
        kind = data.get("kind")
        if data.get("until") and kind != ResponseKind.UNDER_EXAMINATION:
            self.add_error("until", _("Only for “under examination”."))
        if data.get("passed_to") and kind != ResponseKind.NOT_COMPETENT:
            self.add_error("passed_to", _("Only for “not competent”."))
        return data

    @property
    def words(self) -> dict[str, Any]:
        """Return the columns of a draft."""
        data = self.cleaned_data
        same = {name: data[name] for name in ("kind", "text", "language", "until")}
        return {**same, "passed_to_id": data["passed_to"]}


class AnswerSheet:
    """All items that an office is asked about, as one form."""

    def __init__(
        self,
        data: Any,
        *,
        items: Iterable[Item],
        drafts: Iterable[Response],
        bodies: Sequence[tuple[Any, Any]],
        language: str,
    ) -> None:
        kept = {draft.item_id: draft for draft in drafts}
        self.rows = [(item, self._form(data, item, kept.get(item.pk), bodies, language)) for item in items]

    def _form(
        self, data: Any, item: Item, draft: Response | None, bodies: Sequence[tuple[Any, Any]], language: str
    ) -> AnswerForm:
        names = ("kind", "text", "language", "until", "version")
        initial = {name: getattr(draft, name) for name in names} if draft else {"language": language, "version": 0}
        initial["passed_to"] = draft.passed_to_id if draft else None
        return AnswerForm(data, prefix=f"item-{item.pk}", initial=initial, bodies=bodies)

    def __iter__(self) -> Iterator[tuple[Item, AnswerForm]]:
        return iter(self.rows)

    def is_valid(self) -> bool:
        """Whether each row can be kept."""
        return not self.wrong

    @property
    def wrong(self) -> list[tuple[Item, AnswerForm]]:
        """Return the rows that cannot be kept."""
        return [(item, form) for item, form in self.rows if form.is_bound and form.errors]


def bodies_to_pass_to(conveyance: Conveyance) -> list[tuple[int, str]]:
    """Return the offices of the same country, of ASEAN and international ones, that exist today."""
    near = PublicBody.objects.standing_today().exclude(pk__in=[conveyance.body_id, conveyance.body.current.pk])
    found = near.filter(country=conveyance.body.country_id) | near.filter(country=None)
    return [(body.pk, body.name) for body in found]
