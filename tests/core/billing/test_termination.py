"""Ending a contract: the lawful charge by date, regime and clause, and what never happens."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from field_core.money import ZERO, half_up
from field_core.problems import Problem, ProblemError
from field_core.termination import (
    POLICIES,
    BenefitKind,
    Cap,
    Contract,
    FixedClause,
    Limit,
    Regime,
    RemainingClause,
    ResidualClause,
    Rule,
    Why,
    calculate,
    policy_on,
)
from field_core.termination.benefits import goods_rebate_of, savings_of
from tests.core.billing.making import (
    INSTALLATION,
    PRICES,
    D,
    benefit,
    commercial,
    contract,
    contracts,
    goods,
)

APRIL = date(2026, 4, 23)
JUNE = date(2026, 6, 20)
CLAUSES: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.just(ResidualClause()),
    st.builds(RemainingClause, st.integers(0, 100).map(lambda percent: D(percent) / 100)),
    st.builds(FixedClause, PRICES),
)
CONTRACTS = contracts(clause=CLAUSES)


@st.composite
def ended(draw: st.DrawFn) -> tuple[Contract, date]:
    drawn = draw(CONTRACTS)
    first = max(drawn.start, POLICIES[0].since)
    return drawn, first + timedelta(days=draw(st.integers(0, 2200)))


# --- the owner's cases ---------------------------------------------------------------------------


def test_b_11_charges_the_cap_of_the_router_and_shows_the_residual_of_all() -> None:
    found = calculate(contract(goods(), INSTALLATION), APRIL)

    assert (found.months_elapsed, found.months_left) == (11, 13)
    assert found.residual == D("211.22")
    assert found.lpc == Cap(D("130.00"), Rule.LPC_GOODS, D("240.00"), 11, 24)
    assert found.crtc == Cap(D("130.00"), Rule.CRTC_SUBSIDY, D("240.00"), 11, 24)
    assert (found.charge, found.limit) == (D("130.00"), Limit.LPC)
    assert found.policy.version == "crtc-2019-269"


def test_b_11_without_goods_is_the_lesser_of_50_and_a_tenth_of_what_is_left() -> None:
    found = calculate(contract(INSTALLATION), APRIL)

    assert found.lpc == Cap(D("50.00"), Rule.LPC_SERVICES, D("103.94"), 11, 24)
    assert found.crtc == Cap(D("50.00"), Rule.CRTC_SERVICES, D("103.94"), 11, 24)
    assert (found.charge, found.residual) == (D("50.00"), D("81.22"))


def test_b_12_without_a_subsidised_device_is_nothing_once_the_policy_is_in_force() -> None:
    found = calculate(contract(INSTALLATION), JUNE)

    assert found.crtc == Cap(ZERO, Rule.CRTC_NOTHING)
    assert (found.charge, found.limit) == (ZERO, Limit.CRTC)
    assert found.policy.version == "crtc-2026-43"


def test_b_12_where_counsel_says_that_the_code_does_not_bind_us_the_act_alone_does() -> None:
    found = calculate(contract(INSTALLATION), JUNE, follows_crtc=False)

    assert (found.charge, found.limit) == (D("50.00"), Limit.LPC)
    assert found.crtc == Cap(ZERO, Rule.CRTC_NOTHING)


def test_seed_style_contract_pays_for_the_device_alone() -> None:
    granted = (
        benefit(BenefitKind.INSTALLATION, "99.00"),
        benefit(BenefitKind.DISCOUNT, "20.00", is_monthly=True),
        goods("199.00"),
    )
    found = calculate(contract(*granted, start=date(2026, 1, 15)), date(2026, 11, 20))

    assert (found.residual, found.charge) == (D("421.42"), D("107.79"))


@pytest.mark.parametrize(("end", "charge"), [("2026-11-20", "130.00"), ("2028-01-16", "0.00")])
def test_rebate_over_36_months_is_gone_after_24(end: str, charge: str) -> None:
    long = contract(goods(), start=date(2026, 1, 15), term_months=36)

    assert calculate(long, date.fromisoformat(end)).charge == D(charge)


@pytest.mark.parametrize(
    ("day", "charge"), [("2026-06-11", "50.00"), ("2026-06-12", "0.00"), ("2026-06-13", "0.00")]
)
def test_rule_changes_on_the_day_that_the_policy_takes_effect(day: str, charge: str) -> None:
    assert calculate(contract(), date.fromisoformat(day)).charge == D(charge)


# --- the policy table ----------------------------------------------------------------------------


def test_policy_table_is_in_the_order_of_its_days_and_names_each_row_once() -> None:
    days = [policy.since for policy in POLICIES]

    assert days == sorted(set(days))
    assert len({policy.version for policy in POLICIES}) == len(POLICIES)
    assert all(policy_on(policy.since) is policy for policy in POLICIES)


def test_before_the_internet_code_the_act_alone_holds() -> None:
    found = calculate(contract(start=date(2018, 6, 15)), date(2020, 1, 30))

    assert (found.policy.version, found.crtc, found.charge) == ("lpc-2010", None, D("31.98"))
    assert policy_on(date(2010, 6, 29)) is None


@pytest.mark.parametrize(
    ("start", "end", "first"),
    [("2025-06-15", "2025-06-14", "2025-06-15"), ("2009-01-01", "2010-06-29", "2010-06-30")],
)
def test_end_before_the_start_or_before_the_law_is_refused(
    start: str, end: str, first: str
) -> None:
    with pytest.raises(ProblemError) as caught:
        calculate(contract(start=date.fromisoformat(start)), date.fromisoformat(end))

    assert caught.value.problem == Problem("termination-date", {"first": first})


# --- open terms ----------------------------------------------------------------------------------


def test_open_term_ends_without_charge() -> None:
    found = calculate(contract(INSTALLATION, term_months=None), APRIL)

    assert found.lpc == Cap(ZERO, Rule.LPC_OPEN)
    assert found.crtc == Cap(ZERO, Rule.CRTC_OPEN)
    assert (found.charge, found.residual, found.months_left) == (ZERO, ZERO, 0)


def test_open_term_with_goods_paid_off_monthly_is_bounded_by_both() -> None:
    bought = contract(term_months=None, unpaid=D("150.00"), start=date(2026, 1, 15))
    found = calculate(bought, date(2027, 11, 1))

    assert found.lpc == Cap(D("81.25"), Rule.LPC_OPEN_GOODS, D("150.00"), 22, 48)
    assert found.crtc == Cap(D("12.50"), Rule.CRTC_SUBSIDY, D("150.00"), 22, 24)
    assert found.charge == D("12.50")
    assert calculate(bought, date(2030, 1, 15), follows_crtc=False).charge == ZERO


# --- commercial contracts ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "charge", "limit"),
    [
        ({"clause": ResidualClause()}, "211.22", Limit.CLAUSE),
        ({"clause": ResidualClause(), "counts_whole_months": True}, "227.47", Limit.CLAUSE),
        ({"clause": RemainingClause(D("0.5"))}, "519.68", Limit.CLAUSE),
        ({"clause": FixedClause(D("300.00"))}, "300.00", Limit.CLAUSE),
        ({"clause": None}, "0.00", Limit.NO_CLAUSE),
    ],
)
def test_commercial_contract_goes_by_its_own_terms(
    fields: dict[str, Any], charge: str, limit: Limit
) -> None:
    found = calculate(commercial(goods(), INSTALLATION, **fields), JUNE - timedelta(days=58))

    assert (found.lpc, found.crtc) == (None, None)
    assert (found.charge, found.limit) == (D(charge), limit)
    assert {row.why for row in found.rows} == {Why.COMMERCIAL}


def test_commercial_clauses_claim_nothing_once_the_term_is_over() -> None:
    for clause in (ResidualClause(), RemainingClause(D(1)), FixedClause(D("300.00"))):
        over = calculate(commercial(goods(), clause=clause), date(2027, 6, 15))
        assert (over.charge, over.months_left) == (ZERO, 0)


def test_amount_agreed_for_an_open_term_is_claimed_at_any_time() -> None:
    opened = commercial(term_months=None, clause=FixedClause(D("300.00")))

    assert calculate(opened, APRIL).charge == D("300.00")


def test_consumer_whose_contract_asks_less_than_the_law_allows_pays_less() -> None:
    found = calculate(contract(goods(), clause=FixedClause(D("25.00"))), APRIL)

    assert (found.charge, found.limit, found.claim) == (D("25.00"), Limit.CLAUSE, D("25.00"))


def test_consumer_cannot_be_held_to_whole_months() -> None:
    held = contract(goods(), counts_whole_months=True)

    assert calculate(held, APRIL).charge == D("130.00")


# --- the table of benefits -----------------------------------------------------------------------


def test_each_benefit_says_why_it_counts_or_not() -> None:
    granted = (
        goods(),
        goods(is_rented=True),
        goods(is_optional=True),
        *(benefit(kind, "10.00") for kind in BenefitKind if kind is not BenefitKind.GOODS),
    )
    rows = calculate(contract(*granted), APRIL).rows

    assert [row.why for row in rows[:3]] == [Why.COUNTS, Why.RENTED, Why.OPTIONAL]
    assert {row.why for row in rows[3:]} == {Why.NOT_GOODS}
    assert [row.counts for row in rows] == [True, *[False] * 6]
    opened = calculate(contract(goods(), term_months=None), APRIL)
    assert [row.why for row in opened.rows] == [Why.OPEN_TERM]


def test_rows_of_b_11_show_what_is_used_up_and_what_is_left() -> None:
    rows = calculate(contract(INSTALLATION, goods()), APRIL).rows

    assert [(row.saving, row.recognised, row.residual, row.adjustment) for row in rows] == [
        (D("149.95"), D("68.73"), D("81.22"), ZERO),
        (D("240.00"), D("110.00"), D("130.00"), ZERO),
    ]


def test_row_that_gives_a_cent_to_the_total_says_so() -> None:
    rows = calculate(contract(*[goods("0.01")] * 3, term_months=2), date(2025, 6, 20)).rows

    assert [row.residual for row in rows] == [D("0.01"), ZERO, D("0.01")]
    assert [row.adjustment for row in rows] == [ZERO, D("-0.01"), ZERO]


def test_price_granted_above_the_regular_one_is_no_benefit() -> None:
    assert benefit(BenefitKind.GIFT, "10.00", "12.00").saving == ZERO


def test_monthly_rebate_of_an_open_term_was_worth_its_months_so_far() -> None:
    monthly = benefit(BenefitKind.DISCOUNT, "20.00", is_monthly=True)
    (row,) = calculate(contract(monthly, term_months=None), APRIL).rows

    assert (row.saving, row.recognised, row.residual) == (D("220.00"), D("220.00"), ZERO)


@given(ended())
def test_table_adds_up_to_the_cent(case: tuple[Contract, date]) -> None:
    found = calculate(*case)

    for row in found.rows:
        assert row.recognised + row.residual == row.saving
        assert abs(row.adjustment) <= D("0.01")
        assert 0 <= row.residual <= row.saving
    term = found.contract.term_months
    if term is not None:
        exact = savings_of(found.rows) * found.months_left / term
        assert found.residual == half_up(exact)


@given(ended())
def test_rows_that_count_add_up_to_the_cap_of_the_act(case: tuple[Contract, date]) -> None:
    found = calculate(*case)

    if found.lpc and found.lpc.rule is Rule.LPC_GOODS:
        assert sum(row.residual for row in found.rows if row.counts) == found.lpc.amount
        assert goods_rebate_of(found.rows) == found.lpc.base


# --- what never happens --------------------------------------------------------------------------


@given(ended(), st.booleans())
def test_consumer_never_pays_above_a_cap_and_nobody_below_zero(
    case: tuple[Contract, date],
    follows_crtc: bool,  # noqa: FBT001 - drawn
) -> None:
    found = calculate(*case, follows_crtc=follows_crtc)

    assert found.charge == half_up(found.charge) >= 0
    if found.contract.regime is Regime.CONSUMER:
        assert found.lpc
        assert found.charge <= found.lpc.amount
        assert found.lpc.rule is not Rule.LPC_SERVICES or found.charge <= D("50.00")
        if found.crtc and follows_crtc:
            assert found.charge <= found.crtc.amount
    elif found.contract.clause is None:
        assert found.charge == 0


@given(ended(), st.integers(1, 800), st.booleans())
def test_ending_later_never_costs_more(
    case: tuple[Contract, date],
    days: int,
    follows_crtc: bool,  # noqa: FBT001 - drawn
) -> None:
    known, end = case
    sooner, later = (
        calculate(known, day, follows_crtc=follows_crtc)
        for day in (end, end + timedelta(days=days))
    )

    assert later.charge <= sooner.charge
    assert later.residual <= sooner.residual


@given(ended())
def test_term_that_is_over_is_left_without_charge(case: tuple[Contract, date]) -> None:
    found = calculate(*case)

    if found.contract.term_months is not None and found.months_left == 0:
        assert (found.charge, found.residual) == (ZERO, ZERO)


# --- the id of a calculation ---------------------------------------------------------------------


@given(ended())
def test_figures_hold_until_the_day_said_and_turn_only_after(case: tuple[Contract, date]) -> None:
    known, end = case
    found = calculate(known, end)
    last = found.holds_until or end + timedelta(days=3000)

    assert last >= end
    same = calculate(known, last)
    assert (same.charge, same.residual, same.policy) == (found.charge, found.residual, found.policy)
    if found.holds_until:
        turned = calculate(known, last + timedelta(days=1))
        assert (turned.months_elapsed, turned.policy) != (found.months_elapsed, found.policy)


def test_id_of_a_calculation_is_the_same_for_the_same_case() -> None:
    one, other = (calculate(contract(goods(), INSTALLATION), APRIL) for _ in range(2))

    assert one.calc_id == other.calc_id
    assert len(one.calc_id) == 64
    written = replace(one, contract=contract(goods("240.0"), INSTALLATION))
    assert written.calc_id == one.calc_id


@pytest.mark.parametrize(
    ("changed", "end", "follows_crtc"),
    [
        (contract(goods("240.01")), APRIL, True),
        (contract(goods(), INSTALLATION), APRIL, True),
        (contract(goods(), monthly=D("79.96")), APRIL, True),
        (contract(goods(), name="CTR-00002"), APRIL, True),
        (contract(goods(), clause=ResidualClause()), APRIL, True),
        (contract(goods(is_optional=True)), APRIL, True),
        (commercial(goods()), APRIL, True),
        (contract(goods()), APRIL + timedelta(days=1), True),
        (contract(goods()), APRIL, False),
    ],
)
def test_id_changes_with_whatever_went_in(
    changed: Contract,
    end: date,
    follows_crtc: bool,  # noqa: FBT001 - a column of the table
) -> None:
    before = calculate(contract(goods()), APRIL).calc_id

    assert calculate(changed, end, follows_crtc=follows_crtc).calc_id != before


@pytest.mark.parametrize(
    "fields", [{"term_months": 0}, {"monthly": D("-1.00")}, {"unpaid": D("-1.00")}]
)
def test_what_is_no_contract_is_a_programmer_mistake(fields: dict[str, Decimal]) -> None:
    with pytest.raises(AssertionError):
        contract(**fields)
