"""The steps by which a view is made from another, by the names that the cascade calls them."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

import cv2

from field_codes.decoders import Grey
from field_codes.opencv import places, shapes, tones
from field_codes.views import View

Step = Callable[[View], Iterator[View]]

cv2.setNumThreads(1)  # the other core draws the screen; on two cores a second thread gains little


def _toned(tone: Callable[[Grey], Grey]) -> Step:
    def step(view: View) -> Iterator[View]:
        yield view.toned(tone(view.grey))

    return step


def _careful(step: Step) -> Step:
    """OpenCV refuses some sizes (slivers, mostly): then there is no such view."""

    def careful(view: View) -> Iterator[View]:
        try:
            yield from step(view)
        except cv2.error:
            return

    return careful


_SHAPES: Final[Mapping[str, Step]] = {
    "doubled": shapes.doubled,
    "halved": shapes.halved,
    "middling": shapes.middling,
    "upright": shapes.upright,
    "straight": shapes.straight,
    "tiled": shapes.tiled,
    "labels": places.labels,
    "bars": places.bars,
}
_TONES: Final[Mapping[str, Callable[[Grey], Grey]]] = {
    "clahe": tones.clahe,
    "flat": tones.flat,
    "otsu": tones.otsu,
    "adaptive": tones.adaptive,
    "bright": tones.bright,
    "unsharp": tones.unsharp,
    "deblurred": tones.deblurred,
    "inverted": tones.inverted,
}

STEPS: Final[Mapping[str, Step]] = {
    name: _careful(step)
    for name, step in {**_SHAPES, **{name: _toned(tone) for name, tone in _TONES.items()}}.items()
}
