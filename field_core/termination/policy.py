"""Which rules hold on which day: a table with the day each row takes effect, the law beside it.

A calculation keeps the version of its row. A new rule is a new row; rows of the past stay, since
old calculations quote them. The day that counts is the one on which the termination takes effect.
"""

from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Final


class Crtc(Enum):
    """What the CRTC's Internet Code says about ending a contract early."""

    SILENT = "no code yet"
    CODE_2019 = "a cap with a subsidised device, and another without"
    CODE_2026 = "a cap with a subsidised device, nothing without"


@dataclass(frozen=True, slots=True)
class Policy:
    """One row: its version, its first day, the CRTC's rule then, and where all this is written.

    The Consumer Protection Act's rules are the same in all rows so far.
    """

    version: str
    since: date
    crtc: Crtc
    source: str


POLICIES: Final = (
    Policy(
        "lpc-2010",
        date(2010, 6, 30),
        Crtc.SILENT,
        "LPC s. 214.6 to 214.8 (2009, c. 51), regulation s. 79.10 and 79.11: contracts made or"
        " renewed since 2010-06-30",
    ),
    Policy(
        "crtc-2019-269",
        date(2020, 1, 31),
        Crtc.CODE_2019,
        "same, and the Internet Code (TRP 2019-269), in effect on 2020-01-31; it binds the large"
        " providers it lists, others may follow it",
    ),
    Policy(
        "crtc-2026-43",
        date(2026, 6, 12),
        Crtc.CODE_2026,
        "same, and the Code as amended by TRP 2026-43 under s. 27.04 of the Telecommunications"
        " Act, in force on 2026-06-12",
    ),
)
"""In the order in which they take effect."""


def policy_on(day: date) -> Policy | None:
    """Return the row in force on a day; None before the first."""
    in_force = [policy for policy in POLICIES if policy.since <= day]
    return in_force[-1] if in_force else None


def last_day_of(policy: Policy) -> date | None:
    """Return the day before the next row takes effect; None for the last row."""
    later = [other.since for other in POLICIES if other.since > policy.since]
    return date.fromordinal(later[0].toordinal() - 1) if later else None
