"""The back office of consultations: to look only. Everything here changes through actions."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from consultations.models import Answer, Consultation, Invitation, Organiser


class ReadOnly(admin.ModelAdmin):
    """Rows that are looked at and never touched here."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 - Django's signature
        """Nobody adds."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 - as above
        """Nobody changes."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 - as above
        """Nobody deletes."""
        return False


@admin.register(Consultation)
class ConsultationAdmin(ReadOnly):
    """Consultations are changed by their convenors: an administrator has no part in them."""

    list_display = ("slug", "state", "level", "country", "starts_on")
    list_filter = ("state", "level", "country")
    list_select_related = ("country",)
    search_fields = ("slug",)
    date_hierarchy = "starts_on"
    exclude = ("convenors", "venue", "reminder_days")

    def get_queryset(self, request: HttpRequest) -> Any:
        """Leave drafts and what is discreet to those who may see their pages."""
        return super().get_queryset(request).visible_to(request.user)


class OfVisible(ReadOnly):
    """Rows of consultations: a line may name its consultation."""

    def get_queryset(self, request: HttpRequest) -> Any:
        """Leave those of drafts and of what is discreet out."""
        return super().get_queryset(request).filter(consultation__in=Consultation.objects.visible_to(request.user))


@admin.register(Organiser)
class OrganiserAdmin(OfVisible):
    """Who organises, in the agreed order."""

    list_display = ("id", "consultation", "kind", "position")
    list_select_related = ("consultation",)
    fields = ("consultation", "kind", "position")


@admin.register(Invitation)
class InvitationAdmin(OfVisible):
    """Invitations without their secrets: no link, no address, and an organisation as a number."""

    list_display = ("id", "consultation", "state", "seats_offered", "seats_accepted", "sent_at", "answered_at")
    list_filter = ("state",)
    list_select_related = ("consultation",)
    fields = (
        *("consultation", "state", "seats_offered", "seats_accepted", "language", "expires_at"),
        *("sent_at", "answered_at", "reminded_at", "reminders"),
    )


@admin.register(Answer)
class AnswerAdmin(ReadOnly):
    """That an answer came, when and how; never who is coming and what they need."""

    list_display = ("id", "verb", "seats", "channel", "at")
    list_filter = ("verb", "channel")
    fields = ("verb", "seats", "channel", "at")
