"""The company around several dates: the story's Monday, a weekend, month ends, a leap day."""

from datetime import date
from functools import cache

import pytest

from server_sync.demo import Company, company

STORY_DAY = date(2026, 4, 27)
DATES = (
    STORY_DAY,
    date(2026, 5, 2),
    date(2026, 3, 31),
    date(2027, 1, 1),
    date(2028, 2, 29),
    date(2026, 11, 1),
)
made = cache(company)


@pytest.fixture(params=DATES, ids=str)
def any_company(request: pytest.FixtureRequest) -> Company:
    today: date = request.param
    return made(today)


@pytest.fixture
def story() -> Company:
    return made(STORY_DAY)
