"""Invariant 4: whatever happens to a withheld organisation, nobody outside reads any name that it ever had.

Stories of its life are drawn by chance: renamed, shown for a time, merged, another edition, a signature withdrawn. What
is kept ready for readers is filled before each step, so that a name could stay behind there.
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import unquote_plus, urlencode

import pytest
from django.conf import settings
from django.test import override_settings
from django.utils import timezone, translation
from hypothesis import HealthCheck, example, given
from hypothesis import settings as how
from hypothesis import strategies as st

from portal.routes import PUBLIC_ROUTES
from portal.states import Refusal
from recommendations import actions
from recommendations.models import Endorsement, Statement
from stakeholders.actions import change_organisation, merge_organisations
from stakeholders.models import Organisation
from tests import build
from tests.conftest import as_person
from tests.portal.crawling import addresses, words_of
from tests.recommendations.published import make_published
from tests.recommendations.test_corrigenda import EXPLAINED

pytestmark = pytest.mark.django_db
UNLIMITED = {**settings.LIMITS, "search": "100000/m/ip"}
SCRIPTS = ("Melati Hutan", "สมาคมกล้วยไม้", "សមាគមអ័ព្រក", "သစ်ခွအသင်း", "Hội Hoa Lan")
SHOWN = {"show": "public", "hide": "withheld", "to members": "members"}
STEPS = ("rename", *SHOWN, "absorb", "be absorbed", "correct", "convey", "sign on", "sign off")
READERS = ("anonymous", "other_member", "liaison", "stranger")
# Where its name could stand. A PDF is made of the same sheet as the other documents, and packs its words.
PLACES = (
    "statement_",
    "edition_",
    "item_",
    "organisation_",
    "consultation_",
    "stakeholder_",
    "home",
    "follow_up",
    "news",
)
ROUTES = {name for name in PUBLIC_ROUTES if name.startswith(PLACES)} - {"edition_pdf"}
OWN = {"desk", "submission_list", "liaison_desk", "conveyance_detail"}
MOST = 2  # addresses of one route
# One story that has everything, so that chance leaves nothing out.
WHOLE = [
    "sign on",
    "show",
    "rename",
    "convey",
    "hide",
    "correct",
    "absorb",
    "rename",
    "to members",
    "correct",
    "sign off",
]


class Life:
    """One organisation that adopted a statement while it was withheld, and every name that it ever had."""

    def __init__(self, cast: Any) -> None:
        """Make the statement, published, with the organisation behind it in every part that it can have."""
        self.cast, self.published = cast, make_published(cast, 1)
        self.other = build.make_organisation(name=f"Anggrek Kembar {build.number()}", visibility="withheld")
        build.make_invitation(self.published.consultation, self.published.withheld, state="accepted")
        self.speaker = build.make_member(self.other, full_name="Somebody Else")
        actions.open_sign_on(self.statement, by=cast.convenor, until=timezone.localdate() + timedelta(days=9))
        self.names = {self.published.withheld.name, self.other.name}
        self.slugs = {self.published.withheld.slug, self.other.slug}

    @property
    def statement(self) -> Statement:
        """Return the statement as it is now."""
        return Statement.objects.get(pk=self.published.statement.pk)

    @property
    def organisation(self) -> Organisation:
        """Return the record that stands for it now."""
        one = Organisation.objects.get(pk=self.published.withheld.pk)
        return Organisation.objects.get(pk=one.merged_into_id) if one.merged_into_id else one

    def change(self, **values: Any) -> None:
        """Write values of its profile, as a convenor does."""
        now = self.organisation
        change_organisation(now, by=self.cast.convenor, version=now.version, **values)
        self.slugs.add(self.organisation.slug)

    def step(self, what: str) -> None:
        """Let one thing happen, where it can."""
        if what in SHOWN:
            self.change(visibility=SHOWN[what])
        elif what in {"absorb", "be absorbed"}:
            self.merge(into_other=what == "be absorbed")
        else:
            getattr(self, what.replace(" ", "_"))()

    def rename(self) -> None:
        """Give it another name and another acronym; the old one stays as a former one."""
        now, count = self.organisation, build.number()
        name, acronym = f"{SCRIPTS[count % len(SCRIPTS)]} {count}", f"QXK{count}Z"
        former = [*now.other_names, {"text": now.name_en, "lang": "", "kind": "former"}]
        self.change(name_en=name, name_ind=f"{name} Ind", acronym=acronym, other_names=former)
        self.names |= {name, acronym}

    def merge(self, *, into_other: bool) -> None:
        """Merge it with a record of the same people. Both are withheld: what is shown was somebody's choice."""
        now, other = self.organisation, self.other
        if other.pk != now.pk and not Organisation.objects.get(pk=other.pk).merged_into_id:
            self.change(visibility="withheld")
            kept, merged = (other, self.organisation) if into_other else (self.organisation, other)
            merge_organisations(kept, merged, by=self.cast.convenor, former=True)

    def correct(self) -> None:
        """Issue the next edition."""
        by = self.cast.convenor
        one = actions.begin_corrigendum(self.statement, by=by)
        texts = {code: f"{text} Again." for code, text in actions.passages_of(one.corrects)["ASEAN 1"].items()}
        one = actions.correct_passage(one, by=by, version=one.version, key="ASEAN 1", texts=texts)
        one = actions.explain_corrigendum(one, by=by, version=one.version, **EXPLAINED)
        actions.issue_corrigendum(one, by=by)

    def convey(self) -> None:
        """Hand the edition in force to the ministry, which answers."""
        edition = self.statement.editions.get(number=self.statement.current_edition)
        if not edition.conveyances.exists():
            sent = {"bodies": [self.cast.body], "sent_on": timezone.localdate(), "channel": "portal"}
            made = actions.convey_edition(edition, by=self.cast.convenor, letter="Dear Minister.", **sent)[0]
            actions.acknowledge_conveyance(made, by=self.cast.liaison)

    def sign_on(self) -> None:
        """Let the other record sign on, where it is its own still."""
        edition = self.statement.editions.get(number=self.statement.current_edition)
        with suppress(Refusal):
            actions.endorse_edition(edition, by=self.speaker, organisation=self.other)

    def sign_off(self) -> None:
        """Withdraw the signatures that stand."""
        for endorsement in Endorsement.objects.filter(withdrawn_at=None, by=self.speaker):
            with suppress(Refusal):
                actions.withdraw_endorsement(endorsement, by=self.speaker)

    def hidden(self, place: str) -> set[str]:
        """Return what the page must not say: every name and short name, but for the words that were asked for."""
        asked = unquote_plus(place)
        return {name for name in self.names | self.slugs if name not in asked}

    def told(self, person: Any) -> Iterator[tuple[str, str]]:
        """Yield all that the person is told: what every page that takes no name answers, and every document."""
        client = as_person(person)
        for language in ("en",) if person else ("en", "id"):
            with translation.override(language):
                places = {address for name, address in addresses(MOST) if name in ROUTES or (person and name in OWN)}
            searches = {f"/{language}/search/?{urlencode({'q': name})}" for name in self.names}
            for place in sorted(places | searches):
                response = client.get(place)
                body = b"".join(response.streaming_content) if response.streaming else response.content
                heads = " ".join(f"{name} {value}" for name, value in response.headers.items())
                yield place, unescape(f"{heads}\n{words_of(body)}")

    def warm(self) -> None:
        """Read the public pages, so that they are kept."""
        for place in (self.statement.get_absolute_url(), "/en/organisations/", "/en/statements/"):
            as_person(None).get(place)


@pytest.mark.slow
@how(max_examples=2, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@example(WHOLE)
@given(st.lists(st.sampled_from(STEPS), min_size=1, max_size=6))
def test_no_name_that_it_ever_had_is_read_outside(cast, story) -> None:
    with override_settings(DEMO=False, MAILBOX_SHOWN=False, LIMITS=UNLIMITED):
        life = Life(cast)
        for what in story:
            life.warm()
            life.step(what)
        life.warm()
        life.step("hide")
        for reader in READERS:
            said = list(life.told(getattr(cast, reader)))
            assert len(said) > 40
            found = [(place, name) for place, text in said for name in sorted(life.hidden(place)) if name in text]
            assert (reader, found) == (reader, [])
        # It would have been noticed.
        life.step("show")
        assert life.organisation.name_en in as_person(None).get("/en/organisations/").content.decode()
        life.step("hide")  # so that the next story finds nobody but its own
