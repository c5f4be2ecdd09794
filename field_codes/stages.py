"""The cascade as data: which decoder looks at which view, in what order, for which picture.

The orders are those that read most in the least time on photos of labels, QR codes and boxes that
other people made (docs/figures.md, "Scanner"): what is quick and certain first, then what turns,
enlarges and evens out, and at the end what rescues one picture in a hundred. Of large pictures the
labels are also seen at half their enlarged size: where light is short, neighbours' mean has half
the grain.
"""

from dataclasses import dataclass
from typing import Final

TONES: Final = frozenset(
    {"clahe", "flat", "otsu", "adaptive", "bright", "unsharp", "deblurred", "inverted"},
)
"""Steps that change tones only: what they show wrongly, they show wrongly alike."""
LARGE_PX: Final = 1_800
"""Longer pictures are searched for labels first: a decoder over twelve megapixels is slow, and a
copy made smaller loses the bars."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One decoder over one view."""

    mode: str
    steps: tuple[str, ...] = ()
    is_trusted: bool = False
    """Whether an article number counts at once: this decoder, as the picture came, did not err."""

    @property
    def name(self) -> str:
        """What evidence and figures call it: `zbar doubled upright`."""
        return " ".join((self.mode, *self.steps))

    @property
    def shape(self) -> tuple[str, ...]:
        """The steps that moved pixels."""
        return tuple(step for step in self.steps if step not in TONES)


def _stage(mode: str, steps: str = "") -> Stage:
    return Stage(mode, tuple(steps.split()), is_trusted=mode.startswith("zxing") and not steps)


def _table(*lines: tuple[str, str]) -> tuple[Stage, ...]:
    return tuple(_stage(mode, steps) for mode, steps in lines)


DESKTOP_SMALL: Final = _table(
    ("zxing-fast", ""),
    ("zxing", ""),
    ("zbar", ""),
    ("zxing-rotate", "doubled upright clahe"),
    ("zxing-rotate", "doubled bars"),
    ("zxing", "doubled clahe"),
    ("zbar", "upright"),
    ("zxing-rotate", "doubled flat"),
    ("zbar", "otsu"),
    ("zxing-rotate", "adaptive"),
    ("zxing", "halved"),
    ("zxing-rotate", "doubled unsharp"),
    ("zbar", "bars"),
    ("zbar", "adaptive"),
    ("zxing-rotate", "bright"),
    ("zxing-rotate", "doubled deblurred"),
    ("zbar", "doubled upright"),
    ("zxing-fast", "tiled"),
)

DESKTOP_LARGE: Final = _table(
    ("zxing-fast", ""),
    ("zxing-rotate", "labels"),
    ("zxing-rotate", "labels halved"),
    ("zxing-rotate", "labels upright"),
    ("zbar", "labels straight halved"),
    ("zbar", "labels straight"),
    ("zxing-rotate", "labels flat"),
    ("zxing", "halved"),
    ("zxing", ""),
    ("zxing", "middling bright"),
    ("zxing-rotate", "labels clahe"),
    ("zxing-rotate", "bars"),
    ("zbar", "labels"),
    ("zbar", ""),
)

PHONE_SMALL: Final = _table(
    ("zbar", ""),
    ("zbar", "upright"),
    ("zbar", "otsu"),
    ("zbar", "bars"),
    ("zbar", "doubled upright"),
    ("zbar", "bars clahe"),
    ("opencv-articles", ""),
    ("zbar", "adaptive"),
    ("zbar", "doubled clahe"),
    ("zbar", "halved"),
    ("zbar", "clahe"),
    ("zbar", "halved adaptive"),
    ("opencv-qr", ""),
    ("zbar", "doubled flat"),
    ("opencv-qr", "inverted"),
    ("zbar", "doubled deblurred"),
)

PHONE_LARGE: Final = _table(
    ("zbar", "labels straight"),
    ("zbar", "labels straight halved"),
    ("zbar", "labels"),
    ("zbar", "middling"),
    ("zbar", "labels flat"),
    ("opencv-qr", "middling"),
    ("zbar", ""),
    ("zbar", "bars"),
    ("zbar", "labels otsu"),
    ("opencv-articles", "middling"),
)


def stages_for(shape: tuple[int, int], *, has_zxing: bool) -> tuple[Stage, ...]:
    """Choose the table by the picture's size and by whether the best decoder is here."""
    if max(shape) > LARGE_PX:
        return DESKTOP_LARGE if has_zxing else PHONE_LARGE
    return DESKTOP_SMALL if has_zxing else PHONE_SMALL
