"""A payment link as a QR code, drawn on this device: the door has no network to draw it."""

import io
from functools import lru_cache
from typing import Final, NamedTuple

import segno

SCALE_PX: Final = 10
"""Pixels of a module: any whole size below is a clean cut of it."""
QUIET_MODULES: Final = 4
"""ISO/IEC 18004, 5.3.8: the white edge that readers look for."""


class Code(NamedTuple):
    """A code as PNG, and how many modules it has on a side with its quiet zone."""

    png: bytes
    modules: int

    def size_px(self, most_px: int) -> int:
        """Return the largest size up to `most_px` at which every module is equally wide."""
        return most_px // self.modules * self.modules


@lru_cache(maxsize=16)
def qr_code(url: str) -> Code:
    """Return the code of a link; error level M, as on paper."""
    made, png = segno.make(url, error="m", boost_error=False), io.BytesIO()
    made.save(png, kind="png", scale=SCALE_PX, border=QUIET_MODULES)
    return Code(png.getvalue(), int(made.symbol_size(border=QUIET_MODULES)[0]))
