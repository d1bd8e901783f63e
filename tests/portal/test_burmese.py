"""Burmese in Zawgyi: told from Unicode, converted as Unicode's own transform does, other languages left alone."""

import pytest

from portal import burmese

# Zawgyi and Unicode. All but two say what ICU's transform Zawgyi-my says; it leaves the letter in “ဥာဏ်” as it was.
PAIRS = {
    "ျမန္မာႏိုင္ငံ": "မြန်မာနိုင်ငံ",
    "ေရႊ႕ေျပာင္း အလုပ္သမားမ်ား အဖြဲ႕": "ရွှေ့ပြောင်း အလုပ်သမားများ အဖွဲ့",
    "အလုပ္သမားသမဂၢ": "အလုပ်သမားသမဂ္ဂ",
    "သေဘၤာ": "သင်္ဘော",
    "ေယာက္်ား": "ယောက်ျား",
    "ေက်ာ္": "ကျော်",
    "ဥပေဒ ဥာဏ္ ဦးတင္": "ဥပဒေ ဉာဏ် ဦးတင်",
    "ပစၥည္း ဗုဒၶ ကၽြန္ေတာ္": "ပစ္စည်း ဗုဒ္ဓ ကျွန်တော်",
    "၀န္ႀကီး ႏွစ္ ၂၀၁၀": "ဝန်ကြီး နှစ် ၂၀၁၀",
    "Union ေကာင္း 2026": "Union ကောင်း 2026",
}
ZAWGYI, UNICODE = "ျမန္မာႏိုင္ငံ အလုပ္သမားသမဂၢ", "မြန်မာနိုင်ငံ အလုပ်သမားသမဂ္ဂ"


@pytest.mark.parametrize("zawgyi", PAIRS)
def test_conversion(zawgyi) -> None:
    assert burmese.from_zawgyi(zawgyi) == PAIRS[zawgyi]


@pytest.mark.parametrize("text", ["", "Serikat Buruh", "แรงงานข้ามชาติ", "ကမ်း", "😀" * 20])
def test_what_is_not_burmese_or_too_short_is_not_judged(text) -> None:
    assert burmese.zawgyi_probability(text) == 0


def test_zawgyi_is_told_from_unicode() -> None:
    assert burmese.zawgyi_probability(ZAWGYI) > burmese.SURE
    assert burmese.zawgyi_probability(UNICODE) < burmese.POSSIBLE


@pytest.mark.parametrize(
    "text",
    [
        "ၶေႃႈၵႂၢမ်း လိၵ်ႈတႆး ၼႂ်းမိူင်းတႆး",  # Shan
        "ဘာသာမန် ရးမညဒေသ အခေါင်",  # Mon
        "ကညီကျိာ် ထံကီၢ် ပှၤကညီ",  # Karen
    ],
)
def test_other_languages_of_the_script_are_not_zawgyi(text) -> None:
    assert burmese.zawgyi_probability(text) < burmese.SURE
