"""Office files are archives: packed in a fixed order with a fixed day, so that the same words make the same bytes."""

import io
import zipfile
from collections.abc import Mapping
from datetime import date

from recommendations.documents.sealing import marks


def packed(parts: Mapping[str, bytes], fingerprint: str, day: date, first: str = "") -> bytes:
    """Return the archive; the marks of edition and seal stand in its comment. `first` is stored as it is."""
    out = io.BytesIO()
    moment = (max(day.year, 1980), day.month, day.day, 12, 0, 0)
    with zipfile.ZipFile(out, "w") as archive:
        for name in sorted(parts, key=lambda one: (one != first, one)):
            entry = zipfile.ZipInfo(name, moment)
            entry.external_attr = 0o600 << 16
            archive.writestr(entry, parts[name], zipfile.ZIP_STORED if name == first else zipfile.ZIP_DEFLATED)
        archive.comment = " ".join(marks(fingerprint)).encode()
    return out.getvalue()
