"""The back office of recommendations: read-only, but for themes and documents.

Submissions, their sources, positions and the adopters are not here: who said what is for the convenors' desk. Answers
that an office has not published are for that office alone.
"""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from modeltranslation.admin import TranslationAdmin

from recommendations.models import Adoption, Conveyance, Document, Edition, Item, Response, Statement, Theme, TrailStep


@admin.register(Theme)
class ThemeAdmin(TranslationAdmin):
    list_display = ("name", "slug", "position")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 - Django's signature
        """Nobody deletes: items stand on it."""
        return False


@admin.register(Document)
class DocumentAdmin(TranslationAdmin):
    list_display = ("title", "dated", "edition")
    raw_id_fields = ("edition",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 - Django's signature
        """Nobody deletes: steps of the trail stand on it."""
        return False


class ReadOnlyAdmin(admin.ModelAdmin):
    """What changes through the portal's own acts, and only there."""

    list_select_related = True
    ordering = ("-id",)

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002 - Django's signature
        """Nobody adds."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 - as above
        """Nobody changes."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 - as above
        """Nobody deletes."""
        return False


@admin.register(Statement)
class StatementAdmin(ReadOnlyAdmin):
    list_display = ("title", "state", "current_edition", "prevailing_language")
    list_filter = ("state",)

    def get_queryset(self, request: HttpRequest) -> Any:
        """Leave texts that are not public to those who may read them."""
        return super().get_queryset(request).visible_to(request.user)


@admin.register(Adoption)
class AdoptionAdmin(ReadOnlyAdmin):
    list_display = ("statement", "adopted_on", "place", "manner")
    exclude = ("adopters",)

    def get_queryset(self, request: HttpRequest) -> Any:
        """Only of texts that the person may read."""
        return super().get_queryset(request).filter(statement__in=Statement.objects.visible_to(request.user))


@admin.register(Edition)
class EditionAdmin(ReadOnlyAdmin):
    list_display = ("statement", "number", "adopted_on", "published_at", "fingerprint")

    def get_queryset(self, request: HttpRequest) -> Any:
        """Leave editions that are not published to those who may read them."""
        return super().get_queryset(request).visible_to(request.user)


@admin.register(Item)
class ItemAdmin(ReadOnlyAdmin):
    list_display = ("label", "edition", "theme")
    list_filter = ("theme",)

    def get_queryset(self, request: HttpRequest) -> Any:
        """Only of editions that the person may read."""
        return super().get_queryset(request).visible_to(request.user)


@admin.register(TrailStep)
class TrailStepAdmin(ReadOnlyAdmin):
    list_display = ("statement", "kind", "happened_on", "by")
    list_filter = ("kind",)


@admin.register(Conveyance)
class ConveyanceAdmin(ReadOnlyAdmin):
    list_display = ("edition", "body", "state", "channel", "sent_on", "reply_due")
    list_filter = ("state", "channel")
    exclude = ("letter",)

    def get_queryset(self, request: HttpRequest) -> Any:
        """Only what is public; the letter is for the office and the convenors."""
        return super().get_queryset(request).visible_to(request.user)


@admin.register(Response)
class ResponseAdmin(ReadOnlyAdmin):
    list_display = ("item", "body", "kind", "published_at")
    list_filter = ("kind",)

    def get_queryset(self, request: HttpRequest) -> Any:
        """Only what is public."""
        return super().get_queryset(request).filter(published_at__isnull=False)
