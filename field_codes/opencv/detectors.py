"""OpenCV's own decoders of QR and of article numbers, for want of better ones.

They also tell of codes that they found and could not read: with an empty text.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import cv2

from field_codes.codes import Corners, Read, Symbology, printed
from field_codes.decoders import Decode, Grey

NAME: Final = "opencv"

_KINDS: Final = {
    "EAN_13": Symbology.EAN_13,
    "EAN_8": Symbology.EAN_8,
    "UPC_A": Symbology.UPC_A,
    "UPC_E": Symbology.UPC_E,
}


def _qr(grey: Grey) -> Iterator[Read]:
    found, texts, quads, _ = cv2.QRCodeDetectorAruco().detectAndDecodeMulti(grey)
    for text, quad in _pairs(found, texts, quads):
        yield Read(text, Symbology.QR, _corners(quad))


def _articles(grey: Grey) -> Iterator[Read]:
    detector = cv2.barcode.BarcodeDetector()
    found, texts, kinds, quads = detector.detectAndDecodeWithType(grey)
    for (text, quad), kind in zip(_pairs(found, texts, quads), kinds or (), strict=False):
        if kind in _KINDS:
            yield printed(text, _KINDS[kind], _corners(quad))


def _pairs(found: bool, texts: Any, quads: Any) -> Iterable[tuple[str, Any]]:  # noqa: ANN401, FBT001 - as cv2 answers
    return zip(texts, quads, strict=True) if found and quads is not None else ()


def _corners(quad: Any) -> Corners:  # noqa: ANN401 - an array of four points
    a, b, c, d = ((float(x), float(y)) for x, y in quad)
    return a, b, c, d


MODES: Final[Mapping[str, Decode]] = {"opencv-qr": _qr, "opencv-articles": _articles}
