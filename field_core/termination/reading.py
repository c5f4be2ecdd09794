"""A Service Contract document, read once into what a termination is reckoned from."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from field_core.canon import Body, Json
from field_core.money import amount_of
from field_core.problems import ProblemError
from field_core.termination.contract import (
    Benefit,
    BenefitKind,
    Clause,
    Contract,
    FixedClause,
    Regime,
    RemainingClause,
    ResidualClause,
)

Choice = TypeVar("Choice", bound=StrEnum)


def contract_of(body: Mapping[str, Json]) -> Contract:
    """Read the ERP's document. No duration, or zero months, is an open term.

    A commercial contract that does not name its clause claims what is left of its benefits, as
    the contracts in use do. A flag that the ERP does not have is off. Raises ProblemError
    `invalid-value` with the field that cannot be read.
    """
    regime = _choice(Regime, body.get("contract_type"), "contract_type")
    return Contract(
        name=str(body.get("name") or ""),
        regime=regime,
        start=_day(body.get("start_date"), "start_date"),
        term_months=_months(body.get("duration_months")),
        monthly=_amount(body, "monthly_rate"),
        benefits=tuple(_benefit(row) for row in _rows(body.get("benefits"))),
        unpaid=_amount(body, "unpaid_goods"),
        clause=_clause(body, regime),
        counts_whole_months=bool(body.get("counts_whole_months")),
    )


def _benefit(row: Body) -> Benefit:
    return Benefit(
        description=str(row.get("description") or ""),
        kind=_choice(BenefitKind, row.get("benefit_type"), "benefit_type"),
        regular_price=_amount(row, "regular_price"),
        granted_price=_amount(row, "granted_price"),
        is_monthly=bool(row.get("is_monthly")),
        is_rented=bool(row.get("is_rented")),
        is_optional=bool(row.get("is_optional")),
    )


def _clause(body: Mapping[str, Json], regime: Regime) -> Clause | None:
    """Read the clause: a word, with a share in percent or an amount beside it."""
    match body.get("termination_clause") or None:
        case "Residual":
            return ResidualClause()
        case "Remaining":
            percent = _amount(body, "termination_share")
            return RemainingClause(min(percent / 100, Decimal(1)))
        case "Fixed":
            return FixedClause(_amount(body, "termination_amount"))
        case "None":
            return None
        case None:
            return ResidualClause() if regime is Regime.COMMERCIAL else None
        case _:
            raise ProblemError("invalid-value", field="termination_clause")


def _amount(body: Mapping[str, Json], field: str) -> Decimal:
    """Read an amount that is not negative; an absent one is zero."""
    amount = amount_of(body.get(field) or 0, field)
    if amount < 0:
        raise ProblemError("invalid-value", field=field)
    return amount


def _months(value: Json) -> int | None:
    if value is None or (type(value) is int and value >= 0):
        return value or None
    raise ProblemError("invalid-value", field="duration_months")


def _day(value: Json, field: str) -> date:
    try:
        return date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError as error:
        raise ProblemError("invalid-value", field=field) from error


def _choice(kind: type[Choice], value: Json, field: str) -> Choice:
    try:
        return kind(str(value))
    except ValueError as error:
        raise ProblemError("invalid-value", field=field) from error


def _rows(value: Json) -> list[Body]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
