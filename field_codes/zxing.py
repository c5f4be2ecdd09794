"""zxing-cpp: the best single decoder, on desktops and on the server. Owner of `zxingcpp`."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Final

import zxingcpp
from zxingcpp import BarcodeFormat

from field_codes.codes import Corners, Read, Symbology, printed
from field_codes.decoders import Decode, Grey

NAME: Final = "zxing-cpp"

_FORMATS: Final = {
    BarcodeFormat.QRCode: Symbology.QR,
    BarcodeFormat.MicroQRCode: Symbology.MICRO_QR,
    BarcodeFormat.DataMatrix: Symbology.DATA_MATRIX,
    BarcodeFormat.Aztec: Symbology.AZTEC,
    BarcodeFormat.PDF417: Symbology.PDF417,
    BarcodeFormat.Code128: Symbology.CODE_128,
    BarcodeFormat.Code93: Symbology.CODE_93,
    BarcodeFormat.Code39: Symbology.CODE_39,
    BarcodeFormat.EAN13: Symbology.EAN_13,
    BarcodeFormat.EAN8: Symbology.EAN_8,
    BarcodeFormat.UPCA: Symbology.UPC_A,
    BarcodeFormat.UPCE: Symbology.UPC_E,
    BarcodeFormat.ITF: Symbology.ITF,
}
_WANTED: Final = zxingcpp.barcode_formats_from_str(
    "QRCode|MicroQRCode|DataMatrix|Aztec|PDF417|Code128|Code93|Code39|EAN13|EAN8|UPCA|UPCE|ITF",
)


def _decode(grey: Grey, *, rotate: bool, downscale: bool, invert: bool) -> Iterator[Read]:
    found = zxingcpp.read_barcodes(
        grey,
        formats=_WANTED,
        try_rotate=rotate,
        try_downscale=downscale,
        try_invert=invert,
        # The default writes separators as pictures and puts brackets round GS1 identifiers.
        text_mode=zxingcpp.TextMode.Plain,
    )
    return (_read(barcode) for barcode in found)


def _read(barcode: zxingcpp.Barcode) -> Read:
    """Variants (an extended Code 39, a compact PDF417) are called by their family's name."""
    symbology = _FORMATS.get(barcode.format) or _FORMATS[barcode.symbology]
    return printed(barcode.text, symbology, _corners(barcode.position))


def _corners(position: zxingcpp.Position) -> Corners:
    a, b, c, d = (
        position.top_left,
        position.top_right,
        position.bottom_right,
        position.bottom_left,
    )
    return (a.x, a.y), (b.x, b.y), (c.x, c.y), (d.x, d.y)


MODES: Final[Mapping[str, Decode]] = {
    "zxing": partial(_decode, rotate=True, downscale=True, invert=True),
    "zxing-fast": partial(_decode, rotate=False, downscale=False, invert=False),
    "zxing-rotate": partial(_decode, rotate=True, downscale=False, invert=False),
}
