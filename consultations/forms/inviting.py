"""Who is invited: organisations of the register, public bodies, persons; and what is changed before sending."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from consultations.actions.convening import UNSENT, never_seated
from consultations.forms.fields import SeatsField
from consultations.models import Consultation, Invitation
from consultations.states import Way
from portal import languages
from portal.forms import AddressField, TextField
from stakeholders.models import Organisation, PublicBody, StakeholderGroup
from stakeholders.states import Bench, BodyKind, Hearing

MOST_SEATS = 50
MOST_AT_ONCE = 5000
# Where an official may sit; a person who speaks for nobody else sits elsewhere.
OFFICIAL_BENCHES = (Bench.GOVERNMENT, Bench.INTERNATIONAL)
PERSONAL_BENCHES = (
    *(Bench.ACADEMIC, Bench.CIVIL_SOCIETY, Bench.MEDIA, Bench.OBSERVER, Bench.WORKERS),
    *(Bench.EMPLOYERS, Bench.PRIVATE_SECTOR, Bench.INTERNATIONAL),
)


class PickForm(forms.Form):
    """Which organisations of the page, and how many seats each."""

    seats = SeatsField(most=MOST_SEATS, label=_("Seats for each"), initial=2)
    language = forms.ChoiceField(
        label=_("Language of the invitation"),
        required=False,
        choices=[("", _("each in its own")), *languages.writing_choices()],
    )
    organisations = forms.ModelMultipleChoiceField(
        Organisation.objects.none(),
        error_messages={
            "required": _("Choose at least one organisation."),
            "invalid_choice": _("One of these can no longer be invited. Choose again."),
        },
        widget=forms.CheckboxSelectMultiple,
    )
    hide_optional = True

    def __init__(self, *args: Any, fitting: QuerySet | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fitting = fitting
        self.fields["organisations"].queryset = Organisation.objects.invitable().distinct()
        self.fields["organisations"].required = not self.takes_all

    @property
    def takes_all(self) -> bool:
        """Whether all that fit were asked for, not only those ticked."""
        return self.is_bound and self.fitting is not None and "all" in self.data

    def clean(self) -> dict[str, Any]:
        """Refuse more at once than a convenor can have looked at."""
        data = super().clean() or self.cleaned_data
        if self.takes_all and self._all().count() > MOST_AT_ONCE:
            raise ValidationError(_("More than %(most)d fit. Narrow the filter first."), params={"most": MOST_AT_ONCE})
        return data

    def _all(self) -> QuerySet:
        return self.fitting.order_by().values_list("pk", flat=True).distinct() if self.fitting is not None else None

    def chosen(self) -> dict[int, int]:
        """Return the seats by organisation."""
        seats = self.cleaned_data["seats"]
        chosen = self._all() if self.takes_all else [one.pk for one in self.cleaned_data["organisations"]]
        return dict.fromkeys(chosen, seats)

    def picked(self) -> set[int]:
        """Return what is ticked, also when the form is shown again."""
        return (
            {int(value) for value in self.data.getlist("organisations") if value.isdigit()} if self.is_bound else set()
        )


class _InvitationForm(forms.Form):
    """What every invitation has: seats, the way it goes, its language."""

    seats_offered = SeatsField(most=MOST_SEATS, label=_("Seats"), initial=1)
    way = forms.ChoiceField(
        label=_("How it goes"),
        choices=Way.choices,
        widget=forms.RadioSelect,
        help_text=_("A letter is printed from the outbox. A trusted contact hands over what cannot be sent."),
    )
    address = AddressField(label=_("E-mail address"), required=False, help_text=_("Needed only where it goes by mail."))
    language = forms.ChoiceField(label=_("Language of the invitation"), choices=languages.writing_choices())

    def clean(self) -> dict[str, Any]:
        """Ask for the address where a mail is to go."""
        data = super().clean() or self.cleaned_data
        if data.get("way") == Way.MAIL and not data.get("address") and "address" not in self.errors:
            self.add_error("address", _("Write the address, or choose another way."))
        return data


def _language_of(consultation: Consultation) -> str:
    """Return the language in which people of the country are written to first."""
    spoken = consultation.country.languages.split() if consultation.country else []
    return next((code for code in spoken if code in languages.BY_CODE), languages.DEFAULT)


class BodyForm(_InvitationForm):
    """An official is asked by the office: the person changes, the office stays."""

    field_order = ("body", "office", "reference", "bench", "seats_offered", "way", "address", "language")

    body = forms.ModelChoiceField(
        PublicBody.objects.none(),
        label=_("Public body"),
        empty_label=_("choose"),
        error_messages={"required": _("Choose the office.")},
    )
    office = TextField(
        label=_("Office or role that is asked to come"),
        help_text=_("For example: Director for the placement of workers. The office, not the name of who holds it."),
    )
    reference = TextField(
        label=_("Reference of the letter"),
        required=False,
        max_characters=80,
        help_text=_("The number under which your letter goes out, so that the answer can name it."),
    )
    bench = forms.ChoiceField(
        label=_("Bench"),
        required=False,
        choices=[("", _("by its kind")), *((bench.value, bench.label) for bench in OFFICIAL_BENCHES)],
        help_text=_("A national office sits with government, ASEAN and other international offices by themselves."),
    )

    def __init__(self, *args: Any, consultation: Consultation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["way"].initial = Way.LETTER
        self.fields["language"].initial = _language_of(consultation)
        self.fields["body"].queryset = PublicBody.objects.standing_today().select_related("country")
        self.fields["body"].choices = [("", _("choose")), *_bodies(self.fields["body"].queryset)]


def _bodies(bodies: QuerySet) -> list[tuple[Any, list[tuple[int, str]]]]:
    """Return the offices by kind and country."""
    found: dict[Any, list[tuple[int, str]]] = {}
    kinds = dict(BodyKind.choices)
    for body in bodies.order_by("kind", "country__name", "name"):
        found.setdefault(body.country.name if body.country else kinds[body.kind], []).append((body.pk, body.name))
    return list(found.items())


class PersonForm(_InvitationForm):
    """Somebody who speaks for nobody but themselves: a scholar, a religious leader, an expert, a journalist."""

    field_order = ("full_name", "office", "group", "bench", "seats_offered", "way", "address", "language")

    full_name = TextField(
        label=_("Full name"),
        help_text=_("Only the convenors read it. It is in no public list and in no count by name."),
    )
    office = TextField(
        label=_("In which role"),
        required=False,
        help_text=_("For example: expert on recruitment law, or editor of a paper."),
    )
    group = forms.ModelChoiceField(
        StakeholderGroup.objects.exclude(hearing=Hearing.PUBLIC),
        label=_("Comes from the group"),
        required=False,
        empty_label=_("none of these"),
        help_text=_("The group gives the bench. Nobody of a group that is never seated can be invited."),
    )
    bench = forms.ChoiceField(
        label=_("Bench"),
        required=False,
        choices=[("", _("that of the group")), *((bench.value, bench.label) for bench in PERSONAL_BENCHES)],
        help_text=_("Where no group is chosen. An expert sits with academics or observers."),
    )

    def __init__(self, *args: Any, consultation: Consultation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["way"].initial = Way.MAIL
        self.fields["language"].initial = _language_of(consultation)

    def clean_group(self) -> StakeholderGroup | None:
        """Say why nobody of a group is ever seated."""
        group = self.cleaned_data["group"]
        if group and group.hearing == Hearing.NEVER:
            raise ValidationError(never_seated(group))
        return group

    def clean(self) -> dict[str, Any]:
        """Ask for a bench where no group gives one."""
        data = super().clean()
        if not data.get("group") and not data.get("bench") and "group" not in self.errors:
            self.add_error("bench", _("Choose a group or a bench."))
        return data


class InvitationForm(_InvitationForm):
    """One invitation before it goes, with the reference of an official's letter; afterwards only its seats."""

    hide_optional = True
    office = TextField(label=_("Office or role"), required=False)
    reference = TextField(label=_("Reference of the letter"), required=False, max_characters=80)
    bench = forms.ChoiceField(label=_("Bench"), required=False, choices=[("", _("that of its group")), *Bench.choices])

    field_order = ("seats_offered", "way", "address", "language", "bench", "office", "reference")

    def __init__(self, *args: Any, invitation: Invitation, **kwargs: Any) -> None:
        stored = {name: getattr(invitation, name) for name in self.base_fields}
        super().__init__(*args, **{**kwargs, "initial": {**stored, **(kwargs.get("initial") or {})}})
        self.invitation = invitation
        left_out = () if invitation.organisation_id is None else ("office", "reference")
        if invitation.state not in UNSENT:
            left_out = tuple(name for name in self.fields if name != "seats_offered")
        for name in left_out:
            del self.fields[name]
