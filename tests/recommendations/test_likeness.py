"""What is alike: in every script, in spite of small changes, without what a convenor set apart; and quickly."""

import time

import pytest

from benchmarks.likeness import made
from recommendations import likeness
from recommendations.likeness import Text

THAI = "ขอให้ประเทศสมาชิกอาเซียนกำหนดให้คนทำงานบ้านมีวันหยุดอย่างน้อยสัปดาห์ละหนึ่งวัน"
KHMER = "សូមឱ្យប្រទេសសមាជិកអាស៊ានកំណត់ថា ថ្លៃសេវាជ្រើសរើសត្រូវបង់ដោយនិយោជក មិនមែនដោយពលករទេ"
BURMESE = "အလုပ်ရှင်နှင့် အေဂျင်စီများသည် အလုပ်သမားများ၏ နိုင်ငံကူးလက်မှတ်ကို သိမ်းဆည်းထားခွင့် မရှိစေရပါ"
CHINESE = "雇主和中介机构不得扣留移民工人的护照，护照必须由工人本人保管，违者应受处罚。"
ENGLISH = "Employers and agencies must not keep the passports of migrant workers under any circumstances."


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("th", THAI, THAI.replace("อย่างน้อย", "") + "ครับ"),
        ("km", KHMER, KHMER.replace("សូមឱ្យ", "យើងសុំឱ្យ")),
        ("my", BURMESE, BURMESE.replace("အေဂျင်စီများ", "အေဂျင်စီ")),
        ("zh-hans", CHINESE, CHINESE.replace("移民", "外来")),
        ("en", ENGLISH, ENGLISH.upper().replace("MUST", "SHOULD")),
        (
            "en",
            ENGLISH,
            "Under any circumstances, employers and agencies must not keep the passports of migrant workers",
        ),
    ],
)
def test_small_changes_are_seen_through_in_every_script(language, one, other):
    texts = [Text(1, language, one), Text(2, language, other), Text(3, language, one[::-1])]
    assert likeness.pairs(texts) == {(1, 2)}


@pytest.mark.parametrize(
    "other",
    ["Employers should pay for the journey home and back.", "Passports.", "", "\u200b", "The passports of employers."],
)
def test_other_demands_are_not_alike(other):
    assert likeness.pairs([Text(1, "en", ENGLISH), Text(2, "en", other)]) == set()


def test_texts_in_different_languages_meet_through_a_translation_only():
    texts = [Text(1, "km", KHMER), Text(2, "en", ENGLISH)]
    assert likeness.pairs(texts) == set()
    assert likeness.pairs([*texts, Text(1, "en", ENGLISH.replace("must", "should"))]) == {(1, 2)}


def test_equal_short_texts_are_alike_and_unequal_ones_are_not_compared():
    texts = [Text(1, "en", "Ban fees!"), Text(2, "en", "ban  fees"), Text(3, "en", "Ban feet")]
    assert likeness.pairs(texts) == {(1, 2)}


def test_with_fresh_ones_only_their_pairs_are_looked_for():
    texts = [Text(number, "en", ENGLISH + " " * number + "Now." * (number % 2)) for number in (1, 2, 3)]
    assert likeness.pairs(texts) == {(1, 3), (1, 2)}
    assert likeness.pairs(texts, fresh=set()) == set()
    assert likeness.pairs(texts, fresh={3}) >= {(1, 3)}
    assert all(3 in pair or 1 in pair for pair in likeness.pairs(texts, fresh={3}))


def test_what_was_set_apart_meets_by_no_way_round():
    assert likeness.clusters([(1, 2), (2, 3)]) == [{1, 2, 3}]
    assert likeness.clusters([(1, 2), (2, 3)], apart=[(1, 3)]) == [{1, 2}]
    assert likeness.clusters([(1, 2)], apart=[(2, 1)]) == []


def test_groups_that_are_there_are_gone_on_with():
    assert likeness.clusters([(3, 4)], begun=[{1, 2}, {3, 5}]) == [{1, 2}, {3, 4, 5}]


def test_no_group_outgrows_what_can_be_merged_at_once():
    chain = [(number, number + 1) for number in range(120)]
    assert {len(group) for group in likeness.clusters(chain)} <= set(range(2, likeness.MOST + 1))


def test_a_form_letter_sent_a_hundred_times_is_found():
    texts = [Text(number, "en", f"{ENGLISH} Signed by group number {number}.") for number in range(100)]
    assert sum(len(group) for group in likeness.clusters(likeness.pairs(texts))) == 100


def test_two_thousand_take_less_than_five_seconds_of_work():
    texts, planted = made(2000)
    begun = time.process_time()
    found = sum(len(group) - 1 for group in likeness.clusters(likeness.pairs(texts)))
    assert time.process_time() - begun < 5
    assert found >= planted * 0.95
