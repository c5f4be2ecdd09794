"""A service contract as far as ending it goes: its term, its price, what it granted, its clause."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from field_core.money import ZERO


class Regime(StrEnum):
    """Which law bounds the charge; the words are the ERP's contract types."""

    CONSUMER = "Residential"
    COMMERCIAL = "Commercial"


class BenefitKind(StrEnum):
    """What was granted; only goods can count for the legal cap."""

    GOODS = "Goods"
    SERVICE = "Service"
    DISCOUNT = "Discount"
    INSTALLATION = "Installation"
    GIFT = "Gift"


@dataclass(frozen=True, slots=True)
class Benefit:
    """One advantage: its regular and its granted price, per month of the term if `is_monthly`."""

    description: str
    kind: BenefitKind
    regular_price: Decimal
    granted_price: Decimal = ZERO
    is_monthly: bool = False
    is_rented: bool = False
    """Lent or rented goods: a rebate on a rental is none on a sale price."""
    is_optional: bool = False
    """Goods that the service works without."""

    @property
    def saving(self) -> Decimal:
        """What the customer saved, once or every month; never below zero."""
        return max(self.regular_price - self.granted_price, ZERO)


@dataclass(frozen=True, slots=True)
class ResidualClause:
    """The contract claims what is left of all benefits, in a straight line over the term."""


@dataclass(frozen=True, slots=True)
class RemainingClause:
    """The contract claims a share (0 to 1) of the monthly price for every month left."""

    share: Decimal


@dataclass(frozen=True, slots=True)
class FixedClause:
    """The contract claims one amount as long as its term runs."""

    amount: Decimal


Clause = ResidualClause | RemainingClause | FixedClause


@dataclass(frozen=True, slots=True)
class Contract:
    """What a termination is reckoned from. Amounts are dollars before tax.

    A consumer's contract without a clause of its own claims what the law allows; a commercial one
    without a clause claims nothing.
    """

    name: str
    regime: Regime
    start: date
    term_months: int | None
    """None: an open term."""
    monthly: Decimal
    benefits: tuple[Benefit, ...] = ()
    unpaid: Decimal = ZERO
    """Open term: the part of the goods' price that was to be paid off month by month."""
    clause: Clause | None = None
    counts_whole_months: bool = False
    """A commercial contract may leave the month begun out; a consumer's cannot."""

    def __post_init__(self) -> None:
        """Refuse what is no contract; `contract_of` tells a person, this a programmer."""
        assert self.term_months is None or self.term_months > 0, "a term has at least a month"
        assert self.monthly >= 0, "a monthly price is not negative"
        assert self.unpaid >= 0, "an unpaid part is not negative"

    @property
    def leaves_begun_month_out(self) -> bool:
        """Whether only whole months count as elapsed."""
        return self.counts_whole_months and self.regime is Regime.COMMERCIAL
