"""QR codes as pictures: `picture`."""

from io import BytesIO

import segno

__all__ = ["picture"]

QUIET_MODULES = 4  # ISO/IEC 18004 section 6.3.8: the white border that scanners need


def picture(text: str, *, level: str = "M") -> bytes:
    """A PNG of `text` with its quiet zone, eight dots a module; `level` is the error correction L, M, Q or H."""
    out = BytesIO()
    segno.make_qr(text, error=level, boost_error=False).save(out, kind="png", scale=8, border=QUIET_MODULES)
    return out.getvalue()
