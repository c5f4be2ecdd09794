"""A payment link as a QR code, drawn on this device: the door has no network to draw it."""

import io
from functools import lru_cache
from typing import Final

import segno

SCALE_PX: Final = 8
"""Pixels of a module: sharp when the picture is drawn at half or twice its size."""
QUIET_MODULES: Final = 4
"""ISO/IEC 18004, 5.3.8: the white edge that readers look for."""


@lru_cache(maxsize=16)
def qr_png(url: str) -> bytes:
    """Return a PNG of a link; error level M, as on paper."""
    made = io.BytesIO()
    segno.make(url, error="m", boost_error=False).save(
        made, kind="png", scale=SCALE_PX, border=QUIET_MODULES
    )
    return made.getvalue()
