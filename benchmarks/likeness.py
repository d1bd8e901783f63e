"""How long it takes to find what is alike among N submissions: `.venv/bin/python -m benchmarks.likeness`.

Made-up texts in six languages, always alike: words drawn from a stock, every fifth text a near-duplicate of an earlier
one (some words left out, changed or moved). It prints seconds, and how many of the planted near-duplicates were found.
"""

import random
import time

from benchmarks import words
from recommendations import likeness

SIZES = (200, 2000, 20000)
# Where the demonstration has too few words, syllables of the script stand for them.
SYLLABLES = {
    "th": "กา ขัน คืน งาน จ้าง ชาติ ดี ตรง ถิ่น ทุน นาย บุตร ปี ผล พบ ภาษี มือ ยก รับ ลูก วัน ศาล สิทธิ หนี้ อายุ",
    "km": "ការ ខែ គ្រួសារ ងារ ចំណាក ឆ្នាំ ជន ដី តម្លៃ ថ្លៃ ទី នៃ បុគ្គល ផ្ទះ ពលករ ភាគ ម្ចាស់ យល់ រដ្ឋ លិខិត វិធី",
    "my": "က ခွင့် ငွေ စာချုပ် ဆေး ညီ တရား ထောက် ဒဏ် နိုင်ငံ ပြည် ဖြစ် ဘဏ် မိသားစု ယာယီ ရွှေ့ လုပ်သား ဝန် သမီး",
    "zh-hans": "工 人 移 民 权 利 合 同 资 政 府 保 护 家 庭 照 雇 主 费 用 医 疗 法 律",
}
LETTERS = {language: row.split() for language, row in SYLLABLES.items()}


def made(size: int, seed: int = 2007) -> tuple[list[likeness.Text], int]:
    """Return that many texts, and how many of them are near-duplicates of an earlier one."""
    chance, stock = random.Random(seed), words.stock()
    latin = {
        "en": " ".join(english for english, _other in stock.items).split(),
        "id": " ".join(other for _english, other in stock.items).split(),
    }
    languages = list({**latin, **LETTERS})
    texts: list[likeness.Text] = []
    planted = 0
    for number in range(size):
        if number % 5 == 4:
            earlier = chance.choice(texts)
            texts.append(likeness.Text(number, earlier.language, _changed(earlier, chance)))
            planted += 1
            continue
        language = languages[number % len(languages)]
        gap = " " if language in latin else ""
        drawn = chance.choices({**latin, **LETTERS}[language], k=chance.randint(15, 60))
        texts.append(likeness.Text(number, language, gap.join(drawn)))
    return texts, planted


def _changed(one: likeness.Text, chance: random.Random) -> str:
    """Return the words with a stretch left out at one place and another put in at the end."""
    middle = chance.randrange(len(one.words))
    without = one.words[:middle] + one.words[middle + 6 :]
    return without + one.words[: max(3, len(one.words) // 20)]


def main() -> None:
    """Print one line per size."""
    for size in SIZES:
        texts, planted = made(size)
        begun = time.perf_counter()
        found = likeness.pairs(texts)
        grouped = sum(len(group) - 1 for group in likeness.clusters(found))
        seconds = time.perf_counter() - begun
        print(f"{size:>6} submissions: {seconds:6.2f} s, {grouped} of {planted} near-duplicates found")


if __name__ == "__main__":
    main()
