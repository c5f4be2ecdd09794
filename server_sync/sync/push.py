"""Taking operations: each exactly once, in order, each with a verdict, none of them lost.

In one transaction: an operation is the next number or a repeat; it is judged on its own, after
the earlier ones of the same call; what is not taken is kept as a review.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pydantic import ValidationError
from sqlalchemy import Row, bindparam, select, update

from field_core import merge, operations, status, wire
from field_core.canon import Body, canonical_body
from field_core.capabilities import Capability, refusal
from field_core.device_time import Stamp, correct
from field_core.doctypes import Spec, spec_of
from field_core.instants import ms_to_text
from field_core.operations import Attach, Create, Operation, Set, Verdict
from field_core.problems import Problem, ProblemError
from field_core.secrets import without_secrets
from server_sync.scope import OFFICE
from server_sync.store.batches import rows_in
from server_sync.store.documents import Doc
from server_sync.store.schema import device, erp_out, feed, outcome, tenure
from server_sync.store.transaction import ErpWork, OutcomeRow, Transaction
from server_sync.sync import resolutions, reviews

TENURE_SLACK_MS: Final = 120_000
"""An edit and a reassignment two minutes apart are simultaneous: clocks and calls cross."""
SHA256_DIGITS: Final = 64


@dataclass(frozen=True, slots=True)
class Caller:
    """Who pushes, from which device, with which rights."""

    account: str
    device: str
    technician: str | None
    audience: str
    held: frozenset[Capability]
    is_draining: bool = False

    @property
    def name(self) -> str:
        """Who did it, as the office knows them."""
        return self.technician or self.account


@dataclass(frozen=True, slots=True)
class Judged:
    """One operation as decided: the merge's result and the document it was about."""

    result: merge.Result
    document: Doc | None
    is_late: bool = False


class Pusher:
    """Takes one call's operations inside one transaction."""

    def __init__(
        self,
        transaction: Transaction,
        caller: Caller,
        *,
        sent: Stamp,
        upcasters: Mapping[int, wire.Upcaster] = wire.UPCASTERS,
    ) -> None:
        self._tx = transaction
        self._caller = caller
        self._sent = sent
        self._upcasters = upcasters
        self.last_n = 0
        self.told: list[wire.Outcome] = []
        self._stored: dict[int, Any] = {}
        self._elsewhere: dict[str, Any] = {}
        self._holds: set[str] = set()

    def push(self, ops: Sequence[Any]) -> None:
        """Take operations in order; stops quietly at a gap: `last_n` tells where to resume."""
        row = self._tx.connection.execute(_DEVICE_LOCKED, {"d": self._caller.device}).one()
        self.last_n = started = row.last_n
        self._look_ahead(ops)
        units = [*_units(ops)]
        for unit in units:
            if not self._take(unit, is_last=unit is units[-1]):
                break
        if self.last_n != started:
            self._tx.connection.execute(_LAST_N, {"b_d": self._caller.device, "n": self.last_n})

    def _take(self, unit: Sequence[Any], *, is_last: bool) -> bool:
        numbers = [_number(raw, self.last_n + 1 + i) for i, raw in enumerate(unit)]
        if numbers[-1] <= self.last_n:
            for raw, n in zip(unit, numbers, strict=True):
                self._repeat(raw, n)
            return True
        if not self._is_next(numbers) or (is_last and not _is_whole(unit)):
            return False  # a group cut off by the end of a call comes again with its rest
        if _is_whole(unit):
            self._decide_all(unit, numbers)
        else:
            self._keep_all(unit, numbers, Problem("group-incomplete"))
        self.last_n = numbers[-1]
        return True

    def _is_next(self, numbers: list[int]) -> bool:
        """Tell whether these numbers follow the last one and each other: one left out is a gap."""
        return numbers == [*range(self.last_n + 1, self.last_n + 1 + len(numbers))]

    def _look_ahead(self, ops: Sequence[Any]) -> None:
        """Read in a few statements what the operations of a call will ask for one by one."""
        connection, device_id = self._tx.connection, self._caller.device
        keys = {_text(raw, "key") for raw in ops}
        self._tx.prefetch(keys)
        numbers = [n for raw in ops if (n := _number(raw, 0)) <= self.last_n]
        self._stored = {row.n: row for row in rows_in(connection, _STORED, numbers, d=device_id)}
        self._elsewhere = {
            row.op_id: row
            for row in rows_in(connection, _STORED_BY_ID, (_text(raw, "id") for raw in ops))
        }
        self._holds = {
            row.key for row in rows_in(connection, _HOLDS, keys, a=self._caller.audience)
        }

    # --- repeats

    def _repeat(self, raw: object, n: int) -> None:
        """Answer what was decided then. Another operation under this number: two copies exist."""
        row = self._stored.get(n)
        if row is None:  # older than outcomes are kept
            self.told.append(
                wire.Outcome(n=n, op=_text(raw, "id")[-wire.OP_TAIL :], verdict=Verdict.APPLIED)
            )
            return
        if row.op_id != self._id_of(raw, n):
            raise ProblemError("device-cloned")
        self.told.append(outcome_of(row))

    def _id_of(self, raw: object, n: int) -> str:
        """Return an operation's id, or the one under which something without any is kept."""
        return _text(raw, "id") or f"{self._caller.device}:{n}"

    # --- decisions

    def _decide_all(self, unit: Sequence[Any], numbers: list[int]) -> None:
        mark = self._tx.mark()
        decided = [self._decide(raw, n) for raw, n in zip(unit, numbers, strict=True)]
        if len(unit) > 1 and any(v.is_kept_for_review for v in decided):
            self._tx.back_to(mark)
            self._keep_all(unit, numbers, Problem("group-parked"))

    def _keep_all(self, unit: Sequence[Any], numbers: list[int], problem: Problem) -> None:
        for raw, n in zip(unit, numbers, strict=True):
            self._keep(raw, n, Verdict.PARKED, problem)

    def _decide(self, raw: object, n: int) -> Verdict:
        before = self._elsewhere.get(_text(raw, "id"))
        if before is not None:  # decided under another identity of the same device
            self._tx.connection.execute(
                _REPOINT, {"b_o": before.op_id, "device": self._caller.device, "n": n}
            )
            self._tx.add_outcome(
                OutcomeRow(
                    self._caller.device,
                    n,
                    before.op_id,
                    before.verdict,
                    before.problem,
                    json.loads(before.details) if before.details else None,
                    before.office,
                )
            )
            return Verdict(before.verdict)
        try:
            operation = operations.parse(wire.upcast(_body(raw), upcasters=self._upcasters))
        except (ValidationError, AttributeError, TypeError):
            problem = Problem("bad-request", {"reason": "operation"})
            return self._keep(raw, n, Verdict.REJECTED, problem)
        mark = self._tx.mark()
        try:
            return self._decide_operation(operation, raw, n)
        except _UNFORESEEN:  # one operation that nobody foresaw must not stop those behind it
            self._tx.back_to(mark)
            return self._keep(raw, n, Verdict.PARKED, Problem("internal"))

    def _decide_operation(self, operation: Operation, raw: object, n: int) -> Verdict:
        when = self._when(operation)
        judged = self._judge(operation, when)
        result = judged.result
        if result.verdict.is_kept_for_review:
            return self._keep(raw, n, result.verdict, result.problem, operation=operation)
        for loser in result.losers:
            reviews.keep_loser(
                self._tx,
                loser,
                operation=operation,
                caller=self._caller,
                document=judged.document,
                at=when,
            )
        office = self._accept(operation, judged, n, when)
        self._tx.add_outcome(
            OutcomeRow(self._caller.device, n, operation.id, result.verdict.value, office=office)
        )
        return result.verdict

    def _judge(self, operation: Operation, when: str) -> Judged:
        document = self._tx.get(operation.key)
        if isinstance(operation, Create):
            document = document or Doc(operation.key, operation.doctype)
        if document is None:
            return Judged(_kept(self._unknown(operation)), None)
        spec = spec_of(document.doctype)
        problem = self._refusal(operation, document, spec)
        if problem:
            verdict = Verdict.PARKED if problem.code == "not-assigned" else Verdict.REJECTED
            return Judged(_kept(problem, verdict), document)
        if document.rev and document.body is None:
            return Judged(_kept(Problem("document-removed")), document)
        if self._caller.is_draining:
            return Judged(_kept(Problem("late-work")), document)
        result = merge.apply(operation, document.body, spec=spec, when=when)
        if operation.kind == "remove" and operation.rev != document.rev:
            result = _kept(Problem("changed-since"))
        return Judged(self._applied(result, document), document, is_late=self._is_late(document))

    def _applied(self, result: merge.Result, document: Doc) -> merge.Result:
        """Do what a review kept, when this operation is what decides that it be done."""
        before, after = document.body or {}, result.body or {}
        decides = (
            document.doctype == reviews.DOCTYPE
            and before.get("state") == "open"
            and after.get("state") == "closed"
            and after.get("resolution") == "apply"
        )
        if result.verdict.is_kept_for_review or not decides:
            return result
        problem = resolutions.apply_kept(self._tx, document, self._caller)
        return _kept(problem) if problem else result

    def _unknown(self, operation: Operation) -> Problem:
        waiting = reviews.is_create_waiting(self._tx, operation.key)
        return Problem("waits-for-create" if waiting else "unknown-document")

    def _refusal(self, operation: Operation, document: Doc, spec: Spec) -> Problem | None:
        body = document.body or {}
        return (
            refusal(operation, spec=spec, held=self._caller.held, status=body.get("status"))
            or _invalid(operation, spec)
            or self._not_assigned(operation, document)
        )

    def _not_assigned(self, operation: Operation, document: Doc) -> Problem | None:
        """A technician writes to what they hold, or held when they did it."""
        if self._caller.audience == OFFICE or not document.rev:
            return None
        if document.key in self._holds:
            return None
        place = {"a": self._caller.audience, "k": document.key}
        at = self._work_time(operation)
        stays = self._tx.connection.execute(_STAYS, place)
        if any(s - TENURE_SLACK_MS <= at <= u + TENURE_SLACK_MS for s, u in stays):
            return None
        return Problem("not-assigned")

    def _is_late(self, document: Doc) -> bool:
        """Work on a job that the office had closed, or that was no longer the technician's."""
        if document.doctype != "Dispatch Job" or document.body is None:
            return False
        if self._caller.audience == OFFICE:
            return False
        held = document.body.get("assigned_technician") in (self._caller.technician, None)
        return status.parse(document.body.get("status")) is status.JobStatus.CANCELLED or not held

    # --- effects

    def _accept(self, operation: Operation, judged: Judged, n: int, when: str) -> str:
        document, after = judged.document, judged.result.body
        assert document is not None, "an accepted operation has a document"
        if isinstance(operation, Attach):
            resolutions.refer(self._tx, operation.sha256, operation.key, operation.role)
        if after == document.body:
            return "stored"
        self._tx.put(document.with_body(after))
        if judged.is_late:
            reviews.keep_late_work(self._tx, document, caller=self._caller, at=when)
        if document.doctype == "Sync Review":
            reviews.stamp_resolution(self._tx, document.key, by=self._caller.name)
            return "stored"
        if not spec_of(document.doctype).is_in_erp:
            return "stored"
        taken = _taken(operation, judged.result)
        self._tx.add_erp_work(
            ErpWork(
                document.key,
                self._caller.device,
                n,
                operation.id,
                operations.to_json(taken),
                when,
                self._caller.technician,
            )
        )
        return "waiting"

    def _keep(
        self,
        raw: object,
        n: int,
        verdict: Verdict,
        problem: Problem | None,
        *,
        operation: Operation | None = None,
    ) -> Verdict:
        """Keep an operation that was not taken, whole, for a person; give it its verdict."""
        problem = problem or Problem("bad-request", {"reason": "operation"})
        at = self._when(operation) if operation else ms_to_text(self._tx.now_ms)
        kept = reviews.keep_operation(
            self._tx, raw, problem=problem, caller=self._caller, at=at, n=n
        )
        if _text(raw, "kind") == "attach" and len(_text(raw, "sha256")) == SHA256_DIGITS:
            resolutions.refer(self._tx, _text(raw, "sha256"), kept, _text(raw, "role"))
        self._tx.add_outcome(
            OutcomeRow(
                self._caller.device,
                n,
                self._id_of(raw, n),
                verdict.value,
                problem.code,
                dict(problem.details),
                "review",
            )
        )
        return verdict

    def _when(self, operation: Operation) -> str:
        return ms_to_text(self._work_time(operation))

    def _work_time(self, operation: Operation) -> int:
        """When it was done; a clock that is off by centuries must not stop what it stamped."""
        at = correct(operation.at, sent=self._sent, received_ms=self._tx.now_ms).at_ms
        return max(at, 0)


_UNFORESEEN: Final = (
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
"""What odd content can provoke; the database's own errors are none of these and end the call."""


def outcome_of(row: Row[Any]) -> wire.Outcome:
    """Turn a stored outcome into what travels."""
    return wire.Outcome(
        n=row.n,
        op=row.op_id[-wire.OP_TAIL :],
        verdict=Verdict(row.verdict),
        seq=row.seq,
        problem=row.problem,
        details=json.loads(row.details) if row.details else None,
        office=row.office,
    )


def _kept(problem: Problem, verdict: Verdict = Verdict.PARKED) -> merge.Result:
    return merge.Result(None, verdict, problem=problem)


def _units(ops: Sequence[Any]) -> Iterator[list[Any]]:
    """Cut a call into operations that count alone and groups that count together."""
    unit: list[Any] = []
    for raw in ops:
        if unit and _group(raw) != _group(unit[-1]):
            yield unit
            unit = []
        unit.append(raw)
        if _group(raw) is None:
            yield unit
            unit = []
    if unit:
        yield unit


def _group(raw: object) -> object:
    group = raw.get("group") if isinstance(raw, dict) else None
    return group.get("id") if isinstance(group, dict) else None


def _is_whole(unit: Sequence[Any]) -> bool:
    """A group that arrives in pieces is asked for again, never taken in part."""
    if _group(unit[0]) is None:
        return True
    return all(raw["group"].get("size") == len(unit) for raw in unit)


def _number(raw: object, expected: int) -> int:
    """Return an operation's number; a malformed one stands where it is and blocks nothing."""
    n = raw.get("n") if isinstance(raw, dict) else None
    return n if isinstance(n, int) and not isinstance(n, bool) and n > 0 else expected


def _body(raw: object) -> Body:
    """Return what may be an operation; raises TypeError for what is no object at all."""
    if not isinstance(raw, dict):
        raise TypeError("an operation is an object")
    return raw


def _text(raw: object, name: str) -> str:
    value = raw.get(name) if isinstance(raw, dict) else None
    return value if isinstance(value, str) else ""


def _invalid(operation: Operation, spec: Spec) -> Problem | None:
    """A create must be a document of its doctype; unknown fields are kept, wrong types are not."""
    if not isinstance(operation, Create) or spec.model is None:
        return None
    try:
        spec.model.model_validate(canonical_body(without_secrets(operation.body)))  # type: ignore[arg-type]  # a dict stays a dict
    except ValidationError as error:
        field = ".".join(map(str, error.errors()[0]["loc"]))
        return Problem("invalid-value", {"field": field})
    return None


def _taken(operation: Operation, result: merge.Result) -> Operation:
    """Return the operation without the fields that lost: the ERP is given what was decided."""
    if not isinstance(operation, Set):
        return operation
    lost = {
        loser.field for loser in result.losers if loser.kept != operation.fields[loser.field][1]
    }
    kept = {path: edit for path, edit in operation.fields.items() if path not in lost}
    return operation.model_copy(update={"fields": kept})


_DEVICE_LOCKED = select(device.c.last_n).where(device.c.id == bindparam("d")).with_for_update()
_LAST_N = update(device).where(device.c.id == bindparam("b_d")).values(last_n=bindparam("n"))
_STORED = select(outcome).where(
    outcome.c.device == bindparam("d"), outcome.c.n.in_(bindparam("v", expanding=True))
)
_STORED_BY_ID = select(outcome).where(outcome.c.op_id.in_(bindparam("v", expanding=True)))
_REPOINT = update(erp_out).where(erp_out.c.op_id == bindparam("b_o"))
"""Who offers an operation again is who wants to hear that the ERP has it."""
_HOLDS = select(feed.c.key).where(
    feed.c.audience == bindparam("a"),
    feed.c.key.in_(bindparam("v", expanding=True)),
    feed.c.is_in.is_(True),
)
_STAYS = select(tenure.c.since_ms, tenure.c.until_ms).where(
    tenure.c.audience == bindparam("a"), tenure.c.key == bindparam("k")
)
