"""Which fields of stakeholders are multilingual."""

from modeltranslation.translator import TranslationOptions, register

from stakeholders.models import Country, Organisation, PublicBody, StakeholderGroup, TermsOfReference


@register(Country)
class CountryTranslation(TranslationOptions):
    """Countries are named in each language."""

    fields = ("name",)


@register(StakeholderGroup)
class StakeholderGroupTranslation(TranslationOptions):
    """Groups are named and described in each language."""

    fields = ("name", "description", "withheld_name")


@register(PublicBody)
class PublicBodyTranslation(TranslationOptions):
    """Public bodies are named and explained in each language."""

    fields = ("name", "note")


@register(Organisation)
class OrganisationTranslation(TranslationOptions):
    """Organisations have a name in each language where they have one."""

    fields = ("name",)


@register(TermsOfReference)
class TermsTranslation(TranslationOptions):
    """The terms of reference are written in each language."""

    fields = ("title", "text")
