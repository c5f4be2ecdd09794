"""Offers: until when a job may be had, and what was answered."""

import pytest

from field_core.canon import Body
from field_core.offers import answer_of, is_offered

NOW = "2026-04-27T16:00:00.000Z"
OFFER: Body = {"status": "Open", "offered_until": "2026-04-27T20:00:00.000Z"}


@pytest.mark.parametrize(
    ("change", "is_open"),
    [
        ({}, True),
        ({"offered_until": NOW}, True),
        ({"offered_until": "2026-04-27T15:59:59.000Z"}, False),
        ({"offered_until": None}, False),
        ({"offered_until": "vendredi"}, True),
        ({"assigned_technician": "DT-00001"}, False),
        ({"status": "Cancelled"}, False),
        ({"status": "Odd"}, True),
    ],
)
def test_offer_stands_until_it_ends_or_somebody_has_it(change: Body, is_open: bool) -> None:  # noqa: FBT001 - a table
    assert is_offered({**OFFER, **change}, now=NOW) is is_open


def test_last_answer_of_a_technician_counts() -> None:
    job: Body = {
        "responses": [
            {"technician": "DT-00001", "answer": "Decline"},
            {"technician": "DT-00002", "answer": "Accept"},
            "odd",
            {"technician": "DT-00001", "answer": "Accept"},
        ]
    }

    assert answer_of(job, "DT-00001") == "Accept"
    assert answer_of(job, "DT-00003") is None
    assert answer_of(job, None) is None
    assert answer_of({}, "DT-00001") is None
