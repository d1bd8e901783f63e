"""Which fields of consultations are multilingual."""

from modeltranslation.translator import TranslationOptions, register

from consultations.models import AgendaItem, Consultation, FollowUp, OfficialMeeting, Paper, Session


@register(Consultation)
class ConsultationTranslation(TranslationOptions):
    """A consultation is announced in each language."""

    fields = (
        "title",
        "purpose",
        "outcome",
        "city",
        "declared_participants",
        "declared_organisations",
        "own_promise",
        "resting_on",
        "moved_because",
        "cancelled_because",
    )


@register(OfficialMeeting)
class OfficialMeetingTranslation(TranslationOptions):
    """A meeting has a name in each language."""

    fields = ("name", "city")


@register(Session)
class SessionTranslation(TranslationOptions):
    """The programme is read in each language."""

    fields = ("title", "city")


@register(AgendaItem)
class AgendaItemTranslation(TranslationOptions):
    """The agenda is read in each language; the minutes are written in one."""

    fields = ("title",)


@register(Paper)
class PaperTranslation(TranslationOptions):
    """What a paper is, in each language."""

    fields = ("title",)


@register(FollowUp)
class FollowUpTranslation(TranslationOptions):
    """What happens next, in each language."""

    fields = ("text",)
