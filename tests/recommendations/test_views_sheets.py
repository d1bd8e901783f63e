"""A sheet of many points on its pages: read, looked through, kept whole or not at all."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from portal.states import Refusal
from recommendations import actions
from recommendations.models import Submission
from stakeholders.models import Country
from tests import build
from tests.conftest import PEOPLE, as_person
from tests.consultations.papers import office
from tests.recommendations.sheets import paper, track
from tests.recommendations.test_views_submissions import fresh

COMMON = {"kind": "recommendation", "language": "id", "attribution": "described"}
TEN = "\n".join(f"Butir nomor {count} untuk semua." for count in range(1, 11))


def sheet(scene) -> str:
    """Return the address of the form."""
    return reverse("submission_sheet", args=[scene.consultation.slug])


def keep(scene) -> str:
    """Return the address that makes the drafts."""
    return reverse("submission_sheet_keep", args=[scene.consultation.slug])


def looked_through(*texts, **values):
    """Return what the page of found points sends."""
    data = {**COMMON, "points-TOTAL_FORMS": len(texts), "points-INITIAL_FORMS": len(texts)}
    for place, words in enumerate(texts):
        data |= {f"points-{place}-take": "on", f"points-{place}-text": words, f"points-{place}-section": "asean"}
    return {**data, **values}


@pytest.mark.parametrize("name", ["submission_sheet", "submission_sheet_keep"])
def test_who_may_write_a_sheet(scene, name):
    address = reverse(name, args=[scene.consultation.slug])
    seen = {person: as_person(fresh(getattr(scene.cast, person))).get(address).status_code for person in PEOPLE}
    able = dict.fromkeys(("representative", "colleague", "other_member"), 200 if name == "submission_sheet" else 302)
    assert seen == {**dict.fromkeys(PEOPLE, 403), **able, "anonymous": 302}


def test_a_discreet_consultation_has_no_sheet_for_others(scene):
    scene.consultation.discreet = True
    scene.consultation.save()
    outsider = as_person(build.make_member(build.make_organisation()))
    assert [outsider.get(address).status_code for address in (sheet(scene), keep(scene))] == [404, 404]


def test_ten_lines_are_ten_drafts(scene):
    client = as_person(scene.cast.colleague)
    page = client.post(sheet(scene), {**COMMON, "sheet": TEN})
    formset = page.context["formset"]
    assert [form["text"].value() for form in formset] == TEN.split("\n")
    assert Submission.objects.count() == 3
    done = client.post(keep(scene), looked_through(*TEN.split("\n")), follow=True)
    assert "10 drafts are saved." in done.content.decode()
    made = Submission.objects.order_by("pk")[3:]
    assert [one.text for one in made] == TEN.split("\n")
    assert {(one.state, one.language, one.attribution, one.organisation) for one in made} == {
        ("draft", "id", "described", scene.cast.organisation)
    }


def test_a_position_paper_is_read_and_not_kept(scene, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    Country.objects.filter(pk="ID").update(name_en="Indonesia")
    client = as_person(scene.cast.representative)
    file = SimpleUploadedFile("paper.docx", paper())
    page = client.post(sheet(scene), {**COMMON, "sheet": "", "file": file})
    found = [(form["section"].value(), form["text"].value()) for form in page.context["formset"]]
    assert found == [
        ("asean", "Member states should: Forbid recruitment fees."),
        ("asean", "Member states should: Publish the names of agencies."),
        ("asean", "Count domestic work as work."),
        ("ID", "Return passports to those who own them."),
    ]
    assert "We are a union of domestic workers." in page.content.decode()
    assert list(tmp_path.iterdir()) == []


def test_section_theme_and_offices_are_proposed_and_changed(scene):
    theme = build.make_theme("passports")
    type(theme).objects.filter(pk=theme.pk).update(name_en="Passports", name_ind="Paspor")
    scene.cast.body.name_en = "Ministry of Manpower"
    scene.cast.body.save()
    Country.objects.filter(pk="ID").update(name_en="Indonesia")
    client = as_person(scene.cast.representative)
    text = "The Ministry of Manpower returns passports in Indonesia.\nFees end."
    (first, _second) = client.post(sheet(scene), {**COMMON, "sheet": text}).context["formset"]
    values = [first[name].value() for name in ("section", "theme", "addressees")]
    assert values == ["ID", theme.pk, [scene.cast.body.pk]]
    said = {"points-0-section": "ID", "points-0-theme": theme.pk, "points-0-addressees": [scene.cast.body.pk]}
    client.post(keep(scene), looked_through("Return passports.", "Fees end.", **said))
    one = Submission.objects.get(text="Return passports.")
    assert (one.section_id, one.theme, list(one.addressees.all())) == ("ID", theme, [scene.cast.body])


def test_what_is_left_out_is_not_judged_and_makes_no_draft(scene):
    data = looked_through("Fees end.", "x" * 5000)
    del data["points-1-take"]
    client = as_person(scene.cast.representative)
    assert "1 draft is saved." in client.post(keep(scene), data, follow=True).content.decode()
    assert Submission.objects.count() == 4


def test_one_that_is_too_long_keeps_all_of_them_on_the_page(scene):
    data = looked_through("Fees end.", "x" * 4003, aside="A heading")
    page = as_person(scene.cast.representative).post(keep(scene), data)
    content = page.content.decode()
    assert page.status_code == 200
    assert "Point 2</a>" not in content
    assert "Point 2 · This is 3 characters too long." in " ".join(content.split())
    assert ["Fees end." in content, "x" * 4003 in content, "A heading" in content] == [True] * 3
    assert Submission.objects.count() == 3


def test_none_is_made_where_the_last_one_fails(scene, monkeypatch):
    def fail(*_args, **_kwargs):
        raise RuntimeError

    monkeypatch.setattr(actions.drafts.log, "record", fail)
    with pytest.raises(RuntimeError):
        as_person(scene.cast.representative).post(keep(scene), looked_through("One.", "Two."))
    assert Submission.objects.count() == 3


def test_nothing_chosen_and_a_consultation_that_is_over_are_said(scene):
    data = looked_through("Fees end.")
    del data["points-0-take"]
    client = as_person(scene.cast.representative)
    assert "Choose at least one point." in client.post(keep(scene), data).content.decode()
    scene.consultation.state = "concluded"
    with pytest.raises(Refusal):
        actions.draft_submissions(
            scene.consultation, by=scene.cast.representative, organisation=scene.cast.organisation, points=[]
        )


@pytest.mark.parametrize(("count", "kept"), [(60, True), (61, False)])
def test_up_to_sixty_points(scene, count, kept):
    client = as_person(scene.cast.representative)
    lines = [f"Point number {one} for all." for one in range(count)]
    page = client.post(sheet(scene), {**COMMON, "sheet": "\n".join(lines)})
    assert ("formset" in page.context) == kept
    assert ("This holds 61 points. Up to 60" in page.content.decode()) == (not kept)
    client.post(keep(scene), looked_through(*lines))
    assert Submission.objects.count() == (3 + count if kept else 3)


def _locked() -> bytes:
    """Return a file whose table of contents says that it is locked."""
    content = bytearray(office())
    start = content.rindex(b"PK\x01\x02")
    content[start + 8] |= 1
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (lambda: b"%PDF-1.4 x\n%%EOF", "paper.docx", "By its content it is: PDF"),
        (lambda: b"%PDF-1.4 x\n%%EOF", "paper.pdf", "Points are read from DOCX, ODT and plain text."),
        (lambda: office(**{"word/vbaProject.bin": b"x"}), "paper.docx", "carries a program"),
        (lambda: office(**{"word/x.xml": "0" * 30_000_000}), "paper.docx", "unpacks to far more"),
        (_locked, "paper.docx", "locked with a password"),
        (lambda: paper(track), "paper.docx", "Accept all changes"),
        (lambda: b"", "paper.txt", "This file is empty."),
    ],
)
def test_a_file_that_is_refused_says_why_beside_the_field(scene, content, name, said):
    file = SimpleUploadedFile(name, content())
    page = as_person(scene.cast.representative).post(sheet(scene), {**COMMON, "language": "km", "file": file})
    assert [said in one for one in page.context["form"].errors["file"]] == [True]
    assert page.context["form"]["language"].value() == "km"
    assert "error-summary" in page.content.decode()


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"sheet": ""}, "Paste your points, or choose a file."),
        ({"sheet": "\u200b\u3164"}, "only invisible characters"),
        ({"sheet": "x" * 60_001}, "1 character too long"),
        ({"sheet": "# \n\u2028"}, ""),
    ],
)
def test_a_sheet_without_points(scene, sent, said):
    page = as_person(scene.cast.representative).post(sheet(scene), {**COMMON, **sent})
    assert page.status_code == 200
    assert said in page.content.decode()


def test_both_a_text_and_a_file_are_one_too_many(scene):
    sent = {**COMMON, "sheet": "Typed with care.", "file": SimpleUploadedFile("paper.docx", paper())}
    page = as_person(scene.cast.representative).post(sheet(scene), sent).content.decode()
    assert ["not both" in page, "Typed with care." in page] == [True, True]


def test_what_was_looked_through_comes_back_after_the_session_ran_out(scene):
    client, member = as_person(None), scene.cast.representative
    data = looked_through("Corrected words.", "More of them.", language="km", aside="A heading")
    assert client.post(keep(scene), data).status_code == 302
    kept = client.session["kept"]
    client.force_login(member, backend="stakeholders.signing_in.Backend")
    session = client.session
    session["kept"] = kept
    session.save()
    page = client.get(keep(scene))
    assert [form["text"].value() for form in page.context["formset"]] == ["Corrected words.", "More of them."]
    assert page.context["form"]["language"].value() == "km"
    assert "A heading" in page.content.decode()
    assert Submission.objects.count() == 3


def test_a_double_click_keeps_them_once(scene):
    client = as_person(scene.cast.representative)
    data = looked_through("One.", "Two.", one_time_key="k" * 20)
    first, second = (client.post(keep(scene), data) for _ in range(2))
    assert first.url == second.url
    assert Submission.objects.count() == 5


def test_whoever_acts_for_two_chooses_for_which(scene):
    both = build.make_member(scene.cast.organisation)
    build.make_member(scene.cast.other_organisation)
    scene.cast.other_organisation.memberships.create(user=both, state="active", since=build.LONG_AGO, role="lead")
    client = as_person(both)
    chosen = {**COMMON, "organisation": scene.cast.other_organisation.pk}
    page = client.post(sheet(scene), {**chosen, "sheet": "One point."})
    assert page.context["form"]["organisation"].value() == scene.cast.other_organisation.pk
    assert "For which organisation" in client.post(keep(scene), looked_through("One.")).content.decode()
    client.post(keep(scene), looked_through("One.", **chosen))
    assert Submission.objects.get(text="One.").organisation == scene.cast.other_organisation


@pytest.mark.parametrize("count", [1, 3])
def test_the_points_ask_the_database_equally_often(scene, count, django_assert_num_queries):
    client = as_person(scene.cast.representative)
    sent = {**COMMON, "sheet": "\n".join(f"Point number {one}." for one in range(count))}
    client.get(sheet(scene))
    with django_assert_num_queries(9):
        page = client.post(sheet(scene), sent)
    assert len(page.context["formset"].forms) == count


def test_a_book_is_no_list_of_points(scene, monkeypatch):
    client = as_person(scene.cast.representative)
    for limit in ("recommendations.forms.sheets.LINES_MAX", "recommendations.sheets.documents.MOST_XML"):
        with monkeypatch.context() as patched:
            patched.setattr(limit, 5)
            page = client.post(sheet(scene), {**COMMON, "file": SimpleUploadedFile("paper.docx", paper())})
            assert "far too long for a list of points" in page.content.decode()
