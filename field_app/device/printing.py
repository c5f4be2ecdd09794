"""A PDF of A4 pages, drawn with Pillow, which every platform of ours carries already.

Its text is a picture: a library that sets text brings 30 MB of font tools to a phone.
"""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from field_app.ports import PrintedLine, PrintedSection, PrintedVerdict, Sheet

DPI: Final = 150
"""Sharp on paper and on a screen; a page weighs some 100 kB."""
WIDTH_PX, HEIGHT_PX = 1240, 1754
MARGIN_PX: Final = 110
QUALITY: Final = 80
FONTS: Final = Path(__file__).resolve().parents[2] / "assets" / "fonts"

_INK, _SOFT, _LINE = (20, 28, 36), (92, 102, 112), (210, 216, 222)
_MOODS: Final = {
    "good": (22, 110, 62),
    "warn": (158, 96, 0),
    "bad": (176, 32, 32),
    "neutral": _INK,
}
_Font = ImageFont.FreeTypeFont


class Printer:
    """The port `Printing`."""

    def __init__(self, fonts: Path = FONTS) -> None:
        self._fonts = fonts

    def pdf(self, sheet: Sheet) -> bytes:
        """Return the bytes of a PDF of A4 pages."""
        pages = _Pages(self._fonts)
        pages.text(sheet.title, size=44, is_bold=True, after=10)
        for fact in sheet.facts:
            pages.text(fact, size=24, color=_SOFT)
        pages.space(18)
        for verdict in sheet.verdicts:
            _verdict(pages, verdict)
        for section in sheet.sections:
            _section(pages, section)
        return pages.saved(sheet.foot)


def _verdict(pages: "_Pages", verdict: PrintedVerdict) -> None:
    color = _MOODS[verdict.mood]
    pages.keep_together(150)
    top = pages.y
    pages.text(verdict.state.upper(), size=22, is_bold=True, color=color, indent=28)
    pages.text(verdict.sentence, size=28, is_bold=True, indent=28)
    pages.text(verdict.action, size=24, color=_SOFT, indent=28)
    pages.bar(top, color)
    pages.space(16)


def _section(pages: "_Pages", section: PrintedSection) -> None:
    pages.space(10)
    pages.keep_together(120)
    pages.text(section.title, size=30, is_bold=True, after=4)
    pages.rule()
    for line in section.lines:
        _line(pages, line)


def _line(pages: "_Pages", line: PrintedLine) -> None:
    pages.keep_together(70)
    pages.pair(line.label, line.value, color=_MOODS[line.mood])
    if line.note:
        pages.text(line.note, size=20, color=_SOFT, indent=20)
    pages.space(4)


class _Pages:
    """Pages that are filled from the top; a new one begins where the old one ends."""

    def __init__(self, fonts: Path) -> None:
        self._fonts = fonts
        self._known: dict[tuple[int, bool], _Font] = {}
        self._pages: list[Image.Image] = []
        self.y = 0
        self._turn()

    def _turn(self) -> None:
        page = Image.new("RGB", (WIDTH_PX, HEIGHT_PX), "white")
        self._pages.append(page)
        self._draw = ImageDraw.Draw(page)
        self.y = MARGIN_PX

    def _font(self, size: int, *, is_bold: bool) -> _Font:
        if (size, is_bold) not in self._known:
            name = "B612-Bold.otf" if is_bold else "B612-Regular.otf"
            self._known[size, is_bold] = ImageFont.truetype(self._fonts / name, size)
        return self._known[size, is_bold]

    def keep_together(self, height: int) -> None:
        """Begin a page where this much is no longer free."""
        if self.y + height > HEIGHT_PX - MARGIN_PX:
            self._turn()

    def space(self, height: int) -> None:
        """Leave room."""
        self.y += height

    def text(
        self,
        value: str,
        *,
        size: int,
        is_bold: bool = False,
        color: tuple[int, int, int] = _INK,
        indent: int = 0,
        after: int = 2,
    ) -> None:
        """Set a text in as many lines as it needs."""
        font = self._font(size, is_bold=is_bold)
        for words in _wrapped(value, font, WIDTH_PX - 2 * MARGIN_PX - indent):
            self.keep_together(size)
            self._draw.text((MARGIN_PX + indent, self.y), words, font=font, fill=color)
            self.y += round(size * 1.35)
        self.y += after

    def pair(self, label: str, value: str, *, color: tuple[int, int, int]) -> None:
        """Set a name at the left, its value at the right; below each other where they are long."""
        plain, bold = self._font(24, is_bold=False), self._font(24, is_bold=True)
        width = WIDTH_PX - 2 * MARGIN_PX
        if plain.getlength(label) + bold.getlength(value) + 24 > width:
            self.text(label, size=24)
            self.text(value, size=24, is_bold=True, color=color, indent=20)
            return
        self._draw.text((MARGIN_PX, self.y), label, font=plain, fill=_INK)
        at = WIDTH_PX - MARGIN_PX - bold.getlength(value)
        self._draw.text((at, self.y), value, font=bold, fill=color)
        self.y += 34

    def rule(self) -> None:
        """Draw a line across."""
        self._draw.line((MARGIN_PX, self.y, WIDTH_PX - MARGIN_PX, self.y), fill=_LINE, width=2)
        self.y += 10

    def bar(self, top: int, color: tuple[int, int, int]) -> None:
        """Draw a bar beside what was set since `top`, where that is on this page."""
        if top < self.y:
            self._draw.rectangle((MARGIN_PX, top, MARGIN_PX + 8, self.y - 6), fill=color)

    def saved(self, foot: str) -> bytes:
        """Number the pages, and return them as a PDF."""
        font = self._font(20, is_bold=False)
        for number, page in enumerate(self._pages, start=1):
            draw = ImageDraw.Draw(page)
            at = HEIGHT_PX - MARGIN_PX // 2
            draw.text((MARGIN_PX, at), foot, font=font, fill=_SOFT)
            told = f"{number}/{len(self._pages)}"
            draw.text(
                (WIDTH_PX - MARGIN_PX - font.getlength(told), at), told, font=font, fill=_SOFT
            )
        out = BytesIO()
        first, *more = self._pages
        first.save(out, "PDF", resolution=DPI, save_all=True, append_images=more, quality=QUALITY)
        return out.getvalue()


def _wrapped(value: str, font: _Font, width: float) -> Sequence[str]:
    lines, line = [], ""
    for word in value.split():
        tried = f"{line} {word}".strip()
        if line and font.getlength(tried) > width:
            lines.append(line)
            line = word
        else:
            line = tried
    return [*lines, line]
