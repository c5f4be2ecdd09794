"""The comparison finds what is wrong: a suite that cannot fail proves nothing."""

from __future__ import annotations

import copy
from typing import Final

import pytest

from server_sync.embedded_erp.calls import Reply
from tests.contract.erp_recordings.comparison import differences
from tests.contract.erp_recordings.conftest import OpenSite
from tests.contract.erp_recordings.preparations import prepare
from tests.contract.erp_recordings.recordings import Json, recording
from tests.contract.erp_recordings.test_replay import answer_differences, names_in

NAME: Final = "update_partial_scalar"


@pytest.fixture
def good(site_of: OpenSite) -> Reply:
    wanted = recording(NAME)
    send = site_of(wanted.flavour)
    prepare(send.erp, send, wanted)
    return send(wanted)


def found(reply: Reply) -> list[str]:
    known = frozenset(row["name"] for row in recording(NAME).document["equipment"])
    return answer_differences(recording(NAME), reply, known)


def test_the_answer_itself_passes(good: Reply) -> None:
    assert found(good) == []


def test_wrong_status_is_found(good: Reply) -> None:
    good.status = 201
    assert found(good)


def test_wrong_media_type_is_found(good: Reply) -> None:
    good.content_type = "text/html"
    assert found(good)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("data", "status"), "Open"),
        (("data", "modified"), "2026-11-20 18:42:20.183092"),
        (("data", "duration_minutes"), "90"),
        (("data", "duration_minutes"), 90.0),
        (("data", "description"), None),
        (("data", "equipment"), []),
        (("data", "equipment", 0, "name"), "0000000000"),
        (("data", "equipment", 0, "idx"), 2),
    ],
)
def test_wrong_value_is_found(good: Reply, path: tuple[str | int, ...], value: Json) -> None:
    _put(good, path, value)
    assert found(good)


@pytest.mark.parametrize("key", ["status", "equipment", "modified"])
def test_missing_key_is_found(good: Reply, key: str) -> None:
    assert good.body is not None
    del good.body["data"][key]
    assert found(good)


def test_missing_message_log_is_found(site_of: OpenSite) -> None:
    wanted = recording("update_bad_select_417")
    send = site_of(wanted.flavour)
    prepare(send.erp, send, wanted)
    reply, known = send(wanted), names_in(send.erp)
    assert answer_differences(wanted, reply, known) == []
    assert reply.body is not None
    del reply.body["_server_messages"]
    assert answer_differences(wanted, reply, known)


def test_generated_name_must_look_like_a_hash() -> None:
    assert differences({"name": "32npt9k64b"}, {"name": "0000000000"}) == []
    assert differences({"name": "32npt9k64b"}, {"name": "DJ-00001"})


def _put(reply: Reply, path: tuple[str | int, ...], value: Json) -> None:
    reply.body = copy.deepcopy(reply.body)
    place: Json = reply.body
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
