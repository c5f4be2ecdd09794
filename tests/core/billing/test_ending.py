"""A termination as a message: amounts as text, sentences in both languages, nothing lost."""

from datetime import date
from decimal import Decimal

from field_core.ending import Figures
from field_core.termination import Benefit, BenefitKind, Contract, Regime, calculate, settle
from field_core.termination.contract import FixedClause

CONTRACT = Contract(
    name="CTR-00001",
    regime=Regime.CONSUMER,
    start=date(2025, 6, 15),
    term_months=24,
    monthly=Decimal("79.95"),
    benefits=(Benefit("Routeur", BenefitKind.GOODS, Decimal(240)),),
)
END = date(2026, 4, 23)


def figures(contract: Contract, billed_until: date = END) -> Figures:
    found = calculate(contract, END)
    return Figures.of(found, settle(found, billed_until=billed_until), is_billing_known=True)


def test_b11_message_says_charge_caps_and_why_in_both_languages() -> None:
    told = figures(CONTRACT)

    assert (told.charge.total, told.residual, told.limit) == ("130.00", "130.00", "lpc")
    assert told.lpc is not None
    assert (told.lpc.rule, told.lpc.amount) == ("214.7 al.1 / 79.10", "130.00")
    assert told.benefits[0].why.fr.startswith("Compte")
    assert told.benefits[0].why.en.startswith("Counts")
    assert (told.first_day, told.last_day, told.claim) == (None, None, None)
    assert Figures.model_validate_json(told.model_dump_json()) == told


def test_message_of_a_commercial_contract_has_no_caps_and_its_own_claim() -> None:
    clause = FixedClause(Decimal("99.5"))
    contract = Contract(
        "CTR-2", Regime.COMMERCIAL, CONTRACT.start, 24, CONTRACT.monthly, clause=clause
    )

    told = figures(contract, billed_until=date(2026, 4, 30))

    assert (told.lpc, told.crtc, told.claim) == (None, None, "99.50")
    assert (told.first_day, told.last_day) == (date(2026, 4, 24), date(2026, 4, 30))
    assert told.services.net == "-18.66"
