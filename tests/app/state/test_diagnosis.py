"""The diagnosis of a job as its screen shows it, without a screen."""

from pathlib import Path

import pytest

from field_app.ports import CheckState
from field_app.state.diagnostics.comparing import compared
from field_app.state.diagnostics.course import Course
from field_app.state.diagnostics.diagnosis import Diagnosis
from field_app.state.diagnostics.office import OfficeDevice
from field_app.state.place import Part, Place
from field_core.cpe import Grade
from field_core.diagnosis import Probe
from field_core.diagnosis.remote import Unit
from tests.app.at_work import workspace
from tests.app.diagnosed import GOOD, READING, SLOW, act, report, run_of, told, visit


class Visit:
    def __init__(self, folder: Path) -> None:
        self.account, self.job, self.ont = visit(folder)
        self.workspace = workspace(self.account, f"/today/{self.job}/diagnostics")
        self.goes(*GOOD)

    def goes(self, *results: object, number: str = "run-1") -> None:
        """Have the next run go like this."""
        self.account.runs.events = told(*results)  # type: ignore[arg-type]  # results
        self.account.runs.run = run_of(*results, number=number, job=self.job)  # type: ignore[arg-type]  # same

    async def model(self, row: str | None = None) -> Diagnosis:
        model = Diagnosis(self.workspace, self.job, row)
        await model.refresh()
        return model

    async def ran(self, row: str | None = None) -> Diagnosis:
        """Have run a diagnosis to its end."""
        model = await self.model(row)
        await model.start()
        assert model.course is not None
        await model.course.ended()
        await model.refresh()
        return model

    def office_says(self, name: str = "dev_tplink_xx230v_deco_ok") -> None:
        path = f"/v1/equipment/{self.ont}"
        self.account.office.says("GET", f"{path}/report", report(self.ont, name))


@pytest.fixture
def here(tmp_path: Path) -> Visit:
    return Visit(tmp_path)


async def test_run_is_ordered_with_what_the_job_says(here: Visit) -> None:
    await here.ran()

    (order,) = here.account.runs.orders
    assert (order.job, order.job_type) == (here.job, "Repair")


async def test_run_that_ended_is_kept_and_its_verdict_comes_first(here: Visit) -> None:
    model = await here.ran()

    assert model.run is not None
    assert model.run.verdicts[0].grade in (Grade.OK, Grade.UNKNOWN)
    assert (await here.model()).run is not None


async def test_run_goes_on_while_another_screen_is_in_front(here: Visit) -> None:
    model = await here.model()
    await model.start()

    later = await here.model()

    assert later.course is model.course


async def test_course_tells_what_each_probe_is_at(here: Visit) -> None:
    model = await here.model()
    assert model.order is not None
    course = Course(here.account, model.order)
    seen: list[tuple[bool, int]] = []
    course.on_change(lambda: seen.append((course.is_running, len(course.results))))

    course.start()
    await course.ended()

    over = {stage.probe: stage.is_over for stage in course.stages}
    assert over[Probe.PING]
    assert not over[Probe.TRACE]
    assert seen[0] == (True, 0)
    assert seen[-1] == (False, len(GOOD))


async def test_cancelled_run_keeps_what_it_had(here: Visit) -> None:
    model = await here.model()
    await model.start()
    model.cancel()
    assert model.course is not None

    await model.course.ended()
    await model.refresh()

    assert model.run is not None
    assert model.run.cut == "cancelled"


async def test_office_s_part_is_asked_for_with_the_run_and_told_as_later(here: Visit) -> None:
    """T-13."""
    model = await here.ran()

    assert model.office is not None
    assert model.office.waiting[0].state is CheckState.LATER
    assert model.run is not None
    (missing,) = model.run.of(Probe.ACS)
    assert missing.absence is not None
    assert missing.absence.is_later


async def test_office_s_word_joins_the_run_when_it_comes(here: Visit) -> None:
    model = await here.ran()
    assert model.office is not None
    check = model.office.waiting[0]
    path = f"/v1/equipment/{here.ont}"
    here.account.office.says("POST", f"{path}/acts", act(check.id, "done"))
    here.office_says("dev_zte_f670l_degraded_raw")

    await here.account.checking.work()
    await model.refresh()

    assert model.run is not None
    assert model.run.verdicts[0].code == "optical-low"
    assert model.office.waiting == []


async def test_before_and_after_stand_beside_each_other(here: Visit) -> None:
    here.goes(*SLOW)
    await here.ran()
    here.account.clock.wall_ms += 60_000
    here.goes(*GOOD, number="run-2")

    model = await here.ran()

    changes = {one.after.quantity: one.is_better for one in model.changes}
    assert changes == {"latency": True, "loss": True}
    assert model.before is not None


def test_worse_is_said_and_the_same_is_neither() -> None:
    good, slow = run_of(*GOOD), run_of(*SLOW)

    assert {one.is_better for one in compared(good, slow)} == {False}
    assert {one.is_better for one in compared(good, good)} == {None}


async def test_attached_run_is_said_to_be_and_its_step_is_gone_back_to(here: Visit) -> None:
    here.workspace.navigator.go(Place(key=here.job, part=Part.DIAGNOSTICS, row=f"step:{READING}"))
    model = await here.ran(f"step:{READING}")

    assert model.answer is not None
    assert await model.attach()

    assert here.workspace.notices.current is not None
    assert here.workspace.navigator.place == Place(key=here.job, part=Part.STEPS, row=READING)
    assert model.is_attached


async def test_attached_run_can_be_taken_off_again(here: Visit) -> None:
    model = await here.ran(f"step:{READING}")
    before = here.account.body(here.job)
    await model.attach()

    await here.workspace.notices.take_back()
    await model.refresh()

    assert here.account.body(here.job) == before
    assert (model.is_attached, model.run is None) == (False, False)


async def test_refused_evidence_stays_to_be_attached(here: Visit) -> None:
    model = await here.ran()
    here.account.refusal = "disk-full"

    assert not await model.attach()
    assert not model.is_attached


async def test_device_that_was_opened_is_in_front_else_the_ont(here: Visit) -> None:
    router = {"name": "EQP-2", "equipment_type": "Router", "status": "Installed",
              "service_location": "LOC-00001"}  # fmt: skip
    key = here.account.arrives(6, dict(router), "Service Equipment")
    box = {"name": "EQP-3", "equipment_type": "TV Box", "status": "Installed",
           "service_location": "LOC-00001"}  # fmt: skip
    here.account.arrives(7, dict(box), "Service Equipment")

    first, chosen = (await here.model()).device, (await here.model(key)).device

    assert first is not None
    assert chosen is not None
    assert (first.equipment_type, chosen.equipment_type) == ("ONT", "Router")
    assert len((await here.model()).devices) == 2


async def test_job_that_left_the_device_is_said_to_be_gone(here: Visit) -> None:
    model = Diagnosis(here.workspace, "nothing")

    await model.refresh()

    assert model.is_gone


# --- the office's device


async def office(here: Visit) -> OfficeDevice:
    model = OfficeDevice(here.workspace, here.ont)
    await model.refresh()
    return model


async def test_three_units_stand_by_themselves_on_any_page(here: Visit) -> None:
    """DX-01: a customer's page has no job."""
    here.office_says()
    model = await office(here)
    await model.look()
    await here.account.checking.work()
    await model.refresh()

    for unit in Unit:
        _, results = model.unit(unit)
        assert results, unit
    assert model.bands
    assert model.networks


async def test_one_thing_is_asked_at_a_time(here: Visit) -> None:
    model = await office(here)

    await model.reboot()

    assert not model.is_free
    assert model.waiting[0].wanted.is_confirmed


async def test_what_is_asked_is_what_a_person_agreed_to(here: Visit) -> None:
    model = await office(here)
    await model.set_channel("2.4GHz", 11)
    await model.give_up(model.waiting[0])
    await model.rename("ancien", "neuf")
    await model.give_up(model.waiting[0])
    await model.ping_from("198.51.100.1")

    wanted = {check.wanted.act: check.wanted for check in model.checks}
    assert {(w.band, w.channel, w.was, w.ssid, w.host) for w in wanted.values()} == {
        ("2.4GHz", 11, None, None, None),
        (None, None, "ancien", "neuf", None),
        (None, None, None, None, "198.51.100.1"),
    }


async def test_last_ping_of_the_device_is_told(here: Visit) -> None:
    model = await office(here)
    await model.ping_from("h")
    here.office_says()
    told_act = {**act(model.waiting[0].id, "done"), "act": "ping", "result": {"average_ms": 7}}
    here.account.office.says("POST", f"/v1/equipment/{here.ont}/acts", told_act)

    await here.account.checking.work()
    await model.refresh()

    assert model.latest is not None
    assert model.latest.told is not None
    assert model.latest.told.result == {"average_ms": 7}
