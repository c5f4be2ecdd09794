"""A Service Contract document, read once."""

from datetime import date

import pytest

from field_core.canon import Body, Json
from field_core.problems import Problem, ProblemError
from field_core.termination import (
    Benefit,
    BenefitKind,
    Clause,
    Contract,
    FixedClause,
    Regime,
    RemainingClause,
    ResidualClause,
    contract_of,
)
from tests.core.billing.making import D


def document(**fields: Json) -> Body:
    return {
        "name": "CTR-00001",
        "contract_type": "Residential",
        "start_date": "2025-06-15",
        "duration_months": 24,
        "monthly_rate": 79.95,
        "benefits": [
            {
                "description": "Routeur",
                "benefit_type": "Goods",
                "regular_price": 240.0,
                "granted_price": 0,
            },
            {
                "description": "Rabais",
                "benefit_type": "Discount",
                "regular_price": 20.0,
                "granted_price": 5.5,
                "is_monthly": 1,
                "is_rented": 0,
            },
        ],
        **fields,
    }


def test_document_is_read_into_a_contract() -> None:
    assert contract_of(document()) == Contract(
        name="CTR-00001",
        regime=Regime.CONSUMER,
        start=date(2025, 6, 15),
        term_months=24,
        monthly=D("79.95"),
        benefits=(
            Benefit("Routeur", BenefitKind.GOODS, D("240.00")),
            Benefit("Rabais", BenefitKind.DISCOUNT, D("20.00"), D("5.50"), is_monthly=True),
        ),
    )


@pytest.mark.parametrize("months", [None, 0])
def test_document_without_a_duration_is_an_open_term(months: int | None) -> None:
    read = contract_of(document(duration_months=months, unpaid_goods=150, benefits=None, name=None))

    assert (read.term_months, read.unpaid, read.benefits, read.name) == (None, D(150), (), "")


@pytest.mark.parametrize(
    ("fields", "clause"),
    [
        ({}, ResidualClause()),
        ({"termination_clause": "Residual"}, ResidualClause()),
        (
            {"termination_clause": "Remaining", "termination_share": 50},
            RemainingClause(D("0.5")),
        ),
        ({"termination_clause": "Remaining", "termination_share": 250}, RemainingClause(D(1))),
        ({"termination_clause": "Fixed", "termination_amount": 300.0}, FixedClause(D(300))),
        ({"termination_clause": "None"}, None),
    ],
)
def test_commercial_contract_has_its_clause(fields: Body, clause: Clause | None) -> None:
    assert contract_of(document(contract_type="Commercial", **fields)).clause == clause


def test_consumer_contract_has_a_clause_only_when_it_names_one() -> None:
    assert contract_of(document()).clause is None
    assert contract_of(document(termination_clause="Residual")).clause == ResidualClause()


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"contract_type": None}, "contract_type"),
        ({"contract_type": "Other"}, "contract_type"),
        ({"start_date": None}, "start_date"),
        ({"start_date": "15 juin"}, "start_date"),
        ({"duration_months": -1}, "duration_months"),
        ({"duration_months": "24"}, "duration_months"),
        ({"duration_months": True}, "duration_months"),
        ({"monthly_rate": "x"}, "monthly_rate"),
        ({"monthly_rate": -1}, "monthly_rate"),
        ({"termination_clause": "Sometimes"}, "termination_clause"),
        ({"benefits": [{"benefit_type": "Magic"}]}, "benefit_type"),
        ({"benefits": [{"benefit_type": "Goods", "regular_price": []}]}, None),
        ({"benefits": [{"benefit_type": "Goods", "regular_price": "?"}]}, "regular_price"),
    ],
)
def test_what_cannot_be_read_is_named(fields: Body, field: str | None) -> None:
    if field is None:
        assert contract_of(document(**fields)).benefits[0].regular_price == 0
        return
    with pytest.raises(ProblemError) as caught:
        contract_of(document(**fields))

    assert caught.value.problem == Problem("invalid-value", {"field": field})
