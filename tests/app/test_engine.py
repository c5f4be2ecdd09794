"""The engine as a value: events in, effects out, whatever the network does (T-18 to T-22, T-25)."""

# ruff: noqa: ANN401 - JSON of any shape

from typing import Any

import pytest

from field_app.sync.engine import MEND_AGAIN_MS, POLL_MS, Phase
from field_app.sync.events import (
    Arrived,
    Call,
    Changed,
    Edited,
    Erase,
    Failed,
    FailureKind,
    FetchRange,
    Hinted,
    KeepSession,
    Online,
    Replied,
    SignedIn,
    Tick,
)
from field_core.canon import Body
from field_core.wire import Change, Outcome
from tests.app.making import (
    NOON_MS,
    Device,
    change,
    digest_of,
    job,
    key,
    reply,
    session,
    snapshot,
    stored,
)

OTHER = "0197a000-0000-7000-8000-00000000eeee"


@pytest.fixture
def device() -> Device:
    return Device().synced(stored(1, job()))


def note(device: Device, text: str = "x") -> int:
    return device.recorder.append(key(1), "notes", {"text": text}).n


def due(device: Device) -> None:
    """Let time pass until the engine wants to be woken, and wake it."""
    device.clock.go(device.engine.wake_ms - device.clock.mono_ms)
    device.step(Tick())


def sent(device: Device) -> list[Body]:
    ops: list[Body] = device.call("/v1/sync").json.get("ops", [])
    return ops


def verdicts(*numbers: int, **more: Any) -> dict[str, Any]:
    outcomes = [Outcome.model_validate({"n": n, "verdict": "applied", "seq": 2}) for n in numbers]
    return {"outcomes": outcomes, "last_n": max(numbers), **more}


def problem(code: str) -> dict[str, str]:
    return {"code": code}


# --- an exchange


def test_first_exchange_asks_for_everything() -> None:
    device = Device()

    call = device.call("/v1/sync")
    assert (call.json, call.access) == ({"now": [NOON_MS, 1_000, "boot-1"], "proto": 1}, "access-1")


def test_news_is_told_and_the_next_look_is_a_minute_later(device: Device) -> None:
    assert device.effects == [Changed(frozenset({key(1)}))]
    assert device.engine.wake_ms == device.clock.mono_ms + POLL_MS
    assert device.engine.status().phase is Phase.IDLE


def test_engine_sleeps_while_an_answer_is_awaited(device: Device) -> None:
    """Due work that waits for an answer must not wake the shell again and again."""
    due(device)

    assert device.engine.wake_ms > device.clock.mono_ms


def test_edit_is_sent_at_once(device: Device) -> None:
    note(device)

    device.step(Edited())

    assert [op["n"] for op in sent(device)] == [1]


def test_edit_made_while_a_call_is_under_way_goes_with_the_next(device: Device) -> None:
    note(device)
    device.step(Edited())
    under_way = device.call("/v1/sync").call
    note(device)
    assert device.step(Edited()) == []

    device.step(Replied(under_way, 200, reply(since="e.1", **verdicts(1)).model_dump(mode="json")))

    assert [op["n"] for op in sent(device)] == [2]


def test_reply_lost_means_the_same_operation_again(device: Device) -> None:
    """T-20: the first answer is lost, Marc edits again, both go up, the first one unchanged."""
    note(device, "one")
    device.step(Edited())
    first = sent(device)
    device.step(Failed(device.call("/v1/sync").call, FailureKind.STALLED))
    note(device, "two")
    assert device.step(Edited()) == []  # while calls fail, an edit does not cut the wait

    due(device)

    assert (sent(device)[0], [op["n"] for op in sent(device)]) == (first[0], [1, 2])
    device.answer("/v1/sync", reply(since="e.1", **verdicts(1, 2)))
    assert device.replica.outbox.pending_count() == 0


def test_late_answer_of_a_call_that_was_given_up_changes_nothing(device: Device) -> None:
    note(device)
    device.step(Edited())
    lost = device.call("/v1/sync").call
    device.step(Failed(lost, FailureKind.STALLED))

    late = reply([change(2, job(2))], since="e.1", cursor="e.2", **verdicts(1))
    assert device.step(Replied(lost, 200, late.model_dump(mode="json"))) == []
    assert device.replica.outbox.pending_count() == 1


def test_more_pages_are_asked_for_at_once(device: Device) -> None:
    due(device)

    device.answer("/v1/sync", reply([change(2, job(2))], since="e.1", cursor="e.2", more=True))

    assert device.call("/v1/sync").json["cursor"] == "e.2"


def test_hint_during_a_call_asks_once_more_after_it(device: Device) -> None:
    due(device)
    call = device.call("/v1/sync").call
    device.step(Hinted())

    device.step(Replied(call, 200, reply(since="e.1").model_dump(mode="json")))

    device.call("/v1/sync")


def test_verdict_moves_nothing_out_of_the_view(device: Device) -> None:
    """T-18: the job was cancelled in the office; what was done on it is accepted and stays."""
    note(device, "fait quand même")
    device.step(Edited())

    news = change(
        1,
        job(
            status="Cancelled",
            cancelled_by="Sophie",
            notes=[{"id": "n", "text": "fait quand même"}],
        ),
        rev=3,
    )
    device.answer("/v1/sync", reply([news], since="e.1", cursor="e.3", seq=3, **verdicts(1)))

    held = device.replica.document(key(1))
    assert held is not None
    assert (held.body["status"], held.body["cancelled_by"], held.body["notes"]) == (
        "Cancelled",
        "Sophie",
        [{"id": "n", "text": "fait quand même"}],
    )


def test_skew_is_measured_at_each_exchange(device: Device) -> None:
    """T-22."""
    device.clock.wall_ms += 2 * 3_600_000
    due(device)

    device.answer("/v1/sync", reply(since="e.1", now_ms=device.clock.wall_ms - 2 * 3_600_000))

    assert device.replica.get("skew_ms") == str(2 * 3_600_000)


# --- failures in words


@pytest.mark.parametrize(
    ("kind", "word"),
    [
        (FailureKind.UNREACHABLE, "server-unreachable"),
        (FailureKind.STALLED, "server-unreachable"),
        (FailureKind.UNREADABLE, "server-unreachable"),
        (FailureKind.CAPTIVE, "captive-portal"),
    ],
)
def test_failure_is_said_and_waited_out(device: Device, kind: FailureKind, word: str) -> None:
    """T-25: a portal's page is a failure with a name, and the last contact stays what it was."""
    before = device.engine.status().contact_ms
    due(device)

    device.step(Failed(device.call("/v1/sync").call, kind))

    status = device.engine.status()
    assert (status.failure, status.contact_ms, status.failures) == (word, before, 1)
    assert device.engine.wake_ms == device.clock.mono_ms + 1_000


def test_answer_that_does_not_tell_the_time_is_not_our_servers(device: Device) -> None:
    """T-25: a portal that answers `{}` with 200 is no success either."""
    note(device)
    device.step(Edited())

    device.answer("/v1/sync", {})

    assert device.engine.status().failure == "captive-portal"
    assert device.replica.outbox.pending_count() == 1


@pytest.mark.parametrize("body", [None, [], "x", {"changes": 1}, {"now_ms": "soon"}])
def test_answer_of_another_shape_is_a_failure(device: Device, body: Any) -> None:
    due(device)

    device.answer("/v1/sync", body)

    assert device.engine.status().failure == "internal"


def test_waits_double_and_a_new_network_ends_them(device: Device) -> None:
    due(device)
    waits = []
    for _ in range(9):
        device.step(Failed(device.call("/v1/sync").call, FailureKind.UNREACHABLE))
        waits.append(device.engine.wake_ms - device.clock.mono_ms)
        due(device)
    device.step(Failed(device.call("/v1/sync").call, FailureKind.UNREACHABLE))

    device.step(Online())

    assert waits == [1000, 2000, 4000, 8000, 16000, 32000, 64000, 120000, 120000]
    device.call("/v1/sync")


def test_server_that_asks_for_time_is_given_it(device: Device) -> None:
    due(device)

    device.answer("/v1/sync", problem("busy"), status=503, **{"retry-after": "45"})

    assert device.engine.status().failure == "busy"
    assert device.engine.wake_ms == device.clock.mono_ms + 45_000


def test_call_that_is_too_large_is_tried_with_fewer_operations(device: Device) -> None:
    for _ in range(8):
        note(device)
    device.step(Edited())
    sizes = []
    for _ in range(4):
        sizes.append(len(sent(device)))
        device.answer("/v1/sync", problem("too-large"), status=413)
        due(device)

    assert sizes == [8, 8, 8, 8]  # a hundred, fifty, twenty-five, twelve: eight fit in each
    assert len(sent(device)) == 6


# --- sessions


def test_session_of_unknown_age_is_renewed_before_anything_is_sent(device: Device) -> None:
    device.restart()

    device.step(Tick())

    assert device.call("/v1/auth/refresh").json == {"refresh": "refresh-1"}


def test_expired_token_is_renewed_and_the_work_sent(device: Device) -> None:
    """T-21: nothing of this loses work or logs out."""
    note(device)
    device.step(Edited())
    device.answer("/v1/sync", reply(since="e.1", **verdicts(1)))
    note(device)
    device.step(Edited())

    device.answer("/v1/sync", problem("token-expired"), status=401)
    kept = device.answer("/v1/auth/refresh", session(access="access-2"))

    assert KeepSession(session(access="access-2")) in kept
    assert device.call("/v1/sync").access == "access-2"
    assert [op["n"] for op in sent(device)] == [2]


def test_lost_answer_to_a_refresh_is_asked_for_again_with_the_same_token(device: Device) -> None:
    """T-21: a flaky link never logs out."""
    device.restart()
    device.step(Tick())
    for _ in range(5):
        call = device.call("/v1/auth/refresh")
        assert call.json == {"refresh": "refresh-1"}
        device.step(Failed(call.call, FailureKind.STALLED))
        assert device.engine.status().phase is Phase.IDLE
        due(device)

    device.answer("/v1/auth/refresh", session(access="access-2"))

    assert device.call("/v1/sync").access == "access-2"


def test_session_that_has_ended_asks_to_sign_in_and_keeps_the_work(device: Device) -> None:
    """T-21."""
    note(device)
    device.restart()
    device.step(Tick())

    device.answer("/v1/auth/refresh", problem("signed-out"), status=401)

    status = device.engine.status()
    assert (status.phase, status.failure, status.unsent) == (Phase.SIGNED_OUT, "signed-out", 1)
    assert note(device) == 2
    device.step(SignedIn(session(access="access-9")))
    assert [op["n"] for op in sent(device)] == [1, 2]


def test_brand_new_session_that_is_refused_is_not_hammered() -> None:
    device = Device()

    device.answer("/v1/sync", problem("signed-out"), status=401)

    assert device.effects == []
    assert device.engine.wake_ms >= device.clock.mono_ms + 1_000


@pytest.mark.parametrize("body", [{}, None, {"access": "x"}, [1]])
def test_answer_that_is_no_session_is_a_failure(device: Device, body: Any) -> None:
    device.restart()
    device.step(Tick())

    device.answer("/v1/auth/refresh", body)

    assert device.engine.status().failure == "internal"


def test_clone_gets_a_new_identity_and_renumbers_its_work(device: Device) -> None:
    note(device)
    device.step(Edited())

    device.answer("/v1/sync", problem("device-cloned"), status=409)
    assert device.call("/v1/auth/re-enrol").json == {"refresh": "refresh-1"}
    device.answer("/v1/auth/re-enrol", session(OTHER, access="access-2"))

    assert device.replica.get("device") == OTHER
    assert [op["n"] for op in sent(device)] == [1]


def test_files_that_are_an_older_copy_are_noticed_before_a_number_is_reused(device: Device) -> None:
    """A phone restored from its backup: the server has numbers that these files never gave."""
    due(device)

    device.answer("/v1/sync", reply(since="e.1", last_n=7))
    due(device)

    device.call("/v1/auth/re-enrol")


# --- orders from the server


def test_wipe_erases_everything_and_nothing_happens_after(device: Device) -> None:
    due(device)

    effects = device.answer("/v1/sync", problem("device-wiped"), status=403)

    assert effects == [Erase(), KeepSession(None)]
    assert device.step(Tick()) == []
    assert device.replica.counts() == {}


def test_drain_takes_the_work_first_and_then_erases(device: Device) -> None:
    note(device)
    due(device)

    parked = Outcome.model_validate({"n": 1, "verdict": "parked", "office": "review"})
    effects = device.answer(
        "/v1/sync", reply(since="e.1", cursor="e.1", order="drain", outcomes=[parked], last_n=1)
    )

    assert effects == [Erase(), KeepSession(None)]


def test_drain_waits_for_work_that_was_not_taken(device: Device) -> None:
    note(device)
    due(device)

    device.answer("/v1/sync", reply(since="e.1", cursor="e.1", order="drain"))

    assert device.replica.outbox.pending_count() == 1
    assert Erase() not in device.effects


def test_drain_waits_for_photos(device: Device) -> None:
    device.replica.db.conn.execute(
        "INSERT INTO blob (sha256, size, mime, role, key, made_ms) VALUES "
        "('aa', 5, 'image/jpeg', 'photo', ?, 0)",
        (key(1),),
    )
    due(device)

    effects = device.answer("/v1/sync", reply(since="e.1", cursor="e.1", order="drain"))

    assert Erase() not in effects


def test_app_too_old_still_sends(device: Device) -> None:
    due(device)
    device.answer("/v1/sync", reply(since="e.1", cursor="e.1", upgrade=True))
    assert device.engine.status().phase is Phase.UPGRADE
    note(device)

    device.step(Edited())

    assert [op["n"] for op in sent(device)] == [1]
    device.answer("/v1/sync", reply(since="e.1", cursor="e.1", upgrade=True, **verdicts(1)))
    assert device.replica.outbox.pending_count() == 0


# --- snapshots


FRAMES = [
    [stored(1, job())],
    [stored(n, job(n)) for n in range(2, 30)],
    [stored(n, job(n)) for n in range(30, 90)],
]


def ranges(device: Device) -> list[FetchRange]:
    return [e for e in device.effects if isinstance(e, FetchRange)]


def offered() -> tuple[Device, bytes]:
    device = Device()
    offer, content = snapshot(*FRAMES)
    device.answer("/v1/sync", reply(cursor=None, snapshot=offer))
    return device, content


def arrive(device: Device, wanted: FetchRange, content: bytes, *, piece: int = 1 << 20) -> None:
    for at in range(wanted.start, wanted.end, piece):
        end = min(at + piece, wanted.end)
        device.step(Arrived(wanted.call, at, content[at:end], is_last=end == wanted.end))


def test_snapshot_is_fetched_taken_in_and_followed_by_the_news() -> None:
    device, content = offered()
    [wanted] = ranges(device)
    assert (wanted.start, wanted.end, wanted.access) == (0, len(content), "access-1")

    arrive(device, wanted, content, piece=100)

    assert device.replica.counts() == {"Dispatch Job": 89}
    assert device.call("/v1/sync").json["cursor"] == "e.9"
    assert device.file.content == b""


def test_todays_jobs_are_shown_while_the_rest_is_coming() -> None:
    device, content = offered()
    [wanted] = ranges(device)
    first = len(content) // 3

    device.step(Arrived(wanted.call, 0, content[:first]))

    assert device.replica.counts() == {"Dispatch Job": 1}
    progress = device.engine.status().progress
    assert progress is not None
    assert (progress.documents, progress.documents_total, progress.bytes) == (1, 89, first)


@pytest.mark.parametrize("share", [0.0, 0.05, 0.2, 0.5, 0.9, 0.99])
def test_snapshot_goes_on_where_a_kill_left_it(share: float) -> None:
    device, content = offered()
    [wanted] = ranges(device)
    cut = int(len(content) * share)
    device.step(Arrived(wanted.call, 0, content[:cut]))
    device.replica.remember(snapshot=device.engine._snapshot._download.progress())  # type: ignore[union-attr]  # noqa: SLF001 - as if 64 KB had just been noted

    device.restart()
    device.step(Tick())
    device.answer("/v1/auth/refresh", session())
    [rest] = ranges(device)
    arrive(device, rest, content)

    assert rest.start == cut
    assert device.replica.counts() == {"Dispatch Job": 89}


def test_range_that_breaks_off_is_asked_for_from_where_it_broke() -> None:
    device, content = offered()
    [wanted] = ranges(device)
    device.step(Arrived(wanted.call, 0, content[:500]))

    device.step(Failed(wanted.call, FailureKind.STALLED))
    assert ranges(device) == []
    due(device)

    assert [(r.start, r.end) for r in ranges(device)] == [(500, len(content))]


def test_snapshot_that_is_damaged_is_given_up_and_asked_for_anew() -> None:
    device, content = offered()
    [wanted] = ranges(device)

    device.step(Arrived(wanted.call, 0, bytes(len(content)), is_last=True))

    assert device.replica.cursor is None
    assert "cursor" not in device.call("/v1/sync").json


def test_snapshot_no_longer_there_is_given_up_after_a_few_refusals() -> None:
    device, _ = offered()
    for _ in range(3):
        [wanted] = ranges(device)
        device.step(Replied(wanted.call, 404, problem("not-found")))
        due(device)

    device.call("/v1/sync")


def test_hint_while_a_range_waits_to_be_tried_again_does_not_stall() -> None:
    device, _ = offered()
    [wanted] = ranges(device)
    device.step(Failed(wanted.call, FailureKind.UNREACHABLE))

    device.step(Hinted())

    assert len(ranges(device)) == 1


# --- differences


def differing_reply() -> Any:
    return reply(since="e.1", digest="0" * 16)


def test_difference_is_found_named_and_mended(device: Device) -> None:
    due(device)
    device.answer("/v1/sync", differing_reply())

    theirs = {"Dispatch Job": {key(1): [2, "0" * 16]}}
    device.answer("/v1/sync/sums", {"cursor": "e.1", "differing": theirs})
    assert device.call("/v1/sync/fetch").json == {"keys": [key(1)]}
    whole = {"key": key(1), "doctype": "Dispatch Job", "rev": 2, "body": job(subject="juste")}
    device.answer("/v1/sync/fetch", {"changes": [whole], "seq": 1})

    held = device.replica.document(key(1))
    assert held is not None
    assert held.body["subject"] == "juste"
    device.answer(
        "/v1/sync", reply(since="e.1", digest=digest_of(stored(1, job(subject="juste"), rev=2)))
    )
    assert device.effects == []
    assert device.replica.get("divergences") == "1"


def test_difference_that_mending_does_not_settle_is_left_for_later(device: Device) -> None:
    """A defect somewhere must not keep a phone talking all day."""
    due(device)
    device.answer("/v1/sync", differing_reply())
    device.answer("/v1/sync/sums", {"cursor": "e.1", "differing": {}})

    device.answer("/v1/sync", differing_reply())

    assert device.effects == []
    device.clock.go(MEND_AGAIN_MS)
    due(device)
    device.answer("/v1/sync", differing_reply())
    device.call("/v1/sync/sums")


def test_fetch_that_is_always_refused_does_not_stop_the_exchange(device: Device) -> None:
    device.replica.mend([key(1)])
    note(device)
    due(device)
    device.answer("/v1/sync/fetch", problem("internal"), status=500)
    due(device)
    assert [op["n"] for op in sent(device)] == [1]

    device.answer("/v1/sync", reply(since="e.1", **verdicts(1)))

    device.call("/v1/sync/fetch")
    assert device.replica.outbox.pending_count() == 0


def test_patch_that_does_not_fit_leads_to_a_fetch(device: Device) -> None:
    due(device)

    patch = Change(key=key(1), rev=9, patch={"subject": "?"})
    device.answer("/v1/sync", reply([patch], since="e.1", cursor="e.2", seq=2, digest="0" * 16))

    calls = [e.path for e in device.effects if isinstance(e, Call)]
    assert calls == ["/v1/sync/fetch"]
