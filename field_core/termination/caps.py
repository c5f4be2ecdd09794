"""The most that may be asked of a consumer: by the Consumer Protection Act, by the Internet Code.

Every cap says which rule made it and from which figures, so that a sentence can show the sum.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from field_core.money import ZERO, half_up
from field_core.termination.policy import Crtc

SMALL_CAP: Final = Decimal("50.00")
SERVICES_SHARE: Final = Decimal("0.10")
"""LPC s. 214.7, second paragraph: the lesser of 50 $ and 10 % of the services not supplied."""
OPEN_TERM_MONTHS: Final = 48
"""Regulation s. 79.11: an unpaid part of the goods' price falls by one 48th a month."""
CRTC_MONTHS: Final = 24
"""Internet Code: a device subsidy falls to nothing within 24 months at most."""


class Rule(StrEnum):
    """The rule behind a cap, as the record of a termination quotes it."""

    LPC_GOODS = "214.7 al.1 / 79.10"
    LPC_SERVICES = "214.7 al.2"
    LPC_OPEN_GOODS = "214.8 / 79.11"
    LPC_OPEN = "214.8"
    CRTC_SUBSIDY = "TRP 2019-269, subsidy"
    CRTC_SERVICES = "TRP 2019-269, no subsidy"
    CRTC_NOTHING = "TRP 2026-43, no subsidy"
    CRTC_OPEN = "TRP 2019-269, open term"


@dataclass(frozen=True, slots=True)
class Cap:
    """The most that may be asked, in dollars; `base` is what falls, `elapsed` of `over` months."""

    amount: Decimal
    rule: Rule
    base: Decimal = ZERO
    elapsed: int = 0
    over: int = 0


def lpc_fixed(goods: Decimal, monthly: Decimal, elapsed: int, term: int) -> Cap:
    """Return the cap of a fixed term; `goods` is the rebate on goods bought for the service.

    With such a rebate: rebate − rebate × months elapsed ÷ months of the term (regulation
    s. 79.10). Without: the lesser of 50 $ and a tenth of the services not supplied (s. 214.7).
    """
    if goods > 0:
        return _falling(Rule.LPC_GOODS, goods, elapsed, term)
    return _small(Rule.LPC_SERVICES, monthly, elapsed, term)


def lpc_open(unpaid: Decimal, elapsed: int) -> Cap:
    """Return the cap of an open term: nothing, or what is left of goods paid off month by month."""
    if unpaid > 0:
        return _falling(Rule.LPC_OPEN_GOODS, unpaid, elapsed, OPEN_TERM_MONTHS)
    return Cap(ZERO, Rule.LPC_OPEN)


def crtc_cap(
    crtc: Crtc, *, subsidy: Decimal, monthly: Decimal, elapsed: int, term: int | None
) -> Cap | None:
    """Return the Internet Code's cap, or None while there is no code.

    The wording of the 24 months was read second-hand; of two readings, the customer's is taken:
    without a subsidy too, months after the 24th bring no fee.
    """
    over = min(CRTC_MONTHS, term or CRTC_MONTHS)
    if crtc is Crtc.SILENT:
        return None
    if subsidy > 0:
        return _falling(Rule.CRTC_SUBSIDY, subsidy, elapsed, over)
    if crtc is Crtc.CODE_2026:
        return Cap(ZERO, Rule.CRTC_NOTHING)
    if term is None:
        return Cap(ZERO, Rule.CRTC_OPEN)
    return _small(Rule.CRTC_SERVICES, monthly, elapsed, over)


def _falling(rule: Rule, base: Decimal, elapsed: int, over: int) -> Cap:
    """Let a base fall to zero in equal monthly parts."""
    counted = min(elapsed, over)
    return Cap(half_up(base * (over - counted) / over), rule, base, counted, over)


def _small(rule: Rule, monthly: Decimal, elapsed: int, over: int) -> Cap:
    """Take the lesser of 50 $ and a tenth of what the months left would cost (the base)."""
    counted = min(elapsed, over)
    tenth = half_up(SERVICES_SHARE * monthly * (over - counted))
    return Cap(min(SMALL_CAP, tenth), rule, tenth, counted, over)
