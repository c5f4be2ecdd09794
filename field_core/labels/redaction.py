"""What may be kept of a scanned text: everything but the key of a Wi-Fi network."""

import re
from collections.abc import Iterator
from typing import Final

from field_core.labels.keys import Key, key_of, pieces
from field_core.labels.payloads import json_pairs, query_pairs, wifi

HIDDEN: Final = "•••"

_WIFI_KEY: Final = re.compile(r"(?<![^:;])P:(?:\\.|[^\\;])*", re.IGNORECASE | re.DOTALL)


def redacted(text: str) -> str:
    """Return a text fit for logs, operations and the server: without the keys of networks."""
    if wifi(text) is not None:
        return _WIFI_KEY.sub(f"P:{HIDDEN}", text)
    for key in sorted(set(_keys(text)), key=len, reverse=True):
        if key not in text:  # it was written with escapes: better nothing than half of it
            return HIDDEN
        text = text.replace(key, HIDDEN)
    return text


def _keys(text: str) -> Iterator[str]:
    named = json_pairs(text) or query_pairs(text)
    if named is not None:
        yield from (value for name, value in named if value and key_of(name) is Key.WIFI_KEY)
    else:
        yield from (piece.text for piece in pieces(text) if piece.key is Key.WIFI_KEY)
