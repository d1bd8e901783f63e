"""Several answers that a convenor took, on one page: what each of the invited said, for how many, and who comes."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consultations.actions import Delegate, Reply
from consultations.forms.answering import RecordForm
from consultations.forms.fields import SeatsField
from consultations.forms.nominating import LONGEST_NAME
from consultations.models import Invitation
from consultations.querysets import WAITS_FOR_ANSWER
from consultations.states import Listing, Mode, SeatMode
from portal.forms import TextField


class ReplyLine(forms.Form):
    """One of the invited. As long as nothing is chosen, nothing is noted."""

    hide_optional = True
    answer = forms.ChoiceField(
        label=_("Answer"),
        required=False,
        choices=[("", _("none yet")), ("yes", _("Yes")), ("maybe", _("Not sure yet")), ("no", _("No"))],
    )

    def __init__(self, data: Mapping[str, Any] | None, *, invitation: Invitation, kept: Mapping[str, Any]) -> None:
        prefix = str(invitation.pk)
        initial = {name.removeprefix(f"{prefix}-"): value for name, value in kept.items() if name.startswith(prefix)}
        super().__init__(data, prefix=prefix, initial=initial)
        self.invitation = invitation
        self.fields["seats"] = SeatsField(
            most=invitation.seats_offered,
            label=_("How many (up to %(most)d)") % {"most": invitation.seats_offered},
            required=False,
            initial=invitation.seats_accepted or None,
        )
        self.fields["names"] = TextField(
            label=_("Who comes, one name a line"), rows=1, required=False, max_characters=LONGEST_NAME * 10
        )

    @property
    def says_something(self) -> bool:
        """Whether an answer was chosen."""
        return bool(self.cleaned_data.get("answer"))

    def clean(self) -> dict[str, Any]:
        """Take as many seats as names where no number is written; names belong to a yes."""
        data = super().clean() or self.cleaned_data
        names = self._names()
        if data.get("answer") and self.invitation.state not in WAITS_FOR_ANSWER:
            self.add_error("answer", _("They have answered meanwhile. Look at it in the list of invitations."))
        if names and data.get("answer") != "yes":
            self.add_error("answer", _("Names are noted with a yes. Choose it, or take the names out."))
        if any(len(name) > LONGEST_NAME for name in names):
            self.add_error("names", _("A name is longer than 200 characters. Write one name a line."))
        if data.get("answer") == "yes" and not data.get("seats") and "seats" not in self.errors:
            data["seats"] = len(names)
            if not names:
                self.add_error("seats", _("Say how many people will come."))
        return data

    def _names(self) -> list[str]:
        return [name for line in self.cleaned_data.get("names", "").splitlines() if (name := line.strip())]

    def reply(self, listing: str) -> Reply:
        """Return the answer as the action takes it. What they need stays as it was noted."""
        mode = self.invitation.consultation.mode
        comes = SeatMode.ON_SITE if mode == Mode.HYBRID else mode
        office = self.invitation.office  # of an office that was invited, or of the role of a person
        people = [Delegate(name, mode=comes, office=office, listing=listing) for name in self._names()]
        data = self.cleaned_data
        return Reply(data["answer"], seats=data.get("seats") or 0, delegates=people)


class RepliesForm(forms.Form):
    """How these answers came, and a line for each of the invited."""

    hide_optional = True
    channel = forms.ChoiceField(
        label=_("How these answers came"),
        choices=RecordForm.base_fields["channel"].choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one.")},
    )

    listing = forms.ChoiceField(
        label=_("Those named, on lists that others read and on badges"),
        choices=Listing.choices,
        initial=Listing.NOBODY,
        required=False,
        help_text=_("Ask. Who wants it otherwise than the others is changed under attendance."),
    )

    def __init__(
        self, data: Mapping[str, Any] | None, *, invitations: Iterable[Invitation], initial: Mapping[str, Any]
    ) -> None:
        super().__init__(data, initial=initial)
        self.lines = [ReplyLine(data, invitation=one, kept=initial) for one in invitations]

    def is_valid(self) -> bool:
        """Whether the page and each of its lines make sense."""
        return all([super().is_valid(), *[line.is_valid() for line in self.lines]])

    @property
    def is_sound(self) -> bool:
        """Whether nothing is to be corrected, also by what the action said."""
        return not self.errors and not any(line.errors for line in self.lines)

    def clean(self) -> dict[str, Any]:
        """Ask for one answer at least."""
        data = super().clean() or self.cleaned_data
        if all(line.is_valid() and not line.says_something for line in self.lines):
            self.add_error(None, _("Choose the answer of one of the invited at least."))
        return data

    def replies(self) -> dict[Invitation, Reply]:
        """Return what was said, by invitation."""
        listing = self.cleaned_data["listing"] or Listing.NOBODY
        return {line.invitation: line.reply(listing) for line in self.lines if line.says_something}

    def refuse(self, field: str | None, reason: str) -> None:
        """Put the sentence beside the answer that it is about."""
        for line in self.lines:
            if str(line.invitation.pk) == field:
                line.add_error("answer", reason)
                return
        self.add_error(None, reason)
