"""The level at installation, from what a technician noted then."""

import pytest

from field_core.canon import Body, Json
from field_core.diagnosis import baseline_rx_dbm


def install(day: str | None, *steps: Body, **more: Json) -> Body:
    return {
        "job_type": "Install",
        "status": "Completed",
        "scheduled_date": day,
        "checklist": [*steps],
        **more,
    }


def level(value: Json, **more: Json) -> Body:
    return {"kind": "reading", "unit": "dBm", "done": True, "value": value, **more}


def test_last_completed_installation_counts() -> None:
    jobs = [install("2025-04-01", level("-19.5")), install("2026-02-01", level("-21.25"))]

    assert baseline_rx_dbm(jobs) == -21.25


def test_installation_without_a_level_leaves_the_one_before() -> None:
    jobs = [install("2025-04-01", level("-19.5")), install("2026-02-01"), install(None)]

    assert baseline_rx_dbm(jobs) == -19.5


@pytest.mark.parametrize(
    "job",
    [
        install("2026-02-01", level("-20"), status="Incomplete"),
        install("2026-02-01", level("-20"), job_type="Repair"),
        install("2026-02-01", level("-20", done=False)),
        install("2026-02-01", level("-20", unit="Mbit/s")),
        install("2026-02-01", level("-20", kind="number")),
        install("2026-02-01", level("bon")),
        install("2026-02-01", level(value=True)),
    ],
)
def test_what_is_no_level_of_an_installation_is_no_baseline(job: Body) -> None:
    assert baseline_rx_dbm([job]) is None
