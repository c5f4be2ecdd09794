"""Judging one operation: may its caller do it, to this document, and what does merging say.

Only a review's resolution has an effect here, since whether it can be done is the judgement.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pydantic import ValidationError
from sqlalchemy import bindparam, select

from field_core import merge, status
from field_core.canon import canonical_body
from field_core.capabilities import refusal
from field_core.doctypes import Spec, spec_of
from field_core.instants import ms_to_text
from field_core.operations import Create, Operation, Verdict
from field_core.problems import Problem
from field_core.secrets import without_secrets
from server_sync.scope import OFFICE
from server_sync.store.batches import rows_in
from server_sync.store.documents import Doc
from server_sync.store.schema import feed, tenure
from server_sync.store.transaction import Transaction
from server_sync.sync import claims, resolutions, reviews
from server_sync.sync.bringing import may_bring
from server_sync.sync.caller import Caller
from server_sync.sync.echoes import without_echoes
from server_sync.sync.ingest import names_of

TENURE_SLACK_MS: Final = 120_000
"""An edit and a reassignment two minutes apart are simultaneous: clocks and calls cross."""
_JOB: Final = "Dispatch Job"


@dataclass(frozen=True, slots=True)
class Judged:
    """One operation as decided: the merge's result and the document it was about."""

    result: merge.Result
    document: Doc | None
    is_late: bool = False
    following: Sequence[Operation] = ()
    """What the operation brings about besides (an accepted offer); the result holds it."""


class Judge:
    """Judges the operations of one caller inside one transaction."""

    def __init__(self, transaction: Transaction, caller: Caller, *, keys: Iterable[str]) -> None:
        """keys: the documents that the call names; whether they are held is read once."""
        self._tx = transaction
        self._caller = caller
        held = rows_in(transaction.connection, _HOLDS, keys, a=caller.audience)
        self._holds = {row.key for row in held}

    def judge(self, operation: Operation, *, at_ms: int) -> Judged:
        """Say what an operation does to its document as that is now; at_ms: when it was done."""
        document = self._tx.get(operation.key)
        if isinstance(operation, Create):
            document = document or Doc(operation.key, operation.doctype)
        if document is None:
            return Judged(_kept(self._unknown(operation)), None)
        spec = spec_of(document.doctype)
        problem = self._refusal(operation, document, spec, at_ms)
        if problem:
            verdict = Verdict.PARKED if problem.code == "not-assigned" else Verdict.REJECTED
            return Judged(_kept(problem, verdict), document)
        if document.rev and document.body is None:
            return Judged(_kept(Problem("document-removed")), document)
        if self._caller.is_draining:
            return Judged(_kept(Problem("late-work")), document)
        result = merge.apply(operation, document.body, spec=spec, when=ms_to_text(at_ms))
        if result.losers:
            result = without_echoes(result, spec=spec, resolve=names_of(self._tx))
        if operation.kind == "remove" and operation.rev != document.rev:
            result = _kept(Problem("changed-since"))
        judged = Judged(self._applied(result, document), document, self._is_late(document))
        return self._with_what_follows(operation, judged, spec, ms_to_text(at_ms))

    def _with_what_follows(
        self, operation: Operation, judged: Judged, spec: Spec, when: str
    ) -> Judged:
        """Give a job on offer to whoever accepted it."""
        document = judged.document
        if document is None or document.doctype != _JOB or judged.result.verdict.is_kept_for_review:
            return judged
        following = claims.following(
            operation, document.body or {}, technician=self._caller.technician, when=when
        )
        body = judged.result.body
        for one in following:
            body = merge.apply(one, body, spec=spec, when=when).body
        return replace(judged, result=replace(judged.result, body=body), following=following)

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

    def _refusal(
        self, operation: Operation, document: Doc, spec: Spec, at_ms: int
    ) -> Problem | None:
        body = document.body or {}
        return (
            refusal(operation, spec=spec, held=self._caller.held, status=body.get("status"))
            or _invalid(operation, spec)
            or self._offer_lost(operation, document, at_ms)
            or self._not_assigned(operation, document, at_ms)
        )

    def _offer_lost(self, operation: Operation, document: Doc, at_ms: int) -> Problem | None:
        """Whoever was offered a job is told who has it, though it is out of their scope by now."""
        if document.doctype != _JOB or document.body is None or not self._ever_held(document.key):
            return None
        return claims.refusal(
            operation, document.body, technician=self._caller.technician, when=ms_to_text(at_ms)
        )

    def _ever_held(self, key: str) -> bool:
        return key in self._holds or bool(self._stays(key))

    def _not_assigned(self, operation: Operation, document: Doc, at_ms: int) -> Problem | None:
        """A technician writes to what they hold, or held when they did it; devices besides."""
        if self._caller.audience == OFFICE or not document.rev:
            return None
        if document.key in self._holds:
            return None
        stays = self._stays(document.key)
        if any(s - TENURE_SLACK_MS <= at_ms <= u + TENURE_SLACK_MS for s, u in stays):
            return None
        if may_bring(operation, document, technician=self._caller.technician, reader=self._tx):
            return None
        return Problem("not-assigned")

    def _stays(self, key: str) -> Sequence[tuple[int, int]]:
        place = {"a": self._caller.audience, "k": key}
        return [(since, until) for since, until in self._tx.connection.execute(_STAYS, place)]

    def _is_late(self, document: Doc) -> bool:
        """Work on a job that the office had closed, or that was no longer the technician's."""
        if document.doctype != _JOB or document.body is None:
            return False
        if self._caller.audience == OFFICE:
            return False
        held = document.body.get("assigned_technician") in (self._caller.technician, None)
        return status.parse(document.body.get("status")) is status.JobStatus.CANCELLED or not held


def _kept(problem: Problem, verdict: Verdict = Verdict.PARKED) -> merge.Result:
    return merge.Result(None, verdict, problem=problem)


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


_HOLDS = select(feed.c.key).where(
    feed.c.audience == bindparam("a"),
    feed.c.key.in_(bindparam("v", expanding=True)),
    feed.c.is_in.is_(True),
)
_STAYS = select(tenure.c.since_ms, tenure.c.until_ms).where(
    tenure.c.audience == bindparam("a"), tenure.c.key == bindparam("k")
)
