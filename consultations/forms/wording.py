"""The convenors' own words: what would not be safe to send is refused beside the field it stands in."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from consultations import placeholders
from consultations.models import Consultation
from portal import differences, text
from portal.forms import TextField

LONGEST_SUBJECT, GOOD_SUBJECT = 100, 50  # what is refused, and what most mail programs show
LONGEST_BODY = 5000
SAID = ("days", "place", "answer_by")  # what every reader needs to know


class WordingForm(forms.Form):
    """Subject and text in one language. Both empty brings the usual words back."""

    subject = TextField(label=gettext_lazy("Subject"), max_characters=LONGEST_SUBJECT, required=False)
    body = TextField(label=gettext_lazy("Text"), max_characters=LONGEST_BODY, rows=18, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(self, *args: Any, consultation: Consultation, kind: str, language: str, **kwargs: Any) -> None:
        self.consultation, self.kind = consultation, kind
        super().__init__(*args, **kwargs)
        self.hide_optional = True
        for name in ("subject", "body"):
            self.fields[name].widget.attrs["lang"] = language
        self.fields["subject"].help_text = _("Up to %(most)d characters are shown everywhere.") % {"most": GOOD_SUBJECT}

    def clean_subject(self) -> str:
        """Refuse what a subject must not say."""
        return self._safe("subject")

    def clean_body(self) -> str:
        """Refuse placeholders that do not exist, and links to elsewhere."""
        return self._safe("body")

    def _safe(self, name: str) -> str:
        words = self.cleaned_data[name]
        names = placeholders.offered(self.consultation, self.kind, subject=name == "subject")
        found = placeholders.problems(words, names)
        if found:
            raise ValidationError([ValidationError(sentence) for sentence in found])
        return words

    def clean(self) -> dict[str, Any]:
        """A mail has a subject and a text."""
        data = super().clean() or self.cleaned_data
        for name, other, sentence in (
            ("subject", "body", _("Write a subject. A mail without one is taken for rubbish.")),
            ("body", "subject", _("Write the text, or leave the subject empty too: then the usual words stand.")),
        ):
            if data.get(other) and name in data and not data[name]:
                self.add_error(name, sentence)
        return data

    def remarks(self) -> list[str]:
        """Return what is allowed and still worth a second look."""
        subject, body = self.cleaned_data["subject"], self.cleaned_data["body"]
        if not body:
            return []
        found = []
        over = text.length(subject) - GOOD_SUBJECT
        if over > 0:
            sentence = ngettext(
                "The subject is %(over)d character longer than most mail programs show.",
                "The subject is %(over)d characters longer than most mail programs show.",
                over,
            )
            found.append(sentence % {"over": over})
        said = () if self.kind in placeholders.BELOW else SAID  # it stands below the words
        missing = [name for name in said if name not in placeholders.used(body)]
        if missing:
            names = ", ".join("{" + name + "}" for name in missing)
            found.append(_("The text does not say %(names)s. Does every reader know?") % {"names": names})
        return found

    def clash(self, theirs: Any) -> list[dict[str, Any]]:
        """Return each field that somebody else changed; the form moves on to their version."""
        self.data = self.data.copy()
        self.data[self.add_prefix("version")] = str(theirs.version)
        rows = []
        for name in ("subject", "body"):
            now, mine = getattr(theirs, name), self.cleaned_data[name]
            if now != mine:
                marked = differences.marked(now, mine)
                rows.append({"label": self.fields[name].label, "theirs": now, "mine": mine, "difference": marked})
        return rows
