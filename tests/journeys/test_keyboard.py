"""A desktop without a mouse: Tab goes through a screen as it is read, Enter presses."""

import pytest

from tests.journeys.conftest import sign_in
from tests.journeys.glass import DESKTOP, Glass
from tests.journeys.phone import Phone
from tests.journeys.scenario import JOB

STOPS = 36
"""What a job of the day has beside its list, and a few more."""


@pytest.mark.parametrize("size", [DESKTOP], ids=["desktop"], indirect=True)
def test_tab_goes_down_the_job_before_its_foot_and_enter_opens(glass: Glass, phone: Phone) -> None:
    """Rows that wait below the edge come before the foot, which is gone to once and not after each.

    Rooms, list and job are one reading order: Flet has no groups of focus.
    """
    sign_in(glass)
    glass.open(phone.at(f"/today/{JOB}"))
    glass.waits_for("part-steps")

    stops = [glass.tabbed() for _ in range(STOPS)]

    parts = [name for name in stops if name.startswith("part-")]
    first_round = parts[: len(set(parts))]
    foot = next(name for name in stops if name.startswith("move-"))
    assert len(first_round) == len(set(first_round)) > 5, stops
    assert stops.index(foot) > stops.index(first_round[-1]), stops

    while glass.tabbed() != first_round[0]:
        pass
    glass.key("Enter")
    glass.waits_for("next-step")
