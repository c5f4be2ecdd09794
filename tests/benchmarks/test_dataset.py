"""The data set as documents, edits and a scope rule."""

from typing import Any

from benchmarks.sync_phases.dataset import ListedScope, again, body_of, drafts, key_of
from field_core.canon import Body
from server_sync.scope import Known

JOB: Body = {
    "status": "Paused",
    "steps": [{"id": "1", "done": False}, {"id": "2", "done": True, "value": 3.5}],
}


def edit(**change: object) -> dict[str, Any]:
    return {"doctype": "Dispatch Job", "name": "JOB-1", "set": change}


def test_rows_get_ids_in_text() -> None:
    assert body_of({"doctype": "X", "steps": [{"id": 1, "value": None}]}) == {
        "steps": [{"id": "1"}]
    }


def test_keys_differ_by_doctype() -> None:
    assert key_of("Customer", "A") != key_of("Location", "A")


def test_status_that_is_reached_already_moves_one_further() -> None:
    assert [d["to"] for d in drafts(edit(status="Paused"), JOB)] == ["Completed"]
    assert [d["to"] for d in drafts(edit(status="On Site"), JOB)] == ["On Site"]


def test_steps_are_addressed_by_their_ids_and_know_what_was() -> None:
    made = list(drafts(edit(**{"steps.1.value": 4.0, "steps.1.done": True}), JOB))
    assert [d["fields"] for d in made] == [{"steps.2.value": [3.5, 4.0]}]


def test_second_round_adds_other_rows_of_the_same_size() -> None:
    row: dict[str, Any] = {"id": "a" * 32, "text": "one two", "bytes": 7}
    turned = again(edit(**{"notes_log+": row}), 1)["set"]["notes_log+"]
    assert turned["id"] != row["id"]
    assert len(turned["id"]) == len(row["id"])
    assert (turned["text"], turned["bytes"]) == ("two one", 7)


def test_whoever_is_listed_holds_a_document_and_nothing_else() -> None:
    known = Known("k", "Dispatch Job", "JOB-1", {"scope": ["tech-001"]})
    rule, reader = ListedScope(), None
    assert rule.audiences(known, reader) == {"tech-001"}  # type: ignore[arg-type]  # it asks nothing
    assert rule.reach(known, reader) == {"k"}  # type: ignore[arg-type]  # it asks nothing
