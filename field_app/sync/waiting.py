"""The outbox as its screen shows it: acts in sections, by what they wait for, in plain words.

Every row is classified by a few columns; sentences are made only for the stretch that is drawn.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from field_app.ports import (
    Attention,
    EntryDetail,
    JobLink,
    OutboxEntry,
    OutboxLine,
    OutboxPage,
    Section,
    SendState,
)
from field_app.saying import Sentence
from field_app.sync import reviewing
from field_app.sync.labels import label_of, text_of
from field_app.sync.replica import Replica
from field_app.sync.said_groups import Told, act_of
from field_app.sync.said_values import device_of
from field_core.canon import Body
from field_core.operations import Verdict
from field_core.problems import CATALOGUE, Problem, Retry

SET_ASIDE: Final = "set_aside"
"""Under this name the replica remembers which acts a person has dealt with."""
FILE_RETRIED: Final = frozenset({"blob-mismatch", "not-allowed", "bad-request", "internal"})
"""What stopped a file and may not stop it again; too large a file stays too large."""
_TOLD_OFFERS: Final = frozenset({"offer-taken", "offer-over"})
_JOB: Final = "Dispatch Job"
_COLUMNS: Final = (
    "SELECT o.id, coalesce(o.group_id, o.id), o.key, o.doctype, o.kind, o.at, o.made_ms, "
    "o.verdict, o.problem, o.details, o.office, b.size, b.got, b.verified_ms, b.problem "
    "FROM outbox o LEFT JOIN blob b ON o.kind = 'attach' "
    "AND b.sha256 = json_extract(o.operation, '$.sha256')"
)


@dataclass(frozen=True, slots=True)
class _Row:
    """One operation by the few facts that say where it stands."""

    id: str
    act: str
    key: str
    doctype: str
    kind: str
    at: str
    made_ms: int
    verdict: str | None
    problem: str | None
    details: str | None
    office: str | None
    size: int | None
    got: int | None
    verified_ms: int | None
    file_problem: str | None

    @property
    def has_file_left(self) -> bool:
        """Whether its file is here and not yet received whole."""
        return self.size is not None and self.verified_ms is None

    @property
    def is_kept(self) -> bool:
        """Whether the server kept it for a person."""
        kept = self.verdict is not None and Verdict(self.verdict).is_kept_for_review
        return kept or self.office == "review"

    @property
    def needs_person(self) -> bool:
        """Whether whoever did it is who can do something about it."""
        if self.has_file_left and self.file_problem:
            return True
        kind = CATALOGUE.get(self.problem or "")
        is_mine = kind is not None and kind.retry is Retry.AFTER_USER_ACTS
        return self.is_kept and (is_mine or self.problem in _TOLD_OFFERS)

    @property
    def section(self) -> Section:
        """Where it belongs."""
        if self.needs_person:
            return Section.NEEDS_YOU
        if self.is_kept and self.office != "closed":
            return Section.REVIEW
        if self.verdict is None or self.has_file_left:
            return Section.WAITING
        return Section.OFFICE if self.office in ("stored", "closed") else Section.RECEIVED

    @property
    def state(self) -> SendState:
        """The word for it, from the server's own words alone."""
        if self.is_kept and self.needs_person:
            return SendState.NEEDS_YOU
        if self.office == "closed":
            return SendState.CLOSED
        return _STATES[self.section]


_STATES: Final[Mapping[Section, SendState]] = {
    Section.NEEDS_YOU: SendState.NEEDS_YOU,
    Section.REVIEW: SendState.NEEDS_REVIEW,
    Section.WAITING: SendState.ON_DEVICE,
    Section.RECEIVED: SendState.RECEIVED,
    Section.OFFICE: SendState.IN_OFFICE,
}
_ORDER: Final = [*Section]


@dataclass(slots=True)
class _Act:
    """The operations of one act."""

    id: str
    rows: list[_Row] = field(default_factory=list)
    is_set_aside: bool = False

    @property
    def section(self) -> Section:
        """The section of the part that is worst off."""
        found = min((row.section for row in self.rows), key=_ORDER.index)
        if found is Section.NEEDS_YOU and self.is_set_aside:
            return Section.OFFICE if self._is_closed else Section.REVIEW
        return found

    @property
    def _is_closed(self) -> bool:
        return all(row.office in ("stored", "closed") for row in self.rows)

    @property
    def worst(self) -> _Row:
        """The part that says where the act stands."""
        return min(self.rows, key=lambda row: _ORDER.index(row.section))

    @property
    def job(self) -> str | None:
        """The job it was done on, if one of its parts names it."""
        return next((row.key for row in self.rows if row.doctype == _JOB), None)


# --- what screens ask


def page(replica: Replica, *, first: int, count: int, with_office: bool) -> OutboxPage:
    """Return a stretch of all entries in order: sections, and in each the newest first."""
    acts = _acts(replica)
    told = reviewing.lines(replica, besides={row.id for act in acts for row in act.rows})
    by_section: dict[Section, list[_Act | OutboxEntry]] = {section: [] for section in Section}
    for line in told:
        by_section[line.section].append(line)
    for act in acts:
        by_section[act.section].append(act)
    shown = [
        one
        for section, found in by_section.items()
        if with_office or section is not Section.OFFICE
        for one in found
    ][first : first + count]
    lines = {line.id: line for line in _lines(replica, [a for a in shown if isinstance(a, _Act)])}
    left = [row for act in acts for row in act.rows if row.has_file_left]
    return OutboxPage(
        counts={section: len(found) for section, found in by_section.items()},
        entries=[lines[one.id] if isinstance(one, _Act) else one for one in shown],
        files_left=len(left),
        bytes_left=sum((row.size or 0) - (row.got or 0) for row in left),
    )


def entry(replica: Replica, entry_id: str) -> EntryDetail | None:
    """Return one entry with its parts, or what was done on the job for late work."""
    acts = {act.id: act for act in _acts(replica)}
    act = acts.get(entry_id)
    if act is None:
        return _review(replica, entry_id, acts.values())
    parts = _lines(replica, [_Act(row.id, [row]) for row in act.rows])
    return EntryDetail(
        entry=_lines(replica, [act])[0],
        parts=parts if len(parts) > 1 else (),
        reviews=reviewing.of_operations(replica, [row.id for row in act.rows]),
        files=sum(1 for row in act.rows if row.kind == "attach"),
    )


def _review(replica: Replica, key: str, acts: Iterable[_Act]) -> EntryDetail | None:
    line = reviewing.line(replica, key)
    if line is None:
        return None
    if line.reason != "late-work":
        return EntryDetail(entry=line)
    job = reviewing.about(replica, key)
    done = [act for act in acts if act.job == job and act.rows[-1].at >= line.at]
    files = sum(1 for act in done for row in act.rows if row.kind == "attach")
    return EntryDetail(entry=line, parts=_lines(replica, done), files=files)


def done_on(replica: Replica, key: str, *, count: int) -> list[OutboxLine]:
    """Return the latest acts on a job, the newest first."""
    return _lines(replica, [act for act in _acts(replica) if act.job == key][:count])


def attention(replica: Replica, key: str) -> Attention:
    """Return what of a job waits for a person: its own acts, and reviews of what they touched."""
    acts = [act for act in _acts(replica) if act.job == key]
    mine = [act for act in acts if act.section is Section.NEEDS_YOU]
    kept = [act for act in acts if act.section is Section.REVIEW]
    told = reviewing.lines(
        replica,
        besides={row.id for act in acts for row in act.rows},
        about={key, *(row.key for act in acts for row in act.rows)},
    )
    waiting = [line for line in told if line.is_open]
    first = [*(act.id for act in mine), *(line.id for line in waiting), *(act.id for act in kept)]
    return Attention(len(mine), len(waiting) + len(kept), first[0] if first else None)


# --- reading


def _acts(replica: Replica) -> list[_Act]:
    """Return every act, the newest first."""
    aside = set_aside(replica)
    acts: dict[str, _Act] = {}
    for values in replica.db.conn.execute(f"{_COLUMNS} ORDER BY o.made_ms DESC, o.n DESC"):
        row = _Row(*values)
        acts.setdefault(row.act, _Act(row.act, is_set_aside=row.act in aside)).rows.append(row)
    for act in acts.values():
        act.rows.reverse()
    return [*acts.values()]


def set_aside(replica: Replica) -> list[str]:
    """Return the acts that a person has dealt with."""
    kept: list[str] = json.loads(replica.get(SET_ASIDE) or "[]")
    return kept


def _lines(replica: Replica, acts: Sequence[_Act]) -> list[OutboxLine]:
    """Make the lines of a few acts; documents are read once for all of them."""
    told = _told(replica, [row.id for act in acts for row in act.rows])
    created = {
        row.key: (act.id, told[row.id]) for act in acts for row in act.rows if row.kind == "create"
    }
    return [_line(act, told, created) for act in acts]


def _told(replica: Replica, ids: Sequence[str]) -> dict[str, Told]:
    rows = replica.db.conn.execute(
        "SELECT o.id, o.operation, o.doctype, v.body FROM outbox o LEFT JOIN view v ON v.key = "
        "o.key WHERE o.id IN (SELECT value FROM json_each(?))",
        (json.dumps([*ids]),),
    )
    return {
        op_id: Told(json.loads(operation), doctype, json.loads(body) if body else None)
        for op_id, operation, doctype, body in rows
    }


def _line(
    act: _Act, told: Mapping[str, Told], created: Mapping[str, tuple[str, Told]]
) -> OutboxLine:
    worst, parts = act.worst, [told[row.id] for row in act.rows]
    sent = [row for row in act.rows if row.has_file_left]
    size = sum(row.size or 0 for row in sent)
    return OutboxLine(
        id=act.id,
        section=act.section,
        sentence=act_of(parts),
        state=worst.state,
        made_ms=worst.made_ms,
        job=_job_of(act, told),
        blocks=_blocks(act, worst, created),
        problem=_problem(worst),
        operations=len(act.rows),
        sent=sum(row.got or 0 for row in sent) / size if size else None,
        is_stuck=any(row.file_problem in FILE_RETRIED for row in sent),
    )


def _job_of(act: _Act, told: Mapping[str, Told]) -> JobLink | None:
    """Return the job, else the document itself: something done on no job is told by what it was."""
    row = next((row for row in act.rows if row.doctype == _JOB), None)
    if row is None:
        return None
    body = told[row.id].document
    if body is None:
        return JobLink(None, "", "")
    return JobLink(row.key, label_of(row.key, body.get("name")), text_of(body, "subject"))


def _blocks(act: _Act, worst: _Row, created: Mapping[str, tuple[str, Told]]) -> Sentence | None:
    """Say what an act waits for, when nothing is wrong with it."""
    match worst.section:
        case Section.WAITING if worst.verdict is not None:
            return Sentence("blocks.file")
        case Section.WAITING:
            others = [
                made
                for row in act.rows
                if (found := created.get(row.key)) and found[0] != act.id
                for made in found[1:]
            ]
            if others:
                body: Any = others[0].operation.get("body")
                return Sentence("blocks.create", {"device": device_of(body)})
            return Sentence("blocks.server")
        case Section.RECEIVED:
            return Sentence("blocks.office")
        case _:
            return None


def _problem(row: _Row) -> Problem | None:
    """Return why it is not taken: what stops its file, else the server's reason."""
    code = row.file_problem if row.has_file_left and row.file_problem else row.problem
    if code is None:
        return None
    details: Body = json.loads(row.details) if row.details else {}
    return Problem(code if code in CATALOGUE else "internal", details)
