"""Comparing an answer with a recorded one: everything counts except what is drawn at random.

Not compared by value: row names made by hash, tracebacks and exception ids.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Final

from tests.contract.erp_recordings.recordings import Json

_HASH: Final = re.compile(r"[0-9a-v]{10}")
_LOGS: Final = frozenset({"_server_messages", "_debug_messages"})
_RANDOM: Final = frozenset({"__frappe_exc_id", "exc"})
_STRAY: Final = frozenset({"last_scanned_warehouse"})
"""A null that ERPNext leaves in answers without nulls: set by its code, not a stored field."""
_ELIDED: Final = "<python traceback elided>"


def differences(expected: Json, actual: Json, *, known: frozenset[str] = frozenset()) -> list[str]:
    """Every way in which `actual` is not `expected`.

    `known` are names that existed before and must come back as they were.
    """
    return list(_compare(expected, actual, "", known))


def _compare(expected: Json, actual: Json, path: str, known: frozenset[str]) -> Iterator[str]:
    if expected == _ELIDED:
        if not isinstance(actual, str) or not actual:
            yield f"{path}: a text was expected, not {actual!r}"
    elif type(expected) is not type(actual):
        yield f"{path}: {type(expected).__name__} {expected!r} became {actual!r}"
    elif isinstance(expected, dict):
        yield from _compare_objects(expected, actual, path, known)
    elif isinstance(expected, list):
        if len(expected) != len(actual):
            yield f"{path}: {len(expected)} entries became {len(actual)}"
        for number, (left, right) in enumerate(zip(expected, actual, strict=False)):
            yield from _compare(left, right, f"{path}[{number}]", known)
    elif expected != actual:
        yield f"{path}: {expected!r} became {actual!r}"


def _compare_objects(
    expected: dict[str, Json],
    actual: dict[str, Json],
    path: str,
    known: frozenset[str],
) -> Iterator[str]:
    wanted = {k for k, v in expected.items() if k not in _STRAY or v is not None or k in actual}
    if missing := wanted - actual.keys():
        yield f"{path}: missing {sorted(missing)}"
    if extra := actual.keys() - wanted:
        yield f"{path}: unexpected {sorted(extra)}"
    for key in sorted(wanted & actual.keys()):
        place = f"{path}.{key}"
        left, right = expected[key], actual[key]
        if key in _RANDOM:
            yield from _same_length_class(left, right, place)
        elif key in _LOGS and str(left).startswith("["):
            yield from _compare(_log(left), _log(right), place, known)
        elif key == "name" and _is_drawn(left, known):
            if not isinstance(right, str) or not _HASH.fullmatch(right):
                yield f"{place}: a hash was expected, not {right!r}"
        else:
            yield from _compare(left, right, place, known)


def _is_drawn(name: Json, known: frozenset[str]) -> bool:
    return isinstance(name, str) and bool(_HASH.fullmatch(name)) and name not in known


def _same_length_class(expected: Json, actual: Json, place: str) -> Iterator[str]:
    if not isinstance(actual, str) or bool(expected) is not bool(actual):
        yield f"{place}: a text was expected, not {actual!r}"


def _log(text: str) -> list[Json]:
    """A message log: JSON text of a list of JSON texts or plain texts."""
    return [_entry(item) for item in json.loads(text)]


def _entry(item: str) -> Json:
    try:
        return json.loads(item)
    except ValueError:
        return item
