"""The diagnosis of a job: the run on this device, the office's word, and what becomes of them."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from field_app.ports import (
    Acting,
    Device,
    JobDetail,
    JobEquipment,
    JobFacts,
    KeptRun,
    Order,
    StepRow,
)
from field_app.state.diagnostics.comparing import Change, compared
from field_app.state.diagnostics.course import Course
from field_app.state.diagnostics.evidence import answer_for, evidence_of
from field_app.state.diagnostics.office import OfficeDevice
from field_app.state.job.part import JobPart
from field_app.state.place import OF_STEP, Part
from field_app.state.screen import Forget
from field_app.state.workspace import Workspace
from field_core.diagnosis import Result, Run
from field_core.diagnosis.remote import with_report
from field_core.operations import Operation
from field_core.problems import Problem

ON_THE_ACS = ("ONT", "Router", "Mesh Node")
"""Kinds of equipment that speak to the office, the one that matters first."""


class Diagnosis(JobPart):
    """Everything the diagnosis of a job shows; `row` is a device's key or `step:<row>`."""

    part = Part.DIAGNOSTICS

    def __init__(self, workspace: Workspace, key: str, row: str | None = None) -> None:
        super().__init__(workspace, key)
        self.row = row
        self.detail: JobDetail | None = None
        self.order: Order | None = None
        self.equipment: JobEquipment | None = None
        self.runs: Sequence[KeptRun] = ()
        self.office: OfficeDevice | None = None

    async def load(self) -> None:
        """Read the job, its devices and its runs."""
        key, account = self.key, self.workspace.account
        self.detail = await account.read(lambda ask: ask.job(key))
        self.order = await account.read(lambda ask: ask.diagnostic_order(key))
        self.equipment = await account.read(lambda ask: ask.job_equipment(key))
        self.runs = await account.checking.runs(key)
        self.is_gone = self.detail is None
        await self._find_device()

    async def _find_device(self) -> None:
        device = self.device
        if device is None:
            self.office = None
        elif self.office is None or self.office.equipment != device.key:
            self.office = OfficeDevice(self.workspace, device.key, job=self.key)
        if self.office is not None:
            await self.office.load()

    def follow(self, tell: Callable[[], None]) -> Forget:
        """Documents, reports and runs that change may be this job's."""
        ends = [super().follow(tell), self.workspace.account.checking.on_news(tell)]

        def end() -> None:
            for one in ends:
                one()

        return end

    @property
    def facts(self) -> JobFacts | None:
        """What is known of the job besides."""
        return self.equipment.facts if self.equipment else None

    @property
    def devices(self) -> Sequence[Device]:
        """The devices here that speak to the office."""
        here = self.equipment.here if self.equipment else ()
        known = [one for one in here if one.equipment_type in ON_THE_ACS]
        return sorted(known, key=lambda one: ON_THE_ACS.index(one.equipment_type))

    @property
    def device(self) -> Device | None:
        """The device in front: the one that was opened, else the one that matters most."""
        return next((one for one in self.devices if one.key == self.row), None) or next(
            iter(self.devices), None
        )

    @property
    def step(self) -> StepRow | None:
        """The step that this was opened for."""
        if self.detail is None or self.row is None or not self.row.startswith(OF_STEP):
            return None
        row = self.row.removeprefix(OF_STEP)
        return next((step for step in self.detail.steps if step.id == row), None)

    @property
    def course(self) -> Course | None:
        """The run of this job that goes on, or ended while the app was open."""
        return self.workspace.courses.get(self.key)

    @property
    def is_running(self) -> bool:
        """Whether a run goes on."""
        return self.course is not None and self.course.is_running

    @property
    def kept(self) -> KeptRun | None:
        """The last run that ended."""
        return self.runs[0] if self.runs else None

    @property
    def run(self) -> Run | None:
        """The last run with what the office said, or with why that is missing."""
        if self.kept is None:
            return None
        office = self.office
        if office is None:
            return with_report(self.kept.run, None)
        return with_report(
            self.kept.run,
            office.report,
            absence=office.absence,
            thresholds=office.limits.thresholds,
        )

    @property
    def changes(self) -> Sequence[Change]:
        """The last run beside the first one: before and after."""
        first = self.before
        return compared(first.run, self.runs[0].run) if first else ()

    @property
    def before(self) -> KeptRun | None:
        """The first run of the visit, where it is not the last."""
        return self.runs[-1] if len(self.runs) > 1 else None

    @property
    def answer(self) -> Result | None:
        """What answers the step that this was opened for."""
        return answer_for(self.step, self.run.results) if self.run else None

    @property
    def is_attached(self) -> bool:
        """Whether the last run is evidence on the job."""
        return self.kept is not None and self.kept.attached_ms is not None

    # --- doing

    async def start(self, profile: str | None = None) -> None:
        """Begin a run; the office is asked meanwhile, now or when that is possible (T-13)."""
        if self.order is None or self.is_running:
            return
        order = self.order if profile is None else replace(self.order, profile=profile)
        course = self.workspace.courses[self.key] = Course(self.workspace.account, order)
        course.start()
        self.changed()
        if self.office is not None and self.office.is_free:
            await self.office.refresh_device()

    def cancel(self) -> None:
        """Stop the run that goes on."""
        if self.course is not None:
            self.course.cancel()

    async def attach(self) -> bool:
        """Put the last run on the job, and its answer into the step; then back to that step."""
        run, step = self.run, self.step
        if run is None:
            return False
        evidence = evidence_of(run, step=step if step and step.is_open else None)
        key = self.key

        def taken_back(made: Sequence[Operation]) -> Callable[[Acting], object]:
            return lambda acts: acts.detach_run(run.id, made)

        def write(acts: Acting) -> Sequence[Operation] | Problem:
            return acts.attach_run(key, run.id, evidence)

        made = await self.workspace.act(write, said="diag.attached", undo=taken_back)
        if made is None:
            return False
        await self.refresh()
        if evidence.step is not None:
            self.leave()
        return True

    def choose(self, device: str) -> None:
        """Look at another device."""
        self.open(device)
