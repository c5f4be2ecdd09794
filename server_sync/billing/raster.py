"""PDF pages as pictures, and the one lock that PDFium needs: it is not safe on two threads."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Final

import pypdfium2

from field_core.problems import ProblemError

SCREEN_DPI: Final = 130
"""A page is 1,105 pixels wide: sharp on a desktop, and a phone may zoom into it."""
COLOURS: Final = 64
"""Black text, one green, and the greys of their edges: half the bytes of full colour."""
_POINTS_PER_INCH: Final = 72
_lock: Final = Lock()


@contextmanager
def opened(pdf: bytes) -> Iterator[pypdfium2.PdfDocument]:
    """Open a PDF; nobody else uses PDFium meanwhile."""
    with _lock:
        document = pypdfium2.PdfDocument(pdf)
        try:
            yield document
        finally:
            document.close()


def page_count(pdf: bytes) -> int:
    """Return how many pages a PDF has."""
    with opened(pdf) as document:
        return len(document)


def page_png(pdf: bytes, number: int) -> bytes:
    """Return a page (the first is 1) as a PNG; raises ProblemError `not-found` beyond the last."""
    with opened(pdf) as document:
        if not 1 <= number <= len(document):
            raise ProblemError("not-found")
        scale = SCREEN_DPI / _POINTS_PER_INCH
        image = document[number - 1].render(scale=scale).to_pil().convert("RGB")
    made = io.BytesIO()
    image.quantize(COLOURS).save(made, "PNG", optimize=True)
    return made.getvalue()
