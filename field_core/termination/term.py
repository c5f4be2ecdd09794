"""Where a contract stands in its term, and the day on which its coming end must be announced."""

from datetime import date, timedelta
from enum import StrEnum
from typing import Final, NamedTuple

from field_core.termination.months import anniversary, months_begun

NOTICE: Final = timedelta(days=90)
"""LPC s. 214.4 wants the notice between the 90th and the 60th day before the end, TRP 2026-67 at
least 90 days before: the 90th is the one day that satisfies both."""


class Phase(StrEnum):
    """How far along a term is."""

    AHEAD = "ahead"
    RUNNING = "running"
    ENDING = "ending"
    DONE = "done"


class TermBar(NamedTuple):
    """A term as a bar: months begun of months agreed."""

    months: int
    term: int
    phase: Phase


def end_of_term(start: date, term_months: int) -> date:
    """Return the last day of a term."""
    return anniversary(start, term_months) - timedelta(days=1)


def notice_day(end: date) -> date:
    """Return the day to send the notice of a term's end: exactly 90 days before it."""
    return end - NOTICE


def term_bar(start: date, term_months: int, today: date) -> TermBar:
    """Return how far a term is; its last 90 days are `ENDING`."""
    end = end_of_term(start, term_months)
    if today < start:
        return TermBar(0, term_months, Phase.AHEAD)
    if today > end:
        return TermBar(term_months, term_months, Phase.DONE)
    phase = Phase.ENDING if today >= notice_day(end) else Phase.RUNNING
    return TermBar(months_begun(start, today), term_months, phase)
