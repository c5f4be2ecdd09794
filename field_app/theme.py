"""Design tokens: palettes, sizes, spaces; outdoors in the sun, with gloves, on a small screen.

No widget names a colour or a size of its own. Contrast between the pairs named in `PAIRS` is
tested: 4.5 to 1 in the light and dark palettes, 7 to 1 outdoors (WCAG 2.2, 1.4.3 and 1.4.6).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

TARGET_PX: Final = 56
"""Touch targets are 48 px or more; gloves ask for a little over that."""
ICON_TARGET_PX: Final = 48
FIELD_PX: Final = 420
"""No field is wider than a hand's reach, on any screen."""
READING_PX: Final = 760
"""A line longer than this is hard to read; wider panes keep the rest empty."""
LIST_PANE_PX: Final = 392
WIDE_PX: Final = 900
"""From this width on, list and detail stand side by side."""
ROWS_LIVE_MAX: Final = 60
"""Rows drawn at a time: Python makes and ships each one (flet.md, lists)."""
RADIUS_PX: Final = 14
GAP_XS: Final = 4
GAP_S: Final = 8
GAP_M: Final = 12
GAP_L: Final = 16
GAP_XL: Final = 24
SCALES: Final = (1.0, 1.15, 1.3, 1.5, 2.0)
"""Sizes of text to choose from; WCAG 2.2, 1.4.4 asks for 200 % without loss."""
STACKED_ABOVE: Final = 1.3
"""From this size of text on, things beside each other on a phone leave too little room."""
UNDO_S: Final = 10
"""How long an undo is offered (T-15)."""


class Mode(StrEnum):
    """How the screen is lit."""

    LIGHT = "light"
    DARK = "dark"
    OUTDOOR = "outdoor"


class Tone(StrEnum):
    """What a colour says; a word or an icon always says it too."""

    NEUTRAL = "neutral"
    INFO = "info"
    ACTIVE = "active"
    GOOD = "good"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours by role; each tone is a pair: ink on its container."""

    background: str
    surface: str
    raised: str
    line: str
    ink: str
    ink_soft: str
    primary: str
    on_primary: str
    selected: str
    on_selected: str
    tones: Mapping[Tone, tuple[str, str]]

    def ink_of(self, tone: Tone) -> str:
        """Return the colour of words and icons in a tone."""
        return self.tones[tone][0]

    def container_of(self, tone: Tone) -> str:
        """Return what stands behind them."""
        return self.tones[tone][1]


LIGHT: Final = Palette(
    background="#F3F6F8",
    surface="#FFFFFF",
    raised="#FFFFFF",
    line="#D5DEE4",
    ink="#10212B",
    ink_soft="#4A5B66",
    primary="#0B4F71",
    on_primary="#FFFFFF",
    selected="#DCECF4",
    on_selected="#0B3D5C",
    tones={
        Tone.NEUTRAL: ("#40505A", "#E8EDF0"),
        Tone.INFO: ("#0B4F71", "#DCECF4"),
        Tone.ACTIVE: ("#6A3D00", "#FFE3BA"),
        Tone.GOOD: ("#14532D", "#D6F0DE"),
        Tone.WARN: ("#6B4300", "#FFF0C9"),
        Tone.BAD: ("#8B1A1A", "#FBDFDD"),
    },
)
DARK: Final = Palette(
    background="#0D1519",
    surface="#152127",
    raised="#1B2A31",
    line="#33454F",
    ink="#EAF1F4",
    ink_soft="#AEBFC8",
    primary="#8CCBEA",
    on_primary="#06293B",
    selected="#1E4256",
    on_selected="#DDF1FB",
    tones={
        Tone.NEUTRAL: ("#C9D5DB", "#26353D"),
        Tone.INFO: ("#A9DBF3", "#133B50"),
        Tone.ACTIVE: ("#FFD08A", "#4A3002"),
        Tone.GOOD: ("#A6E3B8", "#133D23"),
        Tone.WARN: ("#FFDF8E", "#433200"),
        Tone.BAD: ("#FFB9B2", "#541616"),
    },
)
OUTDOOR: Final = Palette(
    background="#FFFFFF",
    surface="#FFFFFF",
    raised="#FFFFFF",
    line="#000000",
    ink="#000000",
    ink_soft="#1D1D1D",
    primary="#00304A",
    on_primary="#FFFFFF",
    selected="#FFE96B",
    on_selected="#000000",
    tones={
        Tone.NEUTRAL: ("#000000", "#EDEDED"),
        Tone.INFO: ("#002B45", "#D9EEFB"),
        Tone.ACTIVE: ("#3A2000", "#FFD995"),
        Tone.GOOD: ("#00330F", "#C9F5D5"),
        Tone.WARN: ("#372100", "#FFEDA8"),
        Tone.BAD: ("#5E0000", "#FFD9D6"),
    },
)
PALETTES: Final[Mapping[Mode, Palette]] = {
    Mode.LIGHT: LIGHT,
    Mode.DARK: DARK,
    Mode.OUTDOOR: OUTDOOR,
}
CONTRAST_MIN: Final[Mapping[Mode, float]] = {Mode.LIGHT: 4.5, Mode.DARK: 4.5, Mode.OUTDOOR: 7.0}


def pairs(palette: Palette) -> list[tuple[str, str, str]]:
    """Return every pair of ink and ground that screens draw, with what it is for."""
    grounds = {"background": palette.background, "surface": palette.surface}
    inks = {"ink": palette.ink, "ink_soft": palette.ink_soft, "primary": palette.primary}
    return [
        *((f"{i} on {g}", ink, ground) for i, ink in inks.items() for g, ground in grounds.items()),
        ("on_primary on primary", palette.on_primary, palette.primary),
        ("on_selected on selected", palette.on_selected, palette.selected),
        *((f"{tone}", ink, ground) for tone, (ink, ground) in palette.tones.items()),
        *((f"{tone} on surface", ink, palette.surface) for tone, (ink, _) in palette.tones.items()),
    ]


@dataclass(frozen=True, slots=True)
class Look:
    """How everything is drawn for one person: the light, and the size of text."""

    mode: Mode = Mode.LIGHT
    scale: float = 1.0

    @property
    def palette(self) -> Palette:
        """The colours."""
        return PALETTES[self.mode]

    @property
    def line_px(self) -> int:
        """Outlines are thicker outdoors, where fills wash out."""
        return 2 if self.mode is Mode.OUTDOOR else 1

    @property
    def small(self) -> float:
        """Facts beside the point."""
        return 13 * self.scale

    @property
    def body(self) -> float:
        """What is read."""
        return 15 * self.scale

    @property
    def strong(self) -> float:
        """Titles of rows and cards, words on buttons."""
        return 16 * self.scale

    @property
    def heading(self) -> float:
        """Titles of screens."""
        return 20 * self.scale

    @property
    def display(self) -> float:
        """The one thing that counts: a time, a state, a number."""
        return 26 * self.scale
