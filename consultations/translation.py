"""Which fields of consultations are multilingual."""

from modeltranslation.translator import TranslationOptions, register

from consultations.models import Consultation


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
    )
