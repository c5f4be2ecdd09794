"""A contract as a clerk reads it: its term as a bar, its benefits, and what may be done with it."""

from datetime import date
from typing import Any

from field_core.ending import (
    BenefitFigures,
    ContractView,
    Frozen,
    Recap,
    SubscriptionLine,
    Term,
)
from field_core.instants import ms_to_text
from field_core.money import amount_of, as_text
from field_core.office import EndingUnderway
from field_core.problems import ProblemError
from field_core.termination import calculate, end_of_term, notice_day, term_bar
from field_core.termination.benefits import residual_of, savings_of
from field_core.termination.policy import POLICIES
from server_sync.contracts.held import ACTIVE, Held, Raw


def view_of(
    held: Held,
    *,
    today: date,
    now_ms: int,
    recap: Recap | None,
    underway: EndingUnderway | None,
) -> ContractView:
    """Return a contract as a message."""
    reckoned = _reckoned(held, today)
    raw = held.raw
    is_active = held.status == ACTIVE
    return ContractView(
        name=held.name,
        customer=held.customer,
        service_location=held.location,
        contract_type=str(raw.get("contract_type") or ""),
        status=held.status,
        start_date=raw.get("start_date"),
        end_date=raw.get("end_date"),
        monthly_rate=_price(raw.get("monthly_rate")),
        signature_method=raw.get("signature_method"),
        signed_at=raw.get("signed_at"),
        termination_invoice=raw.get("termination_invoice"),
        subscriptions=tuple(_line(one) for one in held.subscriptions),
        can_end=is_active and underway is None and reckoned.unreadable is None,
        is_ending=underway is not None,
        underway=underway,
        recap=recap,
        as_of=ms_to_text(now_ms),
        **reckoned.model_dump(),
    )


class _Reckoned(Frozen):
    term: Term | None = None
    benefits: tuple[BenefitFigures, ...] = ()
    savings: str = "0.00"
    residual: str = "0.00"
    unreadable: str | None = None


def _reckoned(held: Held, today: date) -> _Reckoned:
    """Return what follows from the contract's terms on a day."""
    try:
        contract = held.contract
    except ProblemError as error:
        return _Reckoned(unreadable=str(error.problem.details.get("field", "")))
    day = max(today, contract.start, POLICIES[0].since)
    rows = calculate(contract, day).rows
    return _Reckoned(
        term=_term(contract.start, contract.term_months, today) if contract.term_months else None,
        benefits=tuple(BenefitFigures.of(row) for row in rows),
        savings=as_text(savings_of(rows)),
        residual=as_text(residual_of(rows)),
    )


def _term(start: date, months: int, today: date) -> Term:
    bar, ends = term_bar(start, months, today), end_of_term(start, months)
    return Term(
        months=bar.months,
        term_months=bar.term,
        phase=bar.phase.value,
        ends_on=ends,
        notice_on=notice_day(ends),
    )


def _price(value: Any) -> str | None:  # noqa: ANN401 - the ERP's own value
    return None if value is None else as_text(amount_of(value))


def _line(raw: Raw) -> SubscriptionLine:
    return SubscriptionLine(
        name=str(raw["name"]),
        plan_name=str(raw.get("plan_name") or raw.get("plan") or ""),
        status=str(raw.get("status") or ""),
        monthly_price=_price(raw.get("monthly_price")) or "0.00",
    )
