"""Three weeks of visits: in the window, two to four a day, in a status that fits the day."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest

from field_core import checklist
from field_core.canon import Body
from field_core.status import is_closed, parse
from server_sync.demo import Company
from server_sync.demo.visits import worked_days
from server_sync.scope import qualifies
from tests.server.demo.reading import day, named, number, rows


def jobs(company: Company, *, assigned: bool = True) -> list[Body]:
    bodies = company.documents["Dispatch Job"]
    return [body for body in bodies if ("assigned_technician" in body) == assigned]


def span(job: Body) -> tuple[datetime, datetime]:
    start = datetime.fromisoformat(f"{job['scheduled_date']} {job['scheduled_time']}")
    return start, start + timedelta(minutes=number(job["duration_minutes"]))


def test_job_lies_seven_days_back_to_fourteen_ahead(any_company: Company) -> None:
    window = timedelta(days=-7), timedelta(days=14)
    for job in any_company.documents["Dispatch Job"]:
        if "scheduled_date" in job:
            assert window[0] <= day(job["scheduled_date"]) - any_company.today <= window[1]


def test_technician_has_two_to_four_visits_each_worked_day(any_company: Company) -> None:
    counts = Counter(
        (day(job["scheduled_date"]), job["assigned_technician"]) for job in jobs(any_company)
    )
    assert len(counts) == 6 * len(worked_days(any_company.today))
    assert set(counts.values()) == {2, 3, 4}


def test_visits_of_a_technician_never_overlap_and_stay_in_the_day(any_company: Company) -> None:
    by_technician: dict[object, list[tuple[datetime, datetime]]] = defaultdict(list)
    for job in jobs(any_company):
        by_technician[job["assigned_technician"]].append(span(job))
    for spans in by_technician.values():
        spans.sort()
        assert all(one[1] <= next_[0] for one, next_ in pairwise(spans))
        assert all(start.hour >= 8 and end.hour < 18 for start, end in spans)


def test_marc_has_three_visits_today(any_company: Company) -> None:
    today = [
        job
        for job in jobs(any_company)
        if job["assigned_technician"] == any_company.cast.marc
        and day(job["scheduled_date"]) == any_company.today
    ]
    assert len(today) == 3


@pytest.mark.parametrize("weekend", [date(2026, 5, 2), date(2026, 5, 3)])
def test_weekend_is_worked_only_when_it_is_today(weekend: date) -> None:
    days = worked_days(weekend)
    assert weekend in days
    assert [each for each in days if each.weekday() >= 5] == [weekend]


def test_status_is_closed_before_today_and_only_then(any_company: Company) -> None:
    for job in jobs(any_company):
        status = parse(job["status"])
        assert status is not None
        assert is_closed(status) == (day(job["scheduled_date"]) < any_company.today)


def test_job_after_today_has_not_been_started(any_company: Company) -> None:
    for job in jobs(any_company):
        if day(job["scheduled_date"]) > any_company.today:
            assert job["status"] in {"Dispatched", "Scheduled"}
            assert "started_at" not in job


def test_job_without_technician_is_open(any_company: Company) -> None:
    assert {job["status"] for job in jobs(any_company, assigned=False)} == {"Open"}


def test_past_has_every_way_to_close_a_job(any_company: Company) -> None:
    statuses = {str(job["status"]) for job in jobs(any_company)}
    assert {"Completed", "Incomplete", "Cancelled"} <= statuses


def test_job_closed_incomplete_says_why(any_company: Company) -> None:
    for job in jobs(any_company):
        assert (job["status"] == "Incomplete") == bool(job.get("closed_reason"))


def test_job_cancelled_says_by_whom_and_when(any_company: Company) -> None:
    for job in jobs(any_company):
        assert (job["status"] == "Cancelled") == bool(job.get("cancelled_by"))


def test_technician_has_the_skills_of_the_job(any_company: Company) -> None:
    for job in jobs(any_company):
        technician = str(job["assigned_technician"])
        assert qualifies(named(any_company, "Dispatch Technician", technician), job)


def test_offer_has_somebody_who_qualifies(any_company: Company) -> None:
    technicians = any_company.documents["Dispatch Technician"]
    for name in any_company.cast.jobs.offered:
        job = named(any_company, "Dispatch Job", name)
        assert any(qualifies(technician, job) for technician in technicians)


def test_installation_is_ahead_only_where_no_ont_stands(any_company: Company) -> None:
    standing = {
        body.get("service_location")
        for body in any_company.documents["Service Equipment"]
        if body["equipment_type"] == "ONT"
    }
    for job in jobs(any_company):
        if job["job_type"] == "Install":
            is_done = day(job["scheduled_date"]) < any_company.today
            assert (job["service_location"] in standing) == is_done


def steps_by_job(company: Company) -> Iterator[tuple[Body, list[Body]]]:
    for job in company.documents["Dispatch Job"]:
        steps = [{"id": row["sync_key"], **row} for row in rows(job["checklist"])]
        yield job, steps


def test_step_waits_only_for_steps_of_its_own_job(any_company: Company) -> None:
    for _, steps in steps_by_job(any_company):
        seen: set[str] = set()
        for step in steps:
            assert set(checklist.depends_on(step)) <= seen
            seen.add(str(step["id"]))


def test_id_of_a_step_is_one_in_the_whole_company(any_company: Company) -> None:
    ids = Counter(step["id"] for _, steps in steps_by_job(any_company) for step in steps)
    assert set(ids.values()) == {1}


def test_completed_job_misses_no_step_and_its_answers_are_in_bounds(any_company: Company) -> None:
    for job, steps in steps_by_job(any_company):
        if job["status"] == "Completed":
            assert checklist.missing({"checklist": [*steps]}) == ()
        for step in steps:
            value = step.get("value")
            if value is not None:
                read = float(str(value)) if step["kind"] in {"number", "reading"} else value
                assert checklist.check_value(step, read) is None


def test_step_left_out_hands_its_place_on(story: Company) -> None:
    without_tv = next(
        job
        for job in jobs(story)
        if job["job_type"] == "Install" and job["name"] != story.cast.install_job
    )
    steps = {str(row["step"]): row for row in rows(without_tv["checklist"])}
    assert list(steps) == ["s1", "s2", "s3", "s4", "s5", "s8", "s9"]
    assert steps["s8"]["depends_on"] == steps["s5"]["sync_key"]


def test_flow_run_is_pinned_to_the_version_of_its_job(any_company: Company) -> None:
    runs = any_company.documents["Flow Run"]
    pinned = {run["dispatch_job"]: run["flow_version"] for run in runs}
    expected = {
        job["name"]: job["flow_version"]
        for job in any_company.documents["Dispatch Job"]
        if job["job_type"] == "Install"
    }
    assert pinned == expected


def test_history_of_a_completed_job_is_legal_and_in_order(any_company: Company) -> None:
    for job in jobs(any_company):
        log = rows(job.get("status_log"))
        assert [row["at"] for row in log] == sorted(str(row["at"]) for row in log)
        if log:
            assert log[-1]["to_status"] == job["status"]
