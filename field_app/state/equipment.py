"""The equipment at a job's location, and what the job does to it."""

from collections.abc import Sequence

from field_app.ports import Device, DeviceAct, JobEquipment, JobFacts, SendState
from field_app.state.job_part import JobPart
from field_app.state.place import Part
from field_app.state.workspace import Workspace

ADD, SWAP, REMOVE = "add", "swap", "remove"
"""Rows of the part that stand for a form: `add`, `swap/<device>`, `remove/<device>`."""


class Equipment(JobPart):
    """What stands at the location, what is planned, what was done."""

    part = Part.EQUIPMENT

    def __init__(self, workspace: Workspace, key: str) -> None:
        super().__init__(workspace, key)
        self.data: JobEquipment | None = None

    async def load(self) -> None:
        """Read it."""
        key = self.key
        self.data = await self.workspace.account.read(lambda ask: ask.job_equipment(key))
        self.is_gone = self.data is None

    @property
    def facts(self) -> JobFacts | None:
        """What is known of the job besides."""
        return self.data.facts if self.data else None

    @property
    def here(self) -> Sequence[Device]:
        """What stands at the location."""
        return self.data.here if self.data else ()

    @property
    def planned(self) -> Sequence[DeviceAct]:
        """What the office wants done and is not."""
        return [act for act in self.data.acts if act.is_planned] if self.data else ()

    @property
    def done(self) -> Sequence[DeviceAct]:
        """What the job did, newest first."""
        acts = self.data.acts if self.data else ()
        return [act for act in reversed(acts) if not act.is_planned]

    @property
    def has_location(self) -> bool:
        """Whether there is a place for equipment to stand at."""
        return self.facts is not None and self.facts.location is not None

    def state_of_act(self, act: DeviceAct) -> SendState | None:
        """A device that waits for the office makes what was done to it wait too (T-16)."""
        device = self.state_of(act.equipment) if act.equipment else None
        return SendState.NEEDS_REVIEW if device is SendState.NEEDS_REVIEW else act.state

    def add(self) -> None:
        """Go and put a device in."""
        self.open(ADD)

    def swap(self, device: str) -> None:
        """Go and put another device in the place of one."""
        self.open(f"{SWAP}/{device}")

    def remove(self, device: str) -> None:
        """Go and take a device out."""
        self.open(f"{REMOVE}/{device}")
