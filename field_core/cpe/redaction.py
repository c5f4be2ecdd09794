"""A device document without its secrets, before anything else sees it.

The ACS stores passwords in clear, and the public dump of one gateway even carries a private key, so
redaction goes by name and errs on the side of dropping: whatever has key, pass, pwd, PSK, secret,
LOID, PIN, token or credential in its name goes, with all that is under it, and so do the user names
of PPP, ACS and web log-ins (the RADIUS name is never copied to a phone, DX-07).
"""

import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from itertools import islice
from typing import Final, TypeVar, cast

from field_core.canon import Json, storable
from field_core.secrets import is_secret

DEPTH_MAX: Final = 24
"""The deepest standard path has 14 parts; deeper is no device document."""
NODES_MAX: Final = 200_000
"""Five times a full tree of 5,400 parameters; what refers to itself ends here."""
NAMES_KEPT_MAX: Final = 8192
"""Parameter names differ by some hundreds per family; this keeps the memory of them bounded."""

_SMELLS: Final = re.compile(
    r"(?i:key|pass(?!thr)|pwd|psk|secret|loid|ploam|token|credential|username|userid|login|private)"
    r"|PIN(?!G)|Pin$|^pin$"
)


def redact(document: object) -> Json:
    """Return a copy of a document, of any shape, without its secret-looking members."""
    return _Copy().value(document, DEPTH_MAX)


@lru_cache(maxsize=NAMES_KEPT_MAX)
def is_hidden(name: str) -> bool:
    """Tell whether a parameter or object of this name is left out."""
    return is_secret(name) or _SMELLS.search(name) is not None


_T = TypeVar("_T")


class _Copy:
    """One walk over a document, which ends after so many members."""

    def __init__(self) -> None:
        self._left = NODES_MAX

    def value(self, value: object, depth: int) -> Json:
        """Return a copy of a value that JSON can hold, down to a depth."""
        if isinstance(value, dict):
            return self._members(value, depth - 1) if depth else None
        if isinstance(value, (list, tuple)):
            return [self.value(item, depth - 1) for item in self._some(value)] if depth else None
        if value is None or isinstance(value, (str, int, float)):
            return storable(value)
        return None

    def _members(self, members: dict[object, object], depth: int) -> dict[str, Json]:
        kept: dict[str, Json] = {}
        for name, item in self._some(members.items()):
            if isinstance(name, str) and not is_hidden(name):
                # Most members are short plain texts and switches: they need no further look.
                plain = item is True or item is False or (type(item) is str and item.isalnum())
                copy = cast("Json", item) if plain else self.value(item, depth)
                kept[name if name.isprintable() else str(storable(name))] = copy
        return kept

    def _some(self, items: Collection[_T]) -> Iterator[_T]:
        taken = min(self._left, len(items))
        self._left -= taken
        return islice(items, taken)
