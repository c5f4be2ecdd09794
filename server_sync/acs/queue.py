"""Acts that were asked for, as rows: who asked for what, what became of it, what still waits.

The rows are the audit as well: none is ever removed. A row moves from `running` to `queued` and
back, and to one of its ends; whoever moves it names the state it had, so that of two servers one
does the work.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, Row, insert, select, update

from field_core.canon import Json
from field_core.cpe.report import CHANGES, UNDECIDED, ActState, AskAct, CpeAct
from field_core.instants import ms_to_text
from field_core.problems import Problem
from server_sync.store.schema import cpe_act
from server_sync.sync.caller import Caller

MINUTE_MS: Final = 60_000
CHANGE_WAITS_MS: Final = 10 * MINUTE_MS
"""Somebody stands beside the device: a restart an hour later would be a surprise."""
READ_WAITS_MS: Final = 24 * 60 * MINUTE_MS
"""Reading disturbs nobody, and devices that were off at noon are on in the evening."""
LATEST: Final = 20
"""More than anybody looks back at on one device."""


@dataclass(frozen=True, slots=True)
class Asked:
    """An act with what is needed to do it again."""

    id: str
    equipment: str
    state: ActState
    ask: AskAct
    asked_ms: int
    until_ms: int
    begun_at: str | None
    moved_ms: int


def add(
    connection: Connection, equipment: str, ask: AskAct, caller: Caller, *, now_ms: int
) -> tuple[Asked, bool]:
    """Note an act as running; return it, and whether it is new. Its id makes a repeat the same."""
    had = find(connection, ask.id)
    if had is not None:
        return had, False
    waits_ms = CHANGE_WAITS_MS if ask.act in CHANGES else READ_WAITS_MS
    row = {
        "id": ask.id,
        "equipment": equipment,
        "act": ask.act.value,
        "state": ActState.RUNNING.value,
        "asked": ask.model_dump_json(exclude_defaults=True),
        "account": caller.account,
        "device": caller.device,
        "actor": caller.signature,
        "asked_ms": now_ms,
        "moved_ms": now_ms,
        "until_ms": now_ms + waits_ms,
    }
    connection.execute(insert(cpe_act), row)
    found = find(connection, ask.id)
    assert found is not None, "it was just added"
    return found, True


def is_busy(connection: Connection, equipment: str) -> bool:
    """Tell whether anything runs or waits on a device."""
    rows = select(cpe_act.c.id).where(
        cpe_act.c.equipment == equipment, cpe_act.c.state.in_(UNDECIDED)
    )
    return connection.execute(rows.limit(1)).first() is not None


def find(connection: Connection, number: str) -> Asked | None:
    """Return an act by its id."""
    row = connection.execute(select(cpe_act).where(cpe_act.c.id == number)).first()
    return _asked(row) if row else None


def undecided(connection: Connection) -> list[Asked]:
    """Return every act that runs or waits, the oldest first."""
    rows = select(cpe_act).where(cpe_act.c.state.in_(UNDECIDED)).order_by(cpe_act.c.asked_ms)
    return [_asked(row) for row in connection.execute(rows)]


@dataclass(frozen=True, slots=True)
class Noted:
    """What a move leaves in the row. `begun_at`: when the ACS took the last try, by its clock."""

    begun_at: str | None = None
    problem: Problem | None = None
    result: Mapping[str, Json] = field(default_factory=dict)


NOTHING: Final = Noted()


def move(
    connection: Connection, asked: Asked, state: ActState, noted: Noted, *, now_ms: int
) -> bool:
    """Move an act on from the state it was found in; False when somebody else was first."""
    problem = noted.problem
    values = {
        "state": state.value,
        "moved_ms": max(now_ms, asked.moved_ms + 1),
        "begun_at": noted.begun_at or asked.begun_at,
        "reason": problem.code if problem else None,
        "result": json.dumps({**(problem.details if problem else {}), **noted.result}),
        "resolved_ms": None if state in UNDECIDED else now_ms,
    }
    moved = connection.execute(
        update(cpe_act)
        .where(
            cpe_act.c.id == asked.id,
            cpe_act.c.state == asked.state.value,
            cpe_act.c.moved_ms == asked.moved_ms,
        )
        .values(**values)
    )
    return moved.rowcount == 1


def latest(connection: Connection, equipment: str) -> list[CpeAct]:
    """Return the latest acts on a device, newest first."""
    rows = select(cpe_act).where(cpe_act.c.equipment == equipment)
    newest = rows.order_by(cpe_act.c.asked_ms.desc(), cpe_act.c.id).limit(LATEST)
    return [told(row) for row in connection.execute(newest)]


def told_by_id(connection: Connection, number: str) -> CpeAct | None:
    """Return an act as it is told."""
    row = connection.execute(select(cpe_act).where(cpe_act.c.id == number)).first()
    return told(row) if row else None


def told(row: Row[Any]) -> CpeAct:
    """Return a row as it crosses the wire."""
    ask = AskAct.model_validate_json(row.asked)
    is_queued = row.state == ActState.QUEUED
    return CpeAct(
        id=row.id,
        act=ask.act,
        state=ActState(row.state),
        asked_at=ms_to_text(row.asked_ms),
        asked_by=row.actor,
        until=ms_to_text(row.until_ms) if is_queued else None,
        resolved_at=ms_to_text(row.resolved_ms) if row.resolved_ms else None,
        reason=row.reason,
        details=ask.model_dump(mode="json", exclude={"id", "act"}, exclude_defaults=True),
        result=json.loads(row.result or "{}"),
    )


def _asked(row: Row[Any]) -> Asked:
    return Asked(
        row.id,
        row.equipment,
        ActState(row.state),
        AskAct.model_validate_json(row.asked),
        row.asked_ms,
        row.until_ms,
        row.begun_at,
        row.moved_ms,
    )
