"""The back office of the kit: people, the log and the outbox. Reading is easy, changing is rare, deleting is not."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal import text
from portal.blocking import address_key
from portal.bounces import UNWANTED
from portal.forms import AddressField
from portal.models import BlockedAddress, LogEntry, MailBreaker, OutgoingMessage, User

admin.site.site_header = admin.site.site_title = "Mufakat"
admin.site.index_title = _("Back office")


class ReadOnlyAdmin(admin.ModelAdmin):
    """Can be looked at, nothing else."""

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002 - Django's signature
        """Nobody adds."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 - Django's signature
        """Nobody changes."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 - Django's signature
        """Nobody deletes."""
        return False


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    """Switches accounts on and off. A person's name and address are the person's own."""

    list_display = ("full_name", "email", "is_active", "is_staff", "joined_at")
    list_filter = ("is_active", "is_staff", "language")
    search_fields = ("full_name", "email")
    ordering = ("full_name", "pk")
    fields = ("full_name", "email", "language", "time_zone", "is_active", "is_staff", "is_superuser", "joined_at")
    readonly_fields = ("email", "is_superuser", "joined_at")

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002 - Django's signature
        """People sign up themselves."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 - Django's signature
        """The log stands on people: they are switched off, not deleted."""
        return False


@admin.register(LogEntry)
class LogEntryAdmin(ReadOnlyAdmin):
    list_display = ("number", "at", "actor", "verb", "subject_type", "subject_id", "detail")
    list_filter = ("verb", "subject_type")
    list_select_related = ("actor",)
    search_fields = ("=topic",)


class Unwanted(admin.SimpleListFilter):
    """Mails that their readers complained about: these went out, and no state tells them from others."""

    title = _("complaint")
    parameter_name = "complaint"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> Any:  # noqa: ARG002 - Django's signature
        """Offer the one choice that there is."""
        return (("1", _("reported as unwanted")),)

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:  # noqa: ARG002 - Django's signature
        """Keep what was complained about."""
        return queryset.filter(last_error=UNWANTED) if self.value() else queryset


@admin.register(OutgoingMessage)
class OutgoingMessageAdmin(ReadOnlyAdmin):
    """Addresses and contents are for administrators only; a code that waits to be sent is for nobody."""

    # What a phone shows of a row is its first columns: what became of the mail, and why.
    list_display = ("state", "reason", "purpose", "subject_id", "sent_at")
    list_filter = ("state", Unwanted, "purpose")
    ordering = ("-updated_at", "-pk")
    readonly_fields = ("reason",)

    @admin.display(description=_("what went wrong"), ordering="last_error")
    def reason(self, message: OutgoingMessage) -> str:
        """Say in the reader's language why it was not sent, or what came after it."""
        return message.reason

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:  # noqa: ARG002 - Django's signature
        """Show what became of it first. Who the reader is, is hidden from staff."""
        reader = ("recipient", "user") if request.user.is_superuser else ()
        return (
            *("state", "reason", "purpose", "subject_id", "version", "topic", *reader, "language", "time_zone"),
            *("created_at", "next_try_at", "attempts", "leased_until", "sent_at", "updated_at"),
        )


@admin.register(MailBreaker)
class MailBreakerAdmin(ReadOnlyAdmin):
    list_display = ("failures", "open_until", "reason")


class BlockForm(forms.ModelForm):
    """Takes an address and keeps its digest alone."""

    address = AddressField(label=_("E-mail address"))

    class Meta:
        model = BlockedAddress
        fields = ("notices_only",)
        help_texts: ClassVar[dict[str, Any]] = {
            "notices_only": _("If so, codes, and what is asked of the reader in person, still go there."),
        }

    def clean_address(self) -> str:
        """Return the address. One that is blocked already is changed in its own row."""
        address = self.cleaned_data["address"]
        if BlockedAddress.objects.filter(key=address_key(address)).exists():
            raise forms.ValidationError(_("This address is blocked already."))
        return address

    def save(self, commit: bool = True) -> BlockedAddress:  # noqa: FBT001, FBT002 - Django's signature
        """Keep the digest."""
        self.instance.key = address_key(self.cleaned_data["address"])
        self.instance.reason = BlockedAddress.Reason.BY_HAND
        return super().save(commit)


@admin.register(BlockedAddress)
class BlockedAddressAdmin(admin.ModelAdmin):
    """Blocks an address by hand, and frees one. Nobody can read here whose it is."""

    list_display = ("reason", "notices_only", "at")
    list_filter = ("reason",)
    ordering = ("-at", "-pk")
    search_fields = ("key",)
    search_help_text = _("Only a digest of each address is kept. Write a whole address to see whether it is blocked.")
    form = BlockForm

    def get_search_results(
        self,
        request: HttpRequest,  # noqa: ARG002 - Django's signature
        queryset: QuerySet,
        search_term: str,
    ) -> tuple[QuerySet, bool]:
        """Find the row of one address: to free it one has to find it, and its row does not tell."""
        address = text.clean(search_term)
        return (queryset.filter(key=address_key(address)) if address else queryset), False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 - Django's signature
        """Blocked or not: there is nothing to change."""
        return False

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:  # noqa: ARG002 - Django's signature
        """Ask for the address of a new one; of one that is there, show why and since when."""
        return ("reason", "notices_only", "at") if obj else ("address", "notices_only")
