"""Small factories for keys, contracts and benefits."""

# ruff: noqa: ANN401 - any field of a contract

from datetime import date
from decimal import Decimal
from typing import Any, Final

from hypothesis import strategies as st

from field_core.pay_keys import KeyRing, PayKey
from field_core.termination import Benefit, BenefitKind, Contract, Regime

SECRET: Final = bytes(range(32))
OLD_SECRET: Final = bytes(range(32, 64))
KEY: Final = PayKey("b", SECRET)
RING: Final = KeyRing((KEY, PayKey("a", OLD_SECRET)))
NOW_S: Final = 1_782_000_000
D: Final = Decimal

CENTS = st.integers(-10_000_000, 10_000_000).map(lambda cents: D(cents) / 100)
PRICES = st.integers(0, 100_000).map(lambda cents: D(cents) / 100)
DAYS = st.dates(date(2019, 1, 1), date(2031, 12, 31))


def goods(rebate: str = "240.00", **fields: Any) -> Benefit:
    return Benefit("Routeur", BenefitKind.GOODS, D(rebate), **fields)


def benefit(kind: BenefitKind, regular: str, granted: str = "0.00", **fields: Any) -> Benefit:
    return Benefit(kind.value, kind, D(regular), D(granted), **fields)


INSTALLATION: Final = benefit(BenefitKind.INSTALLATION, "149.95")


def contract(*benefits: Benefit, **fields: Any) -> Contract:
    """Return the contract of B-11: 24 months from 2025-06-15 at 79.95."""
    known: dict[str, Any] = {
        "name": "CTR-00001",
        "regime": Regime.CONSUMER,
        "start": date(2025, 6, 15),
        "term_months": 24,
        "monthly": D("79.95"),
        "benefits": benefits,
    }
    return Contract(**{**known, **fields})


def commercial(*benefits: Benefit, **fields: Any) -> Contract:
    return contract(*benefits, regime=Regime.COMMERCIAL, **fields)


BENEFITS = st.builds(
    Benefit,
    description=st.just("x"),
    kind=st.sampled_from(BenefitKind),
    regular_price=PRICES,
    granted_price=PRICES,
    is_monthly=st.booleans(),
    is_rented=st.booleans(),
    is_optional=st.booleans(),
)


def contracts(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Contract]:
    """Draw any contract that starts in a year which the policy table covers."""
    known: dict[str, st.SearchStrategy[Any]] = {
        "name": st.just("CTR-00001"),
        "regime": st.sampled_from(Regime),
        "start": st.dates(date(2018, 1, 1), date(2027, 12, 31)),
        "term_months": st.none() | st.integers(1, 60),
        "monthly": PRICES,
        "benefits": st.lists(BENEFITS, max_size=5).map(tuple),
        "unpaid": PRICES,
        "counts_whole_months": st.booleans(),
    }
    return st.builds(Contract, **{**known, **fields})
