"""A termination that is not all done, as people are told it."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row

from field_core.ending import Recap
from field_core.office import EndingUnderway, StepDone
from server_sync.contracts.journal import Plan, halt_of
from server_sync.contracts.steps import done_when_notified


def underway_of(row: Row[Any]) -> EndingUnderway:
    """Return what the journal says of one decision."""
    plan, halt = Plan.model_validate_json(row.plan), halt_of(row)
    return EndingUnderway(
        contract=plan.contract,
        customer=plan.customer,
        customer_name=plan.customer_name,
        end=plan.figures.end,
        reason=plan.reason,
        actor=plan.actor,
        decided_ms=row.made_ms,
        done=halt.done if halt else _done_before(plan, row.recap),
        trouble=halt.trouble if halt else None,
    )


def _done_before(plan: Plan, recap: str | None) -> tuple[StepDone, ...]:
    """Return what was done before the last day came; nothing is known before the first try."""
    return done_when_notified(plan, Recap.model_validate_json(recap)) if recap else ()


def refused_first(rows: Iterable[Row[Any]]) -> tuple[EndingUnderway, ...]:
    """Return what needs a person before what only needs time, each oldest first."""
    return tuple(
        sorted(map(underway_of, rows), key=lambda one: (not one.is_refused, one.decided_ms))
    )
