"""Which fields of recommendations are multilingual."""

from modeltranslation.translator import TranslationOptions, register

from recommendations.models import (
    Document,
    Item,
    Pledge,
    Recommendation,
    Revision,
    Statement,
    Theme,
    TrailStep,
)


@register(Theme)
class ThemeTranslation(TranslationOptions):
    """Themes are named in each language."""

    fields = ("name",)


@register(Statement)
class StatementTranslation(TranslationOptions):
    """A statement is published in each language; one language prevails."""

    fields = ("title", "preamble", "note")


@register(Recommendation)
class RecommendationTranslation(TranslationOptions):
    """The common text is drafted in each language."""

    fields = ("text",)


@register(Revision)
class RevisionTranslation(TranslationOptions):
    """A version of a recommendation keeps the words of each language."""

    fields = ("text",)


@register(Item)
class ItemTranslation(TranslationOptions):
    """An adopted item stands in each language it was adopted or translated in."""

    fields = ("text",)


@register(Document)
class DocumentTranslation(TranslationOptions):
    """Documents are titled in each language."""

    fields = ("title",)


@register(TrailStep)
class TrailStepTranslation(TranslationOptions):
    """Steps of the trail are told in each language."""

    fields = ("actor", "counterpart", "text", "evidence")


@register(Pledge)
class PledgeTranslation(TranslationOptions):
    """Pledges are told in each language."""

    fields = ("who", "text")
