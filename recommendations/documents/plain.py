"""Plain text: no names of adopters, so that it is the same for ever."""

from collections.abc import Iterator

from recommendations.documents.sealing import marks
from recommendations.documents.sheet import Entry, Pair, Sheet


def write(sheet: Sheet) -> bytes:
    """Return the edition as plain text in UTF-8."""
    return ("\n\n".join(filter(None, _parts(sheet))) + "\n").encode()


def _parts(sheet: Sheet) -> Iterator[str]:
    yield sheet.title.main.text
    if sheet.title.beside.text and not sheet.title.beside.missing:
        yield sheet.title.beside.text
    yield sheet.official_title.text
    yield "\n".join(f"{label}: {value}" for label, value in sheet.facts)
    yield sheet.standing
    yield from _both(sheet, sheet.preamble)
    for section in sheet.sections:
        yield f"== {' · '.join(name.text for name in section.names)} =="
        for item in section.items:
            yield _item(sheet, item)
    yield sheet.address
    yield "\n".join(marks(sheet.fingerprint))


def _both(sheet: Sheet, pair: Pair) -> Iterator[str]:
    """Yield the text, and the one beside it; one that is missing says so."""
    said = f"[{sheet.words['no_translation']}]"
    yield from filter(None, [said if pair.main.missing and pair.main.text else "", pair.main.text])
    if pair.beside.text:
        yield said if pair.beside.missing else pair.beside.text


def _item(sheet: Sheet, item: Entry) -> str:
    words = f"{item.label}. " + "\n\n".join(_both(sheet, item.text))
    bodies = "; ".join(one.text for one in item.addressees)
    return f"{words}\n{sheet.words['to']} {bodies}" if bodies else words
