"""Lifecycles and choices of organisations, memberships and liaison appointments."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from portal.states import Lifecycle, Transition


class OrganisationState(TextChoices):
    """Where an organisation stands in the register."""

    APPLIED = "applied", _("applied")
    VERIFIED = "verified", _("verified")
    REFUSED = "refused", _("refused")
    SUSPENDED = "suspended", _("suspended")
    MERGED = "merged", _("merged into another")
    DISSOLVED = "dissolved", _("dissolved")


ORGANISATION = Lifecycle(
    OrganisationState,
    [
        Transition("verify", ("applied", "refused"), "verified"),
        Transition("refuse", ("applied",), "refused"),
        Transition("suspend", ("verified",), "suspended"),
        Transition("reinstate", ("suspended",), "verified"),
        Transition("merge", ("applied", "verified", "suspended"), "merged"),
        Transition("dissolve", ("verified", "suspended"), "dissolved"),
    ],
)


class MembershipState(TextChoices):
    """Where a person stands in an organisation."""

    REQUESTED = "requested", _("asks to join")
    INVITED = "invited", _("invited")
    ACTIVE = "active", _("active")
    LEFT = "left", _("left")


MEMBERSHIP = Lifecycle(
    MembershipState,
    [
        Transition("confirm", ("requested", "invited"), "active"),
        Transition("decline", ("requested", "invited"), "left"),
        Transition("leave", ("active",), "left"),
    ],
)


class AppointmentState(TextChoices):
    """Where the appointment of a liaison stands."""

    PROPOSED = "proposed", _("proposed")
    ACTIVE = "active", _("active")
    ENDED = "ended", _("ended")


APPOINTMENT = Lifecycle(
    AppointmentState,
    [
        Transition("activate", ("proposed",), "active"),
        Transition("end", ("proposed", "active"), "ended"),
    ],
)


class Visibility(TextChoices):
    """How an organisation is shown. Withheld means: as a description, on every surface, to all but the convenors."""

    PUBLIC = "public", _("public")
    MEMBERS = "members", _("members only")
    WITHHELD = "withheld", _("withheld")


class Side(TextChoices):
    """The side of the migration corridor."""

    ORIGIN = "origin", _("origin side")
    DESTINATION = "destination", _("destination side")
    TRANSIT = "transit", _("transit side")
    BOTH = "both", _("both sides")


class Level(TextChoices):
    """The level on which an organisation or a consultation works."""

    GLOBAL = "global", _("global")
    REGIONAL = "regional", _("regional")
    NATIONAL = "national", _("national")
    SECTORAL = "sectoral", _("sectoral")
    THEMATIC = "thematic", _("thematic")


class Hearing(TextChoices):
    """In what way members of a stakeholder group may be heard."""

    CIVIL_SOCIETY = "civil-society", _("may be eligible as civil society")
    PERSONAL = "personal", _("in a personal capacity")
    OWN_BENCH = "own-bench", _("on its own bench")
    OPERATOR = "operator", _("as an operator only")
    NEVER = "never", _("on the map, never seated")
    PUBLIC = "public", _("as a public body, international organisation or observer")


class Bench(TextChoices):
    """The side a participant sits on."""

    GOVERNMENT = "government", _("government")
    EMPLOYERS = "employers", _("employers")
    WORKERS = "workers", _("workers")
    CIVIL_SOCIETY = "civil-society", _("civil society")
    PRIVATE_SECTOR = "private-sector", _("other private sector")
    INTERNATIONAL = "international", _("international organisation")
    ACADEMIC = "academic", _("academic")
    OBSERVER = "observer", _("observer")
    MEDIA = "media", _("media")


class Role(TextChoices):
    """What a person may do for an organisation."""

    LEAD = "lead", _("lead representative")
    REPRESENTATIVE = "representative", _("representative")
    DRAFTER = "drafter", _("drafter")


class Mandate(TextChoices):
    """Where a person's mandate comes from."""

    CHOSEN = "chosen", _("chosen by members")
    APPOINTED = "appointed", _("appointed by the organisation")
    NAMED = "named", _("named by a government")
    INVITED = "invited", _("invited by the convenor")
    PERSONAL = "personal", _("personal capacity")


class Limb(TextChoices):
    """Which half of the eligibility test an organisation meets."""

    CONTRIBUTES = (
        "contributes",
        _("contributes directly to the promotion and protection of migrant workers' rights"),
    )
    MIGRANT = "migrant", _("is migrant workers or their representatives")


class BodyKind(TextChoices):
    """What kind of public body."""

    NATIONAL = "national", _("national")
    ASEAN = "asean", _("ASEAN")
    INTERNATIONAL = "international", _("international")
