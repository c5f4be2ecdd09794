"""Deciding one operation: taken with all that follows from it, or kept whole for a person."""

from collections.abc import Mapping
from typing import Final

from pydantic import ValidationError

from field_core import merge, operations, wire
from field_core.authorship import signed
from field_core.device_time import Stamp, correct
from field_core.doctypes import spec_of
from field_core.instants import ms_to_text
from field_core.operations import Attach, Operation, Set, Verdict
from field_core.problems import Problem
from server_sync.store.documents import Doc
from server_sync.store.transaction import ErpWork, OutcomeRow, Transaction
from server_sync.sync import claims, offered, resolutions, reviews
from server_sync.sync.caller import Caller
from server_sync.sync.judging import Judge, Judged
from server_sync.sync.photos import lacks_file

SHA256_DIGITS: Final = 64


class Decider:
    """Gives the operations of one caller their verdicts, inside one transaction."""

    def __init__(
        self,
        transaction: Transaction,
        caller: Caller,
        judge: Judge,
        *,
        sent: Stamp,
        upcasters: Mapping[int, wire.Upcaster],
    ) -> None:
        self._tx = transaction
        self._caller = caller
        self._judge = judge
        self._sent = sent
        self._upcasters = upcasters

    def decide(self, raw: object, n: int) -> Verdict:
        """Give an operation its verdict, and do what follows from it."""
        try:
            lifted = wire.upcast(offered.body(raw), upcasters=self._upcasters)
            operation = signed(operations.parse(lifted), self._caller.author)
        except (ValidationError, AttributeError, TypeError):
            return self.keep(raw, n, Verdict.REJECTED, _UNREADABLE)
        mark = self._tx.mark()
        try:
            return self._decide(operation, raw, n)
        except _UNFORESEEN:  # one operation that nobody foresaw must not stop those behind it
            self._tx.back_to(mark)
            return self.keep(raw, n, Verdict.PARKED, Problem("internal"))

    def keep(self, raw: object, n: int, verdict: Verdict, problem: Problem) -> Verdict:
        """Keep an operation that nobody could read, whole, for a person; give it its verdict."""
        return self._keep(raw, n, verdict, problem, at_ms=self._tx.now_ms)

    def _decide(self, operation: Operation, raw: object, n: int) -> Verdict:
        at_ms = self._work_time(operation)
        judged = self._judge.judge(operation, at_ms=at_ms)
        result = judged.result
        if result.verdict.is_kept_for_review:
            problem = result.problem or _UNREADABLE
            return self._keep(raw, n, result.verdict, problem, at_ms=at_ms)
        when = ms_to_text(at_ms)
        self._keep_losers(operation, judged, when)
        office = self._accept(operation, judged, n, when)
        self._tx.add_outcome(
            OutcomeRow(self._caller.device, n, operation.id, result.verdict.value, office=office)
        )
        return result.verdict

    def _work_time(self, operation: Operation) -> int:
        """When it was done; a clock that is off by centuries must not stop what it stamped."""
        at = correct(operation.at, sent=self._sent, received_ms=self._tx.now_ms).at_ms
        return max(at, 0)

    # --- taken

    def _keep_losers(self, operation: Operation, judged: Judged, when: str) -> None:
        for loser in judged.result.losers:
            reviews.keep_loser(
                self._tx,
                loser,
                operation=operation,
                caller=self._caller,
                document=judged.document,
                at=when,
            )

    def _accept(self, operation: Operation, judged: Judged, n: int, when: str) -> str:
        """Write what was decided; return where it stands on its way to the office system."""
        document, after = judged.document, judged.result.body
        assert document is not None, "an accepted operation has a document"
        if isinstance(operation, Attach):
            resolutions.refer(self._tx, operation.sha256, operation.key, operation.role)
        if after == document.body and not _awaits_file(operation, document):
            return "stored"
        self._tx.put(document.with_body(after))
        if judged.is_late and after != document.body:
            reviews.keep_late_work(self._tx, document, caller=self._caller, at=when)
        if document.doctype == reviews.DOCTYPE:
            reviews.stamp_resolution(self._tx, document.key, by=self._caller.name)
            return "stored"
        if not spec_of(document.doctype).is_in_erp:
            return "stored"
        taken = operations.to_json(_taken(operation, judged.result))
        self._tx.add_erp_work(
            ErpWork(
                document.key,
                self._caller.device,
                n,
                operation.id,
                taken,
                when,
                self._caller.name,
            )
        )
        self._add_following(operation, judged, when)
        return "waiting"

    def _add_following(self, operation: Operation, judged: Judged, when: str) -> None:
        """Have the ERP told what an operation brought about; no device numbered it."""
        for one in judged.following:
            self._tx.add_erp_work(
                ErpWork(
                    one.key,
                    f"claim:{operation.id}",
                    one.n,
                    one.id,
                    operations.to_json(one),
                    when,
                    self._caller.name,
                )
            )

    # --- kept

    def _keep(
        self, raw: object, n: int, verdict: Verdict, problem: Problem, *, at_ms: int
    ) -> Verdict:
        """Keep an operation that was not taken; its file, if it has one, stays with it."""
        is_settled = problem.code in claims.LOST
        kept = reviews.keep_operation(
            self._tx,
            raw,
            problem=problem,
            caller=self._caller,
            at=ms_to_text(at_ms),
            n=n,
            is_settled=is_settled,
        )
        sha256 = offered.text(raw, "sha256")
        if offered.text(raw, "kind") == "attach" and len(sha256) == SHA256_DIGITS:
            resolutions.refer(self._tx, sha256, kept, offered.text(raw, "role"))
        self._tx.add_outcome(
            OutcomeRow(
                self._caller.device,
                n,
                offered.id_of(raw, n, device=self._caller.device),
                verdict.value,
                problem.code,
                dict(problem.details),
                "closed" if is_settled else "review",
            )
        )
        return verdict


_UNREADABLE: Final = Problem("bad-request", {"reason": "operation"})
_UNFORESEEN: Final = (
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
"""What odd content can provoke; the database's own errors are none of these and end the call."""


def _awaits_file(operation: Operation, document: Doc) -> bool:
    """A restored server may find a photo's row in the ERP that it wrote before the file came."""
    return isinstance(operation, Attach) and lacks_file(
        operation, document.body or {}, spec_of(document.doctype)
    )


def _taken(operation: Operation, result: merge.Result) -> Operation:
    """Return the operation without the fields that lost: the ERP is given what was decided."""
    if not isinstance(operation, Set):
        return operation
    lost = {
        loser.field for loser in result.losers if loser.kept != operation.fields[loser.field][1]
    }
    kept = {path: edit for path, edit in operation.fields.items() if path not in lost}
    return operation.model_copy(update={"fields": kept})
