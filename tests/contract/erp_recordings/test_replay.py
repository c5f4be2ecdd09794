"""Every recorded request gets the recorded answer."""

# ruff: noqa: S608 - table names come from doctype definitions; values are bound.

from __future__ import annotations

from typing import Final, cast

import pytest

from server_sync.embedded_erp.calls import Reply
from tests.contract.erp_recordings.comparison import differences
from tests.contract.erp_recordings.conftest import OpenSite
from tests.contract.erp_recordings.covered import ELSEWHERE, LEFT_OUT, LOOSE
from tests.contract.erp_recordings.preparations import prepare
from tests.contract.erp_recordings.recordings import Json, Recording, all_recordings, recording

REPLAYED: Final = sorted(all_recordings().keys() - ELSEWHERE.keys() - LEFT_OUT.keys())


@pytest.mark.parametrize("name", REPLAYED)
def test_recorded_request_gets_the_recorded_answer(name: str, site_of: OpenSite) -> None:
    wanted = recording(name)
    send = site_of(wanted.flavour)
    prepare(send.erp, send, wanted)
    assert answer_differences(wanted, send(wanted), names_in(send.erp)) == []


def answer_differences(wanted: Recording, reply: Reply, known: frozenset[str]) -> list[str]:
    """Status, media type, headers the client reads, and body."""
    found = []
    if reply.status != wanted.response["status"]:
        found.append(f"status {wanted.response['status']} became {reply.status}: {reply.body}")
    recorded = wanted.response["headers"]
    kind = recorded.get("content-type", "").partition(";")[0]
    if reply.content_type.partition(";")[0] != kind:
        found.append(f"content type {kind} became {reply.content_type}")
    found += [
        f"header {header}"
        for header in ("retry-after", "x-ratelimit-limit", "x-ratelimit-remaining")
        if header in recorded and reply.headers.get(header) != recorded[header]
    ]
    return found + body_differences(wanted, reply, known)


def body_differences(wanted: Recording, reply: Reply, known: frozenset[str]) -> list[str]:
    if isinstance(wanted.body, str):
        page = reply.content.decode()
        return [] if page.split() == wanted.body.split() else [f"page: {page}"]
    loose = LOOSE.get(wanted.name, frozenset())
    expected, actual = _without_order(wanted.body, loose), _without_order(reply.body, loose)
    return differences(loosened(expected, loose), loosened(actual, loose), known=known)


def loosened(value: Json, loose: frozenset[str]) -> Json:
    """The value with the contents of loose keys replaced by their types."""
    if isinstance(value, dict):
        return {
            key: type(item).__name__ if key in loose else loosened(item, loose)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [loosened(item, loose) for item in value]
    return value


def names_in(erp: object) -> frozenset[str]:
    """Names that existed before the request are compared to the letter."""
    site = cast("Json", erp).site
    found: set[str] = set()
    for doctype in site.forms:
        table = site.form(doctype.name).table
        found |= {row[0] for row in site.db.execute(f"SELECT name FROM {table}")}
    return frozenset(found)


def _without_order(body: Json, loose: frozenset[str]) -> Json:
    if "order" not in loose:
        return body
    return {**body, "data": sorted(body["data"], key=str)}
