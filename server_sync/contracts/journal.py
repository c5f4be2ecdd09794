"""The journal of terminations: what was decided stands here before the ERP hears of it.

One row a contract. The plan is frozen with the decision; the recap is written once, at the end.
Whoever finds a row that is not done carries on with it, in the same way, from the start: every
step looks whether it was done before.
"""

from datetime import date
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError
from sqlalchemy import Connection, Row, insert, or_, select, update

from field_core.ending import Figures, Recap
from field_core.office import EndingTrouble, StepDone
from server_sync.store.schema import termination


class State(StrEnum):
    """How far a termination has come."""

    BEGUN = "begun"
    NOTIFIED = "notified"
    """All done but the subscription, which lives until the day that the customer named."""
    DONE = "done"


class Plan(BaseModel):
    """Everything that the steps need, as it was decided."""

    model_config = ConfigDict(frozen=True)

    key: str
    contract: str
    customer: str
    customer_name: str = ""
    location: str
    language: str
    today: date
    figures: Figures
    reason: str
    actor: str
    at: str
    subscriptions: tuple[str, ...]
    plan_item: str
    """The item that the last days are billed as."""


class Halt(BaseModel):
    """Where the last try stopped."""

    model_config = ConfigDict(frozen=True)

    trouble: EndingTrouble
    done: tuple[StepDone, ...]


def begin(connection: Connection, plan: Plan, *, now_ms: int) -> Row[Any]:
    """Note a decision and return the row that holds: the first one stays."""
    have = find(connection, plan.key)
    if have is not None:
        return have
    connection.execute(
        insert(termination),
        {
            "key": plan.key,
            "contract": plan.contract,
            "plan": plan.model_dump_json(),
            "state": State.BEGUN,
            "ends_on": plan.figures.end.isoformat(),
            "made_ms": now_ms,
        },
    )
    made = find(connection, plan.key)
    assert made is not None, "inserted in this transaction"
    return made


def find(connection: Connection, key: str) -> Row[Any] | None:
    """Return the row of a contract."""
    return connection.execute(select(termination).where(termination.c.key == key)).first()


def finish(connection: Connection, key: str, recap: Recap, *, state: State, now_ms: int) -> None:
    """Freeze the recap, unless it is."""
    connection.execute(
        update(termination)
        .where(termination.c.key == key, termination.c.recap.is_(None))
        .values(recap=recap.model_dump_json(), done_ms=now_ms)
    )
    connection.execute(
        update(termination).where(termination.c.key == key).values(state=state, error=None)
    )


def halted(connection: Connection, key: str, halt: Halt) -> None:
    """Note what keeps a termination from being done."""
    connection.execute(
        update(termination).where(termination.c.key == key).values(error=halt.model_dump_json())
    )


def halt_of(row: Row[Any]) -> Halt | None:
    """Return where the last try stopped; None before one, or as a server before this noted it."""
    try:
        return Halt.model_validate_json(row.error) if row.error else None
    except ValidationError:
        return None


def open_rows(connection: Connection, *, today: date) -> list[Row[Any]]:
    """Return what is to be carried on with today, oldest first."""
    is_due = or_(
        termination.c.state == State.BEGUN,
        (termination.c.state == State.NOTIFIED) & (termination.c.ends_on <= today.isoformat()),
    )
    return [*connection.execute(select(termination).where(is_due).order_by(termination.c.made_ms))]
