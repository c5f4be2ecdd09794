"""Pictures for the scanner's tests: real photos with their truth, and codes that are drawn."""

import io
import json
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import zxingcpp
from PIL import Image

from field_codes.codes import Corners, Symbology
from field_codes.decoders import Grey

FOLDER: Final = Path(__file__).resolve().parents[2] / "fixtures" / "scanner"

_FORMATS: Final = {
    Symbology.QR: zxingcpp.BarcodeFormat.QRCode,
    Symbology.DATA_MATRIX: zxingcpp.BarcodeFormat.DataMatrix,
    Symbology.CODE_128: zxingcpp.BarcodeFormat.Code128,
    Symbology.CODE_39: zxingcpp.BarcodeFormat.Code39,
    Symbology.EAN_13: zxingcpp.BarcodeFormat.EAN13,
    Symbology.UPC_A: zxingcpp.BarcodeFormat.UPCA,
    Symbology.UPC_E: zxingcpp.BarcodeFormat.UPCE,
    Symbology.ITF: zxingcpp.BarcodeFormat.ITF,
}


class Photo(NamedTuple):
    """A real photo, and what is known to be on it."""

    path: Path
    texts: frozenset[str]


def photos() -> list[Photo]:
    index = json.loads((FOLDER / "index.json").read_text(encoding="utf-8"))
    return [
        Photo(FOLDER / entry["file"], frozenset(code["text"] for code in entry["expected"]))
        for entry in index["images"]
    ]


def photo(number: str) -> Photo:
    return next(one for one in photos() if one.path.name.startswith(number))


def drawn(text: str, symbology: Symbology, scale: int = 3) -> Grey:
    """Return a clean code with its quiet zone, black on white."""
    barcode = zxingcpp.create_barcode(text, _FORMATS[symbology])
    return np.pad(np.array(barcode.to_image(scale=scale)), 20, constant_values=255)


def sheet(*codes: Grey, width: int = 900, gap: int = 30) -> Grey:
    """Return codes one under the other on white paper."""
    rows = [np.full((gap, width), 255, np.uint8)]
    for code in codes:
        right = width - code.shape[1] - gap
        rows.append(np.pad(code, ((gap, gap), (gap, right)), constant_values=255))
    return np.vstack(rows)


def file_of(grey: Grey, kind: str = "PNG", **options: Any) -> bytes:  # noqa: ANN401 - Pillow's own
    kept = io.BytesIO()
    Image.fromarray(grey).save(kept, kind, **options)
    return kept.getvalue()


def middle(corners: Corners) -> tuple[float, float]:
    return sum(x for x, _ in corners) / 4, sum(y for _, y in corners) / 4
