"""A termination that is not all done, as people are told it."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row

from field_core.office import EndingUnderway
from server_sync.contracts.journal import Plan, halt_of


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
        done=halt.done if halt else (),
        trouble=halt.trouble if halt else None,
    )


def refused_first(rows: Iterable[Row[Any]]) -> tuple[EndingUnderway, ...]:
    """Return what needs a person before what only needs time, each oldest first."""
    return tuple(
        sorted(map(underway_of, rows), key=lambda one: (not one.is_refused, one.decided_ms))
    )
