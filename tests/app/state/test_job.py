"""One job: what may be done next, and what is missing before going in."""

from pathlib import Path

import pytest

from field_app.state.job.job import Job
from field_app.state.place import Part, Place, Room
from field_core.canon import Json
from field_core.status import JobStatus
from tests.app.at_work import LocalAccount, workspace
from tests.app.making import steps


@pytest.fixture
def account(tmp_path: Path) -> LocalAccount:
    return LocalAccount(tmp_path)


async def opened(account: LocalAccount, **fields: Json) -> Job:
    job = Job(workspace(account), account.has_job(1, **fields))
    await job.refresh()
    return job


@pytest.mark.parametrize(
    ("status", "proposed"),
    [
        ("Dispatched", JobStatus.ACCEPTED),
        ("Accepted", JobStatus.EN_ROUTE),
        ("En Route", JobStatus.ON_SITE),
        ("On Site", JobStatus.COMPLETED),
        ("Paused", JobStatus.ON_SITE),
        ("Completed", None),
        ("Cancelled", None),
    ],
)
async def test_day_has_one_next_move(
    account: LocalAccount, status: str, proposed: JobStatus | None
) -> None:
    job = await opened(account, status=status)

    assert job.next_move is proposed


async def test_on_site_the_next_step_comes_before_the_end(account: LocalAccount) -> None:
    job = await opened(account, status="On Site")
    assert job.next_step
    assert JobStatus.COMPLETED in job.other_moves

    travelling = Job(workspace(account), account.has_job(2, status="En Route"))
    await travelling.refresh()

    assert travelling.next_step is None


async def test_move_is_stored_and_said(account: LocalAccount) -> None:
    """T-02."""
    job = await opened(account)

    assert await job.move(JobStatus.EN_ROUTE)
    await job.refresh()

    assert job.status is JobStatus.EN_ROUTE
    notice = job.workspace.notices.current
    assert notice is not None
    assert notice.key == "notice.moved"


async def test_complete_without_required_steps_is_refused_and_nothing_stored(
    account: LocalAccount,
) -> None:
    job = await opened(account, status="On Site")

    assert not await job.move(JobStatus.COMPLETED)
    await job.refresh()

    assert job.status is JobStatus.ON_SITE
    notice = job.workspace.notices.current
    assert notice is not None
    assert notice.problem is not None
    assert notice.problem.code == "steps-missing"


async def test_closing_incomplete_wants_a_reason(account: LocalAccount) -> None:
    job = await opened(account, status="On Site")

    assert job.needs_reason(JobStatus.INCOMPLETE)
    assert not job.needs_reason(JobStatus.PAUSED)


async def test_basement_check_names_what_is_missing(account: LocalAccount) -> None:
    """T-01."""
    ready = await opened(account)
    lacking = await opened(account, service_location="LOC-00077")

    assert (ready.is_ready, lacking.is_ready) == (True, False)
    assert [check.code for check in lacking.checks if not check.is_met] == ["bundle"]


async def test_job_that_left_the_device_says_so(account: LocalAccount) -> None:
    job = Job(workspace(account), "no-such-key")

    await job.refresh()

    assert job.is_gone


async def test_part_opens_in_the_room_where_the_job_is(account: LocalAccount) -> None:
    place = workspace(account, "/search")
    job = Job(place, account.has_job())

    job.open(Part.STEPS, steps()[0]["id"])

    assert place.navigator.place == Place(Room.SEARCH, job.key, Part.STEPS, "s1")
