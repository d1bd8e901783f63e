"""The back office of stakeholders: read-mostly; what has a state changes through the portal, not here."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from modeltranslation.admin import TranslationAdmin

from stakeholders.models import (
    Convenorship,
    Country,
    LiaisonAppointment,
    Membership,
    Organisation,
    PublicBody,
    StakeholderGroup,
)
from stakeholders.querysets import standing_of
from stakeholders.states import Visibility

CONTACTS = ("contact_name", "contact_email", "contact_phone", "trusted_contact", "applicant", "merged_into")


class KeptAdmin(admin.ModelAdmin):
    """Nothing is deleted here: other rows and the log stand on it."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 - Django's signature
        """Nobody deletes."""
        return False


@admin.register(Country)
class CountryAdmin(KeptAdmin, TranslationAdmin):
    list_display = ("code", "name", "member_since", "time_zone")


@admin.register(StakeholderGroup)
class StakeholderGroupAdmin(KeptAdmin, TranslationAdmin):
    list_display = ("name", "hearing", "bench", "position")
    list_filter = ("hearing", "bench")
    prepopulated_fields = {"slug": ("name",)}


@admin.register(PublicBody)
class PublicBodyAdmin(KeptAdmin, TranslationAdmin):
    list_display = ("name", "acronym", "kind", "country", "since", "until", "successor")
    list_filter = ("kind", "country")
    list_select_related = ("country", "successor")
    search_fields = ("name", "acronym")
    # Loops and wrong orders of days are refused where an administrator of the task force keeps the bodies.
    readonly_fields = ("reports_to", "successor", "since", "until", "version")


@admin.register(Organisation)
class OrganisationAdmin(KeptAdmin, TranslationAdmin):
    list_display = ("pk", "public_name", "state", "visibility", "country", "level")
    list_filter = ("state", "visibility", "country", "level")
    list_select_related = ("country",)
    search_fields = ("=slug",)
    filter_horizontal = ("groups",)
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    readonly_fields = ("state", "name_key", "decided_by", "decided_on", "limb", "evidence", "created_at", "updated_at")

    def get_exclude(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:  # noqa: ARG002 - Django's signature
        """Leave people and contacts to the convenors."""
        return () if standing_of(request.user).convenor else CONTACTS

    def get_queryset(self, request: HttpRequest) -> Any:
        """Leave the withheld ones to the convenors: running the back office does not open a name."""
        found = super().get_queryset(request).prefetch_related("groups")
        return found if standing_of(request.user).convenor else found.exclude(visibility=Visibility.WITHHELD)


class MandateAdmin(KeptAdmin):
    """Who may act for whom. The state is moved by the portal's own acts."""

    list_select_related = True
    autocomplete_fields = ("user",)


@admin.register(Membership)
class MembershipAdmin(MandateAdmin):
    list_display = ("pk", "organisation", "user", "role", "state", "since", "until")
    list_filter = ("state", "role")
    readonly_fields = ("state",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:  # noqa: ARG002 - Django's signature
        """Leave a mandate that is there to the portal's own acts: nobody raises a role here, not even their own."""
        return ("organisation", "user", "role", "mandate", "state", "by", "since", "until") if obj else ("state",)

    def get_queryset(self, request: HttpRequest) -> Any:
        """Leave the people of withheld organisations to the convenors."""
        found = super().get_queryset(request)
        withheld = {"organisation__visibility": Visibility.WITHHELD}
        return found if standing_of(request.user).convenor else found.exclude(**withheld)


@admin.register(Convenorship)
class ConvenorshipAdmin(MandateAdmin):
    list_display = ("user", "since", "until")


@admin.register(LiaisonAppointment)
class LiaisonAppointmentAdmin(MandateAdmin):
    list_display = ("body", "user", "state", "since", "until")
    list_filter = ("state",)
    readonly_fields = ("state",)
    autocomplete_fields = ("user", "body")
