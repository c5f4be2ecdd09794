"""Names that stand before values on labels, and how a text falls apart at them."""

import re
from enum import StrEnum
from typing import Final, NamedTuple


class Key(StrEnum):
    """What a name announces."""

    MAC = "mac"
    PORT_MAC = "port-mac"
    """A MAC of one port or radio, where the device has one of its own."""
    GPON = "gpon"
    SERIAL = "serial"
    MODEL = "model"
    PART = "part"
    PRODUCT = "product"
    SSID = "ssid"
    WIFI_KEY = "wifi-key"
    OTHER = "other"
    """Known and of no use here; it ends the value before it, and its own is no serial."""
    NONE = "none"


class Piece(NamedTuple):
    """A value with what announces it."""

    key: Key
    text: str


_SERIAL_WORDS: Final = (
    r"(?:S ?[/.]? ?N|SER(?:IAL)?\.?(?:[ _-]?(?:NO|NUM(?:BER)?|NR|N[°º]))?"
    r"|(?:NO|N[°º]|NUM[EÉ]RO) ?DE S[EÉ]RIE|SERIE)\.?"
)
_MAC_WORDS: Final = r"(?:MAC|ADRESSE MAC)(?:[ _-]?(?:ID|ADDR(?:ESS)?|ADDRESSE?))?\.?"
_PORTS: Final = r"(?:WAN|LAN|ETH(?:ERNET)?|WLAN|WI-?FI|BT|MTA|2\.4G(?:HZ)?|5G(?:HZ)?)[ _-]?"
_DEVICES: Final = r"(?:(?:CM|HFC|PON|ONT|ONU|GPON|BASE|DEVICE)[ _-]?)?"
_WHOSE_KEY: Final = r"(?:(?:WI-?FI|WLAN|WPA\d?(?:-PSK)?|WEP|NETWORK|SECURITY|WIRELESS)[ _-]*)*"
_KEY_WORDS: Final = r"(?:KEY|PASS ?WORD|PASSPHRASE|PASS|PWD|PSK|CL[EÉ]|MOT DE PASSE)(?:/PIN)?"

_WORDS: Final = (
    # D-SN and EN stand beside the SN on ZTE's ONTs and are other numbers.
    (Key.OTHER, r"D-? ?S/?N|EN(?=\s*[:=])|CASN|IMEI"),
    (Key.OTHER, r"(?:STB|CHIP|CA|DEVICE|USER|FCC|IC|LO) ?ID"),
    (Key.GPON, rf"(?:G?PON|XGS-?PON|EPON|ONT|ONU)[ _-]?{_SERIAL_WORDS}"),
    (Key.PORT_MAC, _PORTS + _MAC_WORDS),
    (Key.MAC, _DEVICES + _MAC_WORDS),
    (Key.SERIAL, rf"(?:PRODUCT |DEVICE )?{_SERIAL_WORDS}"),
    (Key.PART, r"P ?/ ?N|PART(?:[ _-]?(?:NO|NUMBER))?\.?|PROD(?:UCT)?[ _-]?ID"),
    (Key.PRODUCT, r"EAN(?:-?13)?|UPC(?:-?A)?|GTIN"),
    (Key.WIFI_KEY, rf"{_WHOSE_KEY}{_KEY_WORDS}(?: (?:WI-?FI|WPA\d?))?"),
    (
        Key.SSID,
        r"(?:(?:WI-?FI|WLAN|2\.4G(?:HZ)?|5G(?:HZ)?)[ _-]*)?SSID(?:[ _-]?[25](?:\.4)?G(?:HZ)?)?",
    ),
    (Key.SSID, r"WI-?FI NAME|NETWORK NAME|NOM DU R[EÉ]SEAU"),
    (Key.MODEL, r"MODELE?(?:[ _-]?(?:NO|NAME|NUMBER))?\.?|MOD[EÈ]LE|M/N|TYPE(?=\s*[:=])"),
    (Key.MODEL, r"(?:PRODUCT(?:[ _-]NAME)?|PRODUIT)(?=\s*[:=])"),
    (Key.OTHER, r"(?:DATE|[HFS]/?W|VER(?:SION)?|REV|IP|URL|LOGIN|USER(?:NAME)?)(?=\s*[:=.])"),
    (Key.OTHER, r"(?:POWER|INPUT|OUTPUT|ADMIN|HTTPS?)(?=\s*[:=.])|MADE IN|FABRIQU[EÉ]"),
)
"""First those that contain others. Names in French stand on what is sold in Québec."""

_KEY: Final = re.compile(
    r"(?<![^\W_])(?:"
    + "|".join(f"(?P<k{at}>{words})" for at, (_, words) in enumerate(_WORDS))
    + r")(?:\s*\([^()\n]{0,20}\))?(?:\s*[:=#]+\s*|(?=\s)\s*|\.\s*|-\s*|$)",
    re.IGNORECASE,
)
_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_ENDS: Final = re.compile(r"[;\n\r\t,]|\s{2,}|\|(?=\s)|(?<=\s)\|")
"""A stroke amid other characters is a 1 that OCR saw."""


def pieces(text: str) -> list[Piece]:
    """Cut a text at its names and marks; what no name announces is a piece of its own."""
    found = list(_KEY.finditer(text))
    if not found:
        return _unnamed(text)
    parts = _unnamed(text[: found[0].start()])
    ends = [*(key.start() for key in found[1:]), len(text)]
    for key, end in zip(found, ends, strict=True):
        parts += _named(_key_of(key), text[key.end() : end])
    return parts


def key_of(name: str) -> Key:
    """Return what a whole name announces: of a JSON member or a query."""
    words = _CAMEL.sub(" ", name.replace("_", " ")).strip()
    found = _KEY.match(words)
    return _key_of(found) if found else Key.NONE


def _key_of(found: re.Match[str]) -> Key:
    group = next(at for at in range(len(_WORDS)) if found[f"k{at}"] is not None)
    return _WORDS[group][0]


def _named(key: Key, text: str) -> list[Piece]:
    """The value ends at a mark or a new line; what follows has no name."""
    value = text.strip()
    end = _ENDS.search(value)
    if end is None:
        return [Piece(key, value)] if value else []
    rest = _unnamed(value[end.end() :])
    return [Piece(key, value[: end.start()].strip()), *rest]


def _unnamed(text: str) -> list[Piece]:
    parts = (part.strip() for part in _ENDS.split(text))
    return [Piece(Key.NONE, part) for part in parts if part]
