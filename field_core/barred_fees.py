"""Fees that may no longer be billed: for starting a plan, and for changing it.

CRTC TRP 2026-43 under s. 27.04 of the Telecommunications Act, in force on 2026-06-12. Allowed
stay a reasonable physical installation and what the customer chose apart; this reads only a
description, so what it finds is a warning for a person.
"""

import re
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from field_core.plain_text import plain

SINCE: Final = date(2026, 6, 12)


class BarredFee(StrEnum):
    """What a fee that is barred is for."""

    ACTIVATION = "activation"
    MODIFICATION = "modification"


_INSTALLATION: Final = re.compile(r"\b(re)?install")
_ACTIVATION: Final = re.compile(r"\b(re)?activation|mise en service|\b(connection|set-?up) fee")
_MODIFICATION: Final = re.compile(
    r"(frais|fee).*\b(changement|modification|change)\b|\b(changement|modification|change) fee"
)


def barred_fee(description: str, amount: Decimal, *, invoiced_on: date) -> BarredFee | None:
    """Return which barred fee an invoice line looks like, or None; a credit is never one."""
    words = plain(description)
    if invoiced_on < SINCE or amount <= 0 or _INSTALLATION.search(words):
        return None
    if _ACTIVATION.search(words):
        return BarredFee.ACTIVATION
    return BarredFee.MODIFICATION if _MODIFICATION.search(words) else None
