"""pyzbar: the phone's reader, and a second opinion on desktops. Owner of `pyzbar`."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from pyzbar.pyzbar import ZBarSymbol, decode

from field_codes.codes import Corners, Read, Symbology, around, printed
from field_codes.decoders import Decode, Grey

NAME: Final = "pyzbar"

_SYMBOLS: Final = {
    ZBarSymbol.QRCODE: Symbology.QR,
    ZBarSymbol.CODE128: Symbology.CODE_128,
    ZBarSymbol.CODE93: Symbology.CODE_93,
    ZBarSymbol.CODE39: Symbology.CODE_39,
    ZBarSymbol.EAN13: Symbology.EAN_13,
    ZBarSymbol.EAN8: Symbology.EAN_8,
    ZBarSymbol.UPCA: Symbology.UPC_A,
    ZBarSymbol.UPCE: Symbology.UPC_E,
    ZBarSymbol.I25: Symbology.ITF,
}
"""Without the DataBar family: its reader prints assertions and finds codes where none is."""
_BY_NAME: Final = {symbol.name: symbology for symbol, symbology in _SYMBOLS.items()}
_CORNERS: Final = 4


def _decode(grey: Grey) -> Iterator[Read]:
    height, width = grey.shape
    found = decode((grey.tobytes(), width, height), symbols=list(_SYMBOLS))
    return (_read(symbol) for symbol in found)


def _read(symbol: Any) -> Read:  # noqa: ANN401 - pyzbar ships no types
    text = symbol.data.decode("utf-8", "replace")  # zbar converts, by its own guess, to UTF-8
    return printed(text, _BY_NAME[symbol.type], _corners(symbol))


def _corners(symbol: Any) -> Corners:  # noqa: ANN401 - pyzbar ships no types
    """A QR has four corners; of bars zbar gives the ends of the scan lines that crossed them."""
    points = [(float(point.x), float(point.y)) for point in symbol.polygon]
    if len(points) == _CORNERS:
        return points[0], points[1], points[2], points[3]
    box = symbol.rect
    return around([(box.left, box.top), (box.left + box.width, box.top + box.height)])


MODES: Final[Mapping[str, Decode]] = {"zbar": _decode}
