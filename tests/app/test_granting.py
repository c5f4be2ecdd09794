"""Leave to measure: what the server may answer, and what is made of it."""

import pytest

from field_app.compose.diagnosing import granted, server_name
from field_app.diagnostics.kit import Grant
from field_app.sync.events import Event, Failed, FailureKind, Replied
from field_core.diagnosis import Absence

GIVEN = {"ticket": "t.1.m", "bytes_max": 1_000, "streams": 4, "seconds": 6.0}


def test_leave_is_read() -> None:
    assert granted(Replied(0, 200, GIVEN), "http://s") == Grant(
        "http://s/v1/throughput", "t.1.m", 1_000, 4, 6.0
    )


@pytest.mark.parametrize(
    ("event", "why"),
    [
        (Replied(0, 429, {"after_s": 90}), Absence(code="server-limit", details={"after_s": 90})),
        (Replied(0, 429, {}), Absence(code="server-limit", details={"after_s": 0})),
        (Replied(0, 401, {}), Absence(code="signed-out")),
        (Replied(0, 503, {}), Absence(code="server-unreachable")),
        (Failed(0, FailureKind.UNREACHABLE), Absence(code="server-unreachable")),
        (Replied(0, 200, {**GIVEN, "streams": 500}), Absence(code="unreadable")),
        (Replied(0, 200, {**GIVEN, "seconds": 3600}), Absence(code="unreadable")),
        (Replied(0, 200, {}), Absence(code="unreadable")),
    ],
)
def test_anything_else_is_a_reason(event: Event, why: Absence) -> None:
    assert granted(event, "http://s") == why


@pytest.mark.parametrize(
    ("server", "name"),
    [
        ("https://sync.example.ca/x", "sync.example.ca"),
        ("http://10.0.0.5:8040", None),
        ("http://localhost:8040", None),
        (None, None),
    ],
)
def test_name_to_resolve_is_our_servers_where_it_has_one(
    server: str | None, name: str | None
) -> None:
    assert server_name(server) == name
