"""What a label says: each field with its origin, how sure it is and what else it may be."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Protocol

from field_core.canon import Json
from field_core.identity import bare, gpon_in_hex
from field_core.problems import Problem


class Provenance(StrEnum):
    """How a text came to us (SC-05)."""

    BARCODE = "barcode"
    TYPED = "typed"
    ERP = "erp"
    OCR = "ocr"


RANK: Final[Mapping[Provenance, int]] = {p: at for at, p in enumerate(Provenance)}
"""A text read by OCR never replaces one that was scanned or typed (SC-03)."""


class Field(StrEnum):
    """What a label tells of a device."""

    MAC = "mac_address"
    GPON = "gpon_serial"
    SERIAL = "serial_no"
    MODEL = "model"
    PART = "part_number"
    PRODUCT = "product_code"


class Scanned(Protocol):
    """A code as the scanner gives it."""

    @property
    def text(self) -> str:
        """What it says."""
        ...

    @property
    def symbology(self) -> str:
        """What kind of code it is."""
        ...


@dataclass(frozen=True, slots=True)
class LabelText:
    """One text of a label: a code's content, a line or a page of OCR, what somebody typed."""

    text: str
    provenance: Provenance = Provenance.OCR
    symbology: str = ""
    """`QR`, `DataMatrix`, `Code128`, `Code39`, `EAN13`…; empty when it is no code or unknown."""


@dataclass(frozen=True, slots=True)
class Found:
    """One value of one field."""

    value: str
    """In canonical spelling: `A4:2B:B0:1C:9F:3E`, `TPLGA1B2C3D4`, `GMK170210005623`."""
    provenance: Provenance
    confidence: float
    """0 to 1; a scanned value with its check is near 1, one that OCR repaired under a half."""
    text: str
    """The characters it was read from."""
    alternatives: tuple[str, ...] = ()
    """What it also may be, the likelier first: characters that look alike (OCR only)."""
    maker: str = ""
    """Who makes it, by the registered prefix of a MAC or the vendor letters of a GPON serial."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A text that was meant for a field and cannot be its value, with the reason."""

    field: Field
    text: str
    problem: Problem


@dataclass(frozen=True, slots=True)
class Wifi:
    """The network that a label or a Wi-Fi QR names."""

    ssid: str
    key: str = field(default="", repr=False)
    """Never in a log, an operation or a picture's evidence unless the job asks for it."""
    security: str = ""
    is_hidden: bool = False

    def as_json(self, *, with_key: bool = False) -> dict[str, Json]:
        """Return what may be stored and sent; the key only when somebody asked for it."""
        public: dict[str, Json] = {
            "ssid": self.ssid,
            "security": self.security,
            "hidden": self.is_hidden,
        }
        return {**public, "passphrase": self.key} if with_key else public


@dataclass(frozen=True, slots=True)
class Label:
    """The identity of a device as far as its label tells it."""

    found: Mapping[Field, Found]
    others: tuple[tuple[Field, Found], ...] = ()
    """What was read besides: other ports' MACs, or two serials that nobody can tell apart."""
    refused: tuple[Refused, ...] = ()
    wifi: Wifi | None = None

    @property
    def mac(self) -> Found | None:
        """The MAC, the identity of the device (SC-07)."""
        return self.found.get(Field.MAC)

    @property
    def gpon_serial(self) -> Found | None:
        """The GPON serial in letters: `TPLGA1B2C3D4`."""
        return self.found.get(Field.GPON)

    @property
    def gpon_serial_hex(self) -> str | None:
        """The same in sixteen digits: `54504C47A1B2C3D4`."""
        return gpon_in_hex(self.gpon_serial.value) if self.gpon_serial else None

    @property
    def serial(self) -> Found | None:
        """The maker's own serial number."""
        return self.found.get(Field.SERIAL)

    @property
    def model(self) -> Found | None:
        """What the maker calls the device."""
        return self.found.get(Field.MODEL)

    @property
    def part_number(self) -> Found | None:
        """What the maker orders it by."""
        return self.found.get(Field.PART)

    @property
    def product_code(self) -> Found | None:
        """Its article number: EAN-13, UPC-A."""
        return self.found.get(Field.PRODUCT)

    @property
    def identifies(self) -> bool:
        """Whether it tells which device this is."""
        return any(name in self.found for name in (Field.MAC, Field.GPON, Field.SERIAL))

    def as_json(self, *, with_wifi_key: bool = False) -> dict[str, Json]:
        """Return values and provenance as they are kept with a scan; no raw text, no Wi-Fi key."""
        told: dict[str, Json] = {
            name.value: {
                "value": found.value,
                "provenance": found.provenance.value,
                "confidence": found.confidence,
                "alternatives": list(found.alternatives),
            }
            for name, found in self.found.items()
        }
        return {**told, "wifi": self.wifi.as_json(with_key=with_wifi_key)} if self.wifi else told


def bare_set(values: Iterable[str]) -> frozenset[str]:
    """Return identities without the marks that part them, for comparing."""
    return frozenset(bare(value) for value in values)
