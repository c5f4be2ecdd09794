"""Logs: one JSON line an event, without people and without secrets."""

import io
import json

from server_sync.logs import make_log


def test_line_holds_facts_and_neither_people_nor_secrets() -> None:
    stream = io.StringIO()

    make_log(stream=stream).info(
        "request", route="/v1/sync", email="marc@example.test", api_secret="x", refresh="y"
    )

    line = json.loads(stream.getvalue())
    line.pop("timestamp")
    assert line == {"event": "request", "level": "info", "route": "/v1/sync"}


def test_failure_keeps_its_stack_without_local_values() -> None:
    stream = io.StringIO()
    password = "très-secret"
    try:
        len(password) / 0
    except ZeroDivisionError:
        make_log(stream=stream).exception("request failed")

    assert "ZeroDivisionError" in stream.getvalue()
    assert "très-secret" not in stream.getvalue()


def test_line_below_the_level_is_not_written() -> None:
    stream = io.StringIO()
    make_log(level="error", stream=stream).warning("hm")

    assert stream.getvalue() == ""
