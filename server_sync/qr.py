"""QR codes: on invoices, and on the office's screen."""

import io
from typing import Final

import segno

_LEVEL: Final = "m"


def qr_image(text: str) -> str:
    """Return a QR code as a data URI, with the quiet zone of four modules that readers expect."""
    code = segno.make(text, error=_LEVEL, boost_error=False)
    return str(code.svg_data_uri(border=4, dark="#000", light="#fff", scale=4))


def qr_lines(text: str) -> str:
    """Return a QR code as lines of a terminal."""
    lines = io.StringIO()
    segno.make(text, error=_LEVEL).terminal(lines, compact=True)
    return lines.getvalue()
