"""Other tones for the same pixels: contrast, light, sharpness."""

from typing import Final

import cv2
import numpy as np

from field_codes.decoders import Grey

CLAHE_LIMIT: Final = 2.0
CLAHE_TILES: Final = (8, 8)
BACKGROUND_PX: Final = 15
"""Wider than a module or a bar of a code that can be read, narrower than a shadow."""
ADAPTIVE_PX: Final = 31
ADAPTIVE_BELOW: Final = 5
GAMMA: Final = 0.5
UNSHARP_SIGMA: Final = 2.0
UNSHARP_AMOUNT: Final = 1.5
DEBLUR_ROUNDS: Final = 8
DEBLUR_SIGMA: Final = 2.0

_WHITE: Final = 255
_BRIGHTER: Final = np.array(
    [round((tone / _WHITE) ** GAMMA * _WHITE) for tone in range(_WHITE + 1)], np.uint8
)


def clahe(grey: Grey) -> Grey:
    """Spread the contrast of each neighbourhood (contrast-limited histogram equalisation)."""
    return _grey(cv2.createCLAHE(CLAHE_LIMIT, CLAHE_TILES).apply(grey))


def flat(grey: Grey) -> Grey:
    """Take the light away: divide by the paper's own brightness around each pixel."""
    kernel = np.ones((BACKGROUND_PX, BACKGROUND_PX), np.uint8)
    paper = cv2.GaussianBlur(cv2.dilate(grey, kernel), (0, 0), BACKGROUND_PX)
    return _grey(cv2.divide(grey, np.maximum(paper, 1), scale=_WHITE))


def otsu(grey: Grey) -> Grey:
    """Make black and white at the one threshold that parts the tones best (Otsu, 1979)."""
    return _grey(cv2.threshold(grey, 0, _WHITE, cv2.THRESH_BINARY | cv2.THRESH_OTSU)[1])


def adaptive(grey: Grey) -> Grey:
    """Make black and white at a threshold of each neighbourhood."""
    return _grey(
        cv2.adaptiveThreshold(
            grey,
            _WHITE,
            cv2.ADAPTIVE_THRESH_GAUSSIAN_C,
            cv2.THRESH_BINARY,
            ADAPTIVE_PX,
            ADAPTIVE_BELOW,
        )
    )


def bright(grey: Grey) -> Grey:
    """Raise the dark tones."""
    return _grey(cv2.LUT(grey, _BRIGHTER))


def unsharp(grey: Grey) -> Grey:
    """Raise the edges by what a blur takes from them."""
    blurred = cv2.GaussianBlur(grey, (0, 0), UNSHARP_SIGMA)
    return _grey(cv2.addWeighted(grey, 1 + UNSHARP_AMOUNT, blurred, -UNSHARP_AMOUNT, 0))


def deblurred(grey: Grey) -> Grey:
    """Undo a lens out of focus by Richardson and Lucy's iteration (1972, 1974)."""
    seen = grey.astype(np.float32) + 1
    guess = seen
    for _ in range(DEBLUR_ROUNDS):
        again = cv2.GaussianBlur(guess, (0, 0), DEBLUR_SIGMA)
        guess = guess * cv2.GaussianBlur(seen / again, (0, 0), DEBLUR_SIGMA)
    return np.clip(guess, 0, _WHITE).astype(np.uint8)


def inverted(grey: Grey) -> Grey:
    """Swap black and white."""
    return _grey(cv2.bitwise_not(grey))


def _grey(made: object) -> Grey:
    return np.ascontiguousarray(made, np.uint8)
