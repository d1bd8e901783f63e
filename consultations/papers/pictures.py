"""Pictures: drawn anew, so that neither the place, the device nor anything hidden in them goes along."""

import io
import struct

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from consultations.states import PaperKind
from portal.states import Refusal

MOST_PIXELS = 26_000_000  # as a camera takes them; in memory about 80 MB
MAGIC = {b"\xff\xd8\xff": PaperKind.JPEG, b"\x89PNG\r\n\x1a\n": PaperKind.PNG}
QUALITY = 88
BROKEN = (OSError, ValueError, SyntaxError, EOFError, struct.error, Image.DecompressionBombError)


def kind_of(content: bytes) -> PaperKind | None:
    """Return which kind of picture it is by its first bytes, None for anything else."""
    return next((kind for magic, kind in MAGIC.items() if content.startswith(magic)), None)


def redrawn(content: bytes, kind: PaperKind) -> bytes:
    """Return the picture, upright and without metadata. Raises Refusal for one that is broken or far too large."""
    try:
        with Image.open(io.BytesIO(content), formats=[kind.upper()]) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise Refusal(_("This picture is too large to be opened safely. Make it smaller and try again."))
            return _saved(ImageOps.exif_transpose(picture), kind)
    except BROKEN as error:
        raise Refusal(_("This picture is damaged. Save it again in another program and try once more.")) from error


def _saved(picture: Image.Image, kind: PaperKind) -> bytes:
    drawn = picture.convert(_mode(picture, kind))
    drawn.info.clear()
    out = io.BytesIO()
    if kind == PaperKind.JPEG:
        drawn.save(out, "JPEG", quality=QUALITY)
    else:
        drawn.save(out, "PNG")
    return out.getvalue()


def _mode(picture: Image.Image, kind: PaperKind) -> str:
    if picture.mode in {"1", "L"}:
        return "L"
    if kind == PaperKind.PNG and (picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info):
        return "RGBA"
    return "RGB"
