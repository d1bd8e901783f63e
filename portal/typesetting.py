"""Pages to print: a PDF from a template and plain data, in every script of the region, the same bytes every time.

What people typed reaches the template as data and is never read as markup. The template may read nothing but itself.
The fonts are in `portal/fonts`, with their licence. Call it outside of transactions: it takes a third of a second.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst
from django.conf import settings

from portal.searchable import searchable

NO_LETTER = "could not be displayed"
FONTS = Path(__file__).resolve().parent / "fonts"


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


def pdf(template: str, data: Mapping[str, Any], at: datetime) -> bytes:
    """Return the PDF of a template below `templates/`, tagged for screen readers, as if made at the moment.

    PDF/UA refuses a letter that no font of ours has. A document with an empty box in it is better than none: then it
    is made without that promise, and is tagged all the same.
    """
    source = Path(settings.BASE_DIR) / "templates" / template
    given: dict[str, Any] = {
        "root": str(source.parent),
        "font_paths": _fonts(),
        "format": "pdf",
        "sys_inputs": {"data": json.dumps(data)},
        "timestamp": int(at.timestamp()),
    }
    try:
        return searchable(typst.compile(str(source), pdf_standards="ua-1", **given))
    except typst.TypstError as error:
        if NO_LETTER not in str(error):
            raise
        return searchable(typst.compile(str(source), **given))
