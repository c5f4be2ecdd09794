"""Whether a letter's address shows in a window envelope, and nothing else does (B-16).

A folded letter slides in its envelope: the address has to lie inside the window wherever it slides
to, and no other text may ever come into view. The measures are a #10 envelope's, its window 4 1/2
inches wide, as the letter lies in it; whoever buys other envelopes measures them and says so.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from server_sync.billing.raster import opened

MM_PER_POINT: Final = 25.4 / 72
PICTURE_DPI: Final = 100


@dataclass(frozen=True, slots=True)
class Window:
    """The opening, in mm from the page's top left corner, and how far a letter slides."""

    top: float = 46.5
    left: float = 17.0
    width: float = 114.0
    height: float = 38.0
    slide: float = 3.0

    def grown(self, by: float) -> "Box":
        """Return the opening with `by` added on every side."""
        right, bottom = self.left + self.width, self.top + self.height
        return Box(self.left - by, self.top - by, right + by, bottom + by)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in millimetres from the top left corner, with the text in it."""

    left: float
    top: float
    right: float
    bottom: float
    text: str = ""

    def holds(self, other: "Box") -> bool:
        """Tell whether another box lies wholly inside."""
        return (
            self.left <= other.left
            and self.top <= other.top
            and other.right <= self.right
            and other.bottom <= self.bottom
        )

    def meets(self, other: "Box") -> bool:
        """Tell whether the two have something in common."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


def text_boxes(pdf: bytes, page_number: int = 0) -> list[Box]:
    """Return the pieces of text of a page with where their ink is."""
    with opened(pdf) as document:
        page = document[page_number]
        height, text = page.get_height(), page.get_textpage()
        found = []
        for number in range(text.count_rects()):
            left, bottom, right, top = text.get_rect(number)
            found.append(
                Box(
                    left * MM_PER_POINT,
                    (height - top) * MM_PER_POINT,
                    right * MM_PER_POINT,
                    (height - bottom) * MM_PER_POINT,
                    text.get_text_bounded(left, bottom, right, top).strip(),
                )
            )
        return found


def findings(pdf: bytes, address: Sequence[str], window: Window) -> Iterator[str]:
    """Yield a sentence for each thing that is wrong; nothing is good news."""
    always, ever = window.grown(-window.slide), window.grown(window.slide)
    wanted = {_plain(line) for line in address}
    seen = set()
    for box in text_boxes(pdf):
        is_address = _plain(box.text) in wanted
        if is_address and ever.meets(box):
            seen.add(_plain(box.text))
            if not always.holds(box):
                yield f"{box.text!r} leaves the window when the letter slides ({_where(box)})"
        elif ever.meets(box):
            yield f"{box.text!r} may show in the window ({_where(box)})"
    for line in address:
        if _plain(line) not in seen:
            yield f"{line!r} is not in the window"


def picture(pdf: bytes, window: Window, page_number: int = 0) -> bytes:
    """Return a PNG of a page with the window as it lies, and as far as it may slide."""
    from PIL import ImageDraw  # noqa: PLC0415  # only the operator's picture needs it

    with opened(pdf) as document:
        image = document[page_number].render(scale=PICTURE_DPI / 72).to_pil().convert("RGB")
    draw, scale = ImageDraw.Draw(image), PICTURE_DPI / 25.4
    for by, colour in ((0.0, "#d02020"), (window.slide, "#f0a030"), (-window.slide, "#2060d0")):
        box = window.grown(by)
        edges = [side * scale for side in (box.left, box.top, box.right, box.bottom)]
        draw.rectangle(edges, outline=colour, width=2)
    made = io.BytesIO()
    image.save(made, "PNG")
    return made.getvalue()


def _plain(text: str) -> str:
    return " ".join(text.split())


def _where(box: Box) -> str:
    return f"{box.top:.1f} to {box.bottom:.1f} mm down, {box.left:.1f} to {box.right:.1f} across"
