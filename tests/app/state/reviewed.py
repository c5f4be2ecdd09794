"""What the server says about work: verdicts, and reviews as documents."""

# ruff: noqa: ANN401 - JSON of any shape

from typing import Any

from field_core.canon import Body
from field_core.operations import Verdict
from field_core.wire import OP_TAIL, Outcome
from tests.app.at_work import LocalAccount
from tests.app.making import MARC, NOON_MS, change, key, reply


def verdict(account: LocalAccount, *operations: Any, said: str = "applied", **more: Any) -> None:
    """Have the server answer operations."""
    outcomes = [
        Outcome(n=op.n, op=op.id[-OP_TAIL:], verdict=Verdict(said), **{"seq": 1, **more})
        for op in operations
    ]
    account.replica.apply(reply(cursor=None, outcomes=outcomes, last_n=1_000), now_ms=NOON_MS)


def refused(account: LocalAccount, *operations: Any, problem: str, **more: Any) -> None:
    """Have the server refuse operations and keep them for a person."""
    verdict(account, *operations, said="rejected", problem=problem, **{"office": "review", **more})


def review(account: LocalAccount, n: int, about: str, **facts: Any) -> str:
    """Have a review come from the server; returns its key."""
    body: Body = {
        "document_key": about,
        "document_doctype": "Dispatch Job",
        "document_name": "DJ-00001",
        "reason": "conflict",
        "technician": MARC,
        "by": MARC,
        "at": "2026-04-27T13:00:00.000Z",
        "received_at": "2026-04-27T16:00:00.000Z",
        "state": "open",
        **facts,
    }
    account.replica.apply_fetched([change(n, body, doctype="Sync Review")])
    return key(n)
