"""Payloads with a form of their own: Wi-Fi, ISO/IEC 15434, JSON, an address with a query."""

import json
import re
from collections.abc import Iterator
from typing import Final

from field_core.labels.model import Wifi

Pair = tuple[str, str]
"""A name as the label writes it, and its value; the name is empty where there is none."""

_WIFI: Final = re.compile(r"\s*WIFI:", re.IGNORECASE)
_WIFI_FIELD: Final = re.compile(r"([A-Z]+):((?:\\.|[^\\;])*)(?:;|$)", re.IGNORECASE | re.DOTALL)
_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)

_ISO_15434: Final = re.compile(r"\[\)>\x1e?0?[56]\x1d(.*?)(?:\x1e\x04?|\x04|$)", re.DOTALL)
_IDENTIFIER: Final = re.compile(r"(\d{0,3}[A-Z])(.*)", re.DOTALL)
_NAMES: Final = {
    "S": "S/N",
    "23S": "MAC",
    "P": "P/N",
    "1P": "MODEL",
}
"""ANSI MH10.8.2; HiSense writes a MAC under `H` and models under `P`, so shapes are looked at."""

_QUERY: Final = re.compile(r"\s*[a-z][a-z0-9+.-]*://[^\s?]*\?(\S+)", re.IGNORECASE)
_PERCENT: Final = re.compile(r"%([0-9A-Fa-f]{2})")


def wifi(text: str) -> Wifi | None:
    """Read a Wi-Fi QR: `WIFI:T:WPA;S:name;P:key;;`, fields in any order, marks escaped."""
    begun = _WIFI.match(text)
    if begun is None:
        return None
    fields: dict[str, str] = {}
    for name, value in _WIFI_FIELD.findall(text[begun.end() :]):
        fields.setdefault(name.upper(), _ESCAPED.sub(r"\1", value))
    if not fields.get("S"):
        return None
    return Wifi(
        ssid=fields["S"],
        key=fields.get("P", ""),
        security=fields.get("T", ""),
        is_hidden=fields.get("H", "").lower() == "true",
    )


def iso_15434(text: str) -> list[Pair] | None:
    """Read a message of identifiers and values between group separators (ISO/IEC 15434, 06)."""
    begun = _ISO_15434.match(text.lstrip())
    if begun is None:
        return None
    return [_identified(part) for part in begun[1].split("\x1d") if part]


def _identified(part: str) -> Pair:
    found = _IDENTIFIER.match(part)
    return (_NAMES.get(found[1], ""), found[2]) if found else ("", part)


def json_pairs(text: str) -> list[Pair] | None:
    """Read the members of a JSON object that are texts or numbers, at every depth."""
    if not text.lstrip().startswith("{"):
        return None
    try:
        return list(_members(json.loads(text)))
    except (ValueError, RecursionError):
        return None


def _members(value: object) -> Iterator[Pair]:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    if isinstance(value, dict):
        yield from ((name, str(v)) for name, v in value.items() if isinstance(v, str | int))
    for item in inner:
        yield from _members(item)


def query_pairs(text: str) -> list[Pair] | None:
    """Read the members of a web address's query (RFC 3986, 3.4)."""
    found = _QUERY.match(text)
    if found is None:
        return None
    parts = re.split("[&;]", found[1].partition("#")[0])
    return [(_plain(name), _plain(value)) for name, _, value in (x.partition("=") for x in parts)]


def _plain(text: str) -> str:
    return _PERCENT.sub(lambda found: chr(int(found[1], 16)), text.replace("+", " "))
