"""A contract's end as a clerk is shown it: worked out by the server, quoted back, frozen after."""

from datetime import date
from decimal import Decimal

from pydantic import Field

from field_core.money import ZERO
from field_core.office.message import Message
from field_core.office.underway import EndingUnderway


class BothLanguages(Message):
    """Sentences in both languages."""

    fr: tuple[str, ...] = ()
    en: tuple[str, ...] = ()

    def said(self, language: str) -> tuple[str, ...]:
        """Return those of a language; French unless it is English."""
        return self.en if language.startswith("en") else self.fr


class TaxedAmount(Message):
    """An amount with its taxes."""

    net: Decimal = ZERO
    tps: Decimal = ZERO
    tvq: Decimal = ZERO
    total: Decimal = ZERO


class EndingFigures(Message):
    """What ending a contract on a day comes to; `services` below zero is given back."""

    end: date
    months_elapsed: int = 0
    term_months: int | None = None
    policy: str = ""
    residual: Decimal = ZERO
    charge: TaxedAmount = Field(default_factory=TaxedAmount)
    services: TaxedAmount = Field(default_factory=TaxedAmount)
    first_day: date | None = None
    last_day: date | None = None
    is_billing_known: bool = True
    total: Decimal = ZERO
    explanation: BothLanguages = Field(default_factory=BothLanguages)


class EndingPreview(Message):
    """The first step (CT-06): the second one quotes its id, for a quarter of an hour."""

    id: str
    expires_at: str
    figures: EndingFigures


class EndingRecap(Message):
    """What was done, the same for whoever asks again (CT-08)."""

    figures: EndingFigures
    reason: str = ""
    actor: str = ""
    at: str = ""
    subscriptions: tuple[str, ...] = ()
    invoice: str | None = None
    settlement: str | None = None


class ContractSheet(Message):
    """A contract as the office system has it now, and what may be done with it."""

    name: str
    status: str = ""
    can_end: bool = False
    is_ending: bool = False
    underway: EndingUnderway | None = None
    """How far its end has come, from the decision until everything is done."""
    recap: EndingRecap | None = None
    unreadable: str | None = None
