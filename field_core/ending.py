"""What ending a contract comes to, and a contract's page, as messages between server and app.

Amounts are texts of dollars and cents; sentences stand in both languages, since who reads the
frozen copy in a year may speak the other one.
"""

from datetime import date
from typing import Final, Self

from pydantic import BaseModel, ConfigDict

from field_core.money import as_text
from field_core.office.underway import EndingUnderway
from field_core.taxes import Taxes
from field_core.termination import (
    BenefitRow,
    Cap,
    Settlement,
    Termination,
    explain,
    kind_in_words,
    why_in_words,
)
from field_core.termination.benefits import savings_of

LANGUAGES: Final = ("fr", "en")


class Frozen(BaseModel):
    """Base of these messages: never changed once made."""

    model_config = ConfigDict(frozen=True)


class Words(Frozen):
    """One text in both languages."""

    fr: str
    en: str


class Sentences(Frozen):
    """Several sentences in both languages."""

    fr: tuple[str, ...]
    en: tuple[str, ...]


class BenefitFigures(Frozen):
    """A row of the table of benefits."""

    description: str
    kind: str
    kind_words: Words
    regular_price: str
    granted_price: str
    is_monthly: bool
    saving: str
    recognised: str
    residual: str
    adjustment: str
    """A cent at most: what the row was moved by so that the column adds up."""
    counts: bool
    why: Words

    @classmethod
    def of(cls, row: BenefitRow) -> Self:
        """Return a row as a message."""
        benefit = row.benefit
        return cls(
            description=benefit.description,
            kind=benefit.kind.value,
            kind_words=Words(**{to: kind_in_words(benefit.kind, to) for to in LANGUAGES}),
            regular_price=as_text(benefit.regular_price),
            granted_price=as_text(benefit.granted_price),
            is_monthly=benefit.is_monthly,
            saving=as_text(row.saving),
            recognised=as_text(row.recognised),
            residual=as_text(row.residual),
            adjustment=as_text(row.adjustment),
            counts=row.counts,
            why=Words(**{to: why_in_words(row, to) for to in LANGUAGES}),
        )


class Amounts(Frozen):
    """An amount with its taxes."""

    net: str
    tps: str
    tvq: str
    total: str

    @classmethod
    def of(cls, taxes: Taxes) -> Self:
        """Return an amount as a message."""
        return cls(
            net=as_text(taxes.net),
            tps=as_text(taxes.tps),
            tvq=as_text(taxes.tvq),
            total=as_text(taxes.total),
        )


class CapFigures(Frozen):
    """A legal cap: its rule and its amount."""

    rule: str
    amount: str

    @classmethod
    def of(cls, cap: Cap | None) -> Self | None:
        """Return a cap as a message."""
        return cls(rule=cap.rule.value, amount=as_text(cap.amount)) if cap else None


class Figures(Frozen):
    """A termination worked out and settled."""

    contract: str
    end: date
    months_elapsed: int
    months_left: int
    term_months: int | None
    """None: an open term."""
    policy: str
    """The version of the rules that were in force on that day."""
    follows_crtc: bool
    benefits: tuple[BenefitFigures, ...]
    savings: str
    residual: str
    """The straight-line total of all benefits: what the contract's text would claim."""
    lpc: CapFigures | None
    crtc: CapFigures | None
    claim: str | None
    limit: str
    """What decided the charge."""
    charge: Amounts
    services: Amounts
    """Days still to bill; below zero, days paid in advance and given back."""
    first_day: date | None
    last_day: date | None
    """The days billed or given back."""
    is_billing_known: bool
    """Whether an invoice of this service was found: without one no day is billed or given back."""
    total: str
    explanation: Sentences
    holds_until: date | None
    calc_id: str

    @classmethod
    def of(cls, found: Termination, settled: Settlement, *, is_billing_known: bool) -> Self:
        """Return a termination and its settlement as a message."""
        return cls(
            contract=found.contract.name,
            end=found.end,
            months_elapsed=found.months_elapsed,
            months_left=found.months_left,
            term_months=found.contract.term_months,
            policy=found.policy.version,
            follows_crtc=found.follows_crtc,
            benefits=tuple(BenefitFigures.of(row) for row in found.rows),
            savings=as_text(savings_of(found.rows)),
            residual=as_text(found.residual),
            lpc=CapFigures.of(found.lpc),
            crtc=CapFigures.of(found.crtc),
            claim=None if found.claim is None else as_text(found.claim),
            limit=found.limit.name.lower(),
            charge=Amounts.of(settled.charge),
            services=Amounts.of(settled.services),
            first_day=settled.period.start if settled.period else None,
            last_day=settled.period.end if settled.period else None,
            is_billing_known=is_billing_known,
            total=as_text(settled.total),
            explanation=Sentences(**{to: explain(found, to) for to in LANGUAGES}),
            holds_until=found.holds_until,
            calc_id=found.calc_id,
        )


class Preview(Frozen):
    """The first step: what it would come to, and the id that the second step quotes."""

    id: str
    expires_at: str
    figures: Figures


class Recap(Frozen):
    """What was done, frozen: the second step's answer, the same whoever asks again."""

    figures: Figures
    reason: str
    actor: str
    at: str
    subscriptions: tuple[str, ...]
    invoice: str | None
    """The invoice of the fee; None where nothing was charged."""
    settlement: str | None
    """The invoice of the last days, or the credit of those paid in advance."""
    sha256: str = ""
    """Of this message without this field, as canonical JSON."""


class Term(Frozen):
    """How far a term is: months begun of months agreed."""

    months: int
    term_months: int
    phase: str
    ends_on: date
    notice_on: date
    """The day on which its end must be announced."""


class SubscriptionLine(Frozen):
    """A subscription of the contract."""

    name: str
    plan_name: str
    status: str
    monthly_price: str


class ContractView(Frozen):
    """Everything that the contract's page shows; `as_of` is when the ERP was asked."""

    name: str
    customer: str
    service_location: str
    contract_type: str
    status: str
    start_date: str | None
    end_date: str | None
    monthly_rate: str | None
    signature_method: str | None
    signed_at: str | None
    termination_invoice: str | None
    term: Term | None
    """None for an open term, and where the contract cannot be read."""
    benefits: tuple[BenefitFigures, ...]
    savings: str
    residual: str
    """What is left of all benefits today, in a straight line: information, not a charge."""
    subscriptions: tuple[SubscriptionLine, ...]
    can_end: bool
    is_ending: bool
    """Decided and not done yet: the server carries on by itself."""
    underway: EndingUnderway | None
    """How far that has come, and what keeps it; until everything is done."""
    recap: Recap | None
    unreadable: str | None
    """The field that keeps the contract from being reckoned with."""
    as_of: str
