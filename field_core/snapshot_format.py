"""Documents as columns: the same fields of many documents side by side compress far better.

One frame is JSON: a list of groups, each `{doctype, fields, keys, revs, columns}`, a group holding
documents with exactly the same fields. Hashes do not travel; the reader computes them and the
digest of the exchange tells whether all is well.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from field_core.canon import Body


class Stored(NamedTuple):
    """A document with its key and revision."""

    key: str
    doctype: str
    rev: int
    body: Body


def encode_frame(documents: Iterable[Stored]) -> bytes:
    """Write documents as one frame (uncompressed)."""
    groups: dict[tuple[str, ...], dict[str, Any]] = {}
    for document in documents:
        fields = tuple(sorted(document.body))
        group = groups.setdefault(
            (document.doctype, *fields),
            {
                "doctype": document.doctype,
                "fields": fields,
                "keys": [],
                "revs": [],
                "columns": [[] for _ in fields],
            },
        )
        group["keys"].append(document.key)
        group["revs"].append(document.rev)
        for column, field in zip(group["columns"], fields, strict=True):
            column.append(document.body[field])
    return json.dumps(list(groups.values()), separators=(",", ":"), ensure_ascii=False).encode()


def decode_frame(frame: bytes) -> Iterator[Stored]:
    """Read the documents of a frame; raises ValueError when it is no frame."""
    try:
        for group in json.loads(frame):
            yield from _documents(group)
    except (KeyError, TypeError) as error:
        raise ValueError("not a snapshot frame") from error


def _documents(group: dict[str, Any]) -> Iterator[Stored]:
    fields, doctype = group["fields"], group["doctype"]
    rows = zip(*group["columns"], strict=True) if fields else ((),) * len(group["keys"])
    for key, rev, row in zip(group["keys"], group["revs"], rows, strict=True):
        yield Stored(key, doctype, rev, dict(zip(fields, row, strict=True)))
