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
        Transition("appeal", ("refused",), "applied"),
        Transition("suspend", ("verified",), "suspended"),
        Transition("reinstate", ("suspended",), "verified"),
        Transition("merge", ("applied", "verified", "refused", "suspended"), "merged"),
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
        Transition("withdraw", ("requested", "invited"), "left"),
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
        Transition("decline", ("proposed",), "ended"),
        Transition("end", ("proposed", "active"), "ended"),
    ],
)


class ImportState(TextChoices):
    """Where the import of a list stands."""

    UPLOADED = "uploaded", _("being read")
    READ = "read", _("columns to check")
    MAPPED = "mapped", _("being checked")
    CHECKED = "checked", _("ready to take over")
    APPROVED = "approved", _("being taken over")
    DONE = "done", _("taken over")
    REFUSED = "refused", _("could not be read")
    DROPPED = "dropped", _("dropped")


IMPORT = Lifecycle(
    ImportState,
    [
        Transition("read", ("uploaded",), "read"),
        Transition("map", ("read", "checked"), "mapped"),
        Transition("check", ("mapped",), "checked"),
        Transition("approve", ("checked",), "approved"),
        Transition("finish", ("approved",), "done"),
        # The register changed after the check: nothing is written that nobody saw.
        Transition("recheck", ("approved",), "mapped"),
        Transition("refuse", ("uploaded", "mapped", "approved"), "refused"),
        Transition("drop", ("uploaded", "read", "mapped", "checked"), "dropped"),
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


# Groups whose members do not apply: they are never seated, or they are addressed.
NOT_APPLYING = (Hearing.NEVER, Hearing.PUBLIC)
# Groups that never speak as civil society: they are heard elsewhere, or not at all.
ELSEWHERE = (Hearing.OWN_BENCH, Hearing.OPERATOR, Hearing.NEVER, Hearing.PUBLIC)


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


class Verdict(TextChoices):
    """What a convenor decided about an organisation."""

    ELIGIBLE = "eligible", _("eligible as civil society")
    OWN_BENCH = "own-bench", _("heard on its own bench only")
    REFUSED = "refused", _("refused")
    SUSPENDED = "suspended", _("suspended")
    REINSTATED = "reinstated", _("reinstated")
    DISSOLVED = "dissolved", _("dissolved")


class ConflictKind(TextChoices):
    """Why an organisation is heard on its own bench only."""

    EMPLOYER = "employer", _("employs migrant workers, or speaks for employers")
    RECRUITER = "recruiter", _("earns from recruitment, placement or transport")
    FINANCE = "finance", _("earns from loans, insurance or remittances of migrant workers")
    STATE = "state", _("is run or paid by a government")
    OPERATOR = "operator", _("runs detention or other services for a government")
    OTHER = "other", _("another interest")


# Where an organisation sits whose interests keep it off the bench of its group.
CONFLICT_BENCHES = {
    ConflictKind.EMPLOYER: Bench.EMPLOYERS,
    ConflictKind.STATE: Bench.GOVERNMENT,
}


class NameKind(TextChoices):
    """What kind of name it is."""

    NAME = "name", _("name")
    OTHER = "other", _("name in another language")
    FORMER = "former", _("former name")
    ALIAS = "alias", _("also called")
    ACRONYM = "acronym", _("acronym")


class TraitKind(TextChoices):
    """Along which lines an organisation is described."""

    BASIS = "basis", _("organises by like membership")
    ISSUE = "issue", _("organises by issue")
    SERVICE = "service", _("provides services")
    ROLE = "role", _("other roles")


class Basis(TextChoices):
    """Whose like membership an organisation rests on."""

    WORKERS = "workers", _("workers")
    DOMESTIC_WORKERS = "domestic-workers", _("domestic workers")
    FISHERS = "fishers", _("fishers and seafarers")
    SEX_WORKERS = "sex-workers", _("sex workers")
    WOMEN = "women", _("women")
    CHILDREN = "children", _("children")
    YOUTH = "youth", _("youth")
    FAMILIES = "families", _("families of migrants")
    RETURNED = "returned", _("returned migrants")
    UNDOCUMENTED = "undocumented", _("workers without papers")
    HIV = "hiv", _("people living with HIV")
    DISABILITY = "disability", _("people with disabilities")
    FAITH = "faith", _("a faith community")
    PEOPLE = "people", _("an ethnic or language community")


class Issue(TextChoices):
    """Around which issue an organisation works."""

    LABOUR = "labour", _("labour rights")
    HEALTH = "health", _("health")
    EDUCATION = "education", _("education")
    HUMAN_RIGHTS = "human-rights", _("human rights")
    RECRUITMENT = "recruitment", _("recruitment and fees")
    TRAFFICKING = "trafficking", _("trafficking and forced labour")
    GENDER = "gender", _("gender equality")
    JUSTICE = "justice", _("access to justice")
    RETURN = "return", _("return and reintegration")
    REFUGEES = "refugees", _("refugees and stateless people")


class Service(TextChoices):
    """What service an organisation provides."""

    HEALTH = "health", _("health")
    EDUCATION = "education", _("education and training")
    LEGAL_AID = "legal-aid", _("legal aid")
    INFORMATION = "information", _("access to information")
    INCOME = "income", _("micro-credit and income")
    SHELTER = "shelter", _("shelter and emergency help")


class Reach(TextChoices):
    """What a service adds to what is there already."""

    GAP = "gap", _("fills a gap: nobody else provides it")
    ACCESS = "access", _("widens access: brings people to what exists")


class ActorRole(TextChoices):
    """What an organisation does besides services."""

    ADVOCACY = "advocacy", _("advocacy")
    ORGANISING = "organising", _("helps migrants organise")
    GAPS = "gap-identification", _("finds gaps in law and practice")
    MONITORING = "monitoring", _("monitors implementation")
    ALERTING = "alerting", _("alerts on abuse")


TRAITS: dict[str, type[TextChoices]] = {
    TraitKind.BASIS: Basis,
    TraitKind.ISSUE: Issue,
    TraitKind.SERVICE: Service,
    TraitKind.ROLE: ActorRole,
}


class LinkKind(TextChoices):
    """How one organisation is tied to another."""

    NETWORK = "network", _("member of the network")
    AFFILIATE = "affiliate", _("affiliated with")
    BRANCH = "branch", _("branch of")


class ConvenorRole(TextChoices):
    """What a person does for the task force."""

    CONVENOR = "convenor", _("convenor")
    ADMINISTRATOR = "administrator", _("administrator of the task force")


class RowVerdict(TextChoices):
    """What an import would do with a row."""

    CREATE = "create", _("new")
    UPDATE = "update", _("changes what is there")
    SAME = "same", _("nothing to do")
    REFUSE = "refuse", _("left out")


class Matter(TextChoices):
    """Which part of the matter a public body owns."""

    LABOUR = "labour", _("labour")
    MIGRANT_WORKERS = "migrant-workers", _("migrant workers")
    FOREIGN = "foreign", _("foreign affairs")
    INTERIOR = "interior", _("interior and immigration")
    HEALTH = "health", _("health")
    EDUCATION = "education", _("education")
    WOMEN = "women", _("women and children")
    JUSTICE = "justice", _("justice and human rights")
    OTHER = "other", _("other")


class BodyKind(TextChoices):
    """What kind of public body."""

    NATIONAL = "national", _("national")
    ASEAN = "asean", _("ASEAN")
    INTERNATIONAL = "international", _("international")
