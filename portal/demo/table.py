"""The table of the consultation that lies ahead: kept seats, an official, a scholar, and a union beside its centre."""

from consultations import actions
from consultations.models import Consultation
from portal.demo.register import Register
from stakeholders.models import StakeholderGroup
from stakeholders.states import Bench

KEPT_GROUPS = {"migrant-workers-associations": 12, "community-based-organisations": 6}
KEPT_BENCHES = {Bench.WORKERS: 8, Bench.CIVIL_SOCIETY: 30, Bench.EMPLOYERS: 4, Bench.GOVERNMENT: 4}
# Affiliated with a centre that is invited as well: the table says that the two weigh double.
AFFILIATE = "kapuas-transport"


def draw_table(consultation: Consultation, register: Register) -> None:
    """Draft what a convenor would at this point. Nothing of it is sent."""
    by = register.convenors[1]
    groups = StakeholderGroup.objects.in_bulk(KEPT_GROUPS, field_name="slug")
    actions.set_quotas(
        consultation,
        by=by,
        version=consultation.version,
        seats=consultation.seats,
        groups={groups[slug]: seats for slug, seats in KEPT_GROUPS.items()},
        benches=KEPT_BENCHES,
    )
    actions.pick_organisations(consultation, by=by, seats={register.organisations[AFFILIATE].pk: 1})
    actions.invite_body(
        consultation,
        by=by,
        body=register.bodies["id-foreign-affairs"],
        office="Direktur Pelindungan Warga Negara Indonesia",
        reference="014/GT-AMW/KN/2026",
        way="letter",
        language="id",
        seats_offered=1,
    )
    actions.invite_person(
        consultation,
        by=by,
        full_name="Dr. Laksmi Pramesti",
        office="Ahli hukum perjanjian penempatan",
        group=StakeholderGroup.objects.get(slug="academics"),
        address="laksmi@mufakat.example",
        way="mail",
        language="id",
        seats_offered=1,
    )
    consultation.refresh_from_db()
