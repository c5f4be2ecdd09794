"""The equipment at a job's location, and what the job does to it."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from field_app.ports import Device, DeviceAct, JobEquipment, JobFacts, SendState
from field_app.state.diagnostics.diagnosis import ON_THE_ACS
from field_app.state.equipment.device_history import HISTORY
from field_app.state.job.part import JobPart
from field_app.state.place import Part, Place
from field_app.state.scanning.identified import Identified
from field_app.state.scanning.scanner import Evidence, Scanner
from field_app.state.workspace import Workspace
from field_core.labels import Field

ADD, SWAP, REMOVE = "add", "swap", "remove"
"""Rows of the part that stand for a form: `add`, `swap/<device>`, `remove/<device>`."""


_REVERSES: Final[Mapping[str, str]] = {"Install": "Remove", "Remove": "Install"}


class Equipment(JobPart):
    """What stands at the location, what is planned, what was done.

    undone: the reasons that mark a row as one that takes an earlier one back.
    """

    part = Part.EQUIPMENT

    def __init__(self, workspace: Workspace, key: str, *, undone: Collection[str] = ()) -> None:
        super().__init__(workspace, key)
        self._undo_reasons = undone
        self.data: JobEquipment | None = None
        self.scanner: Scanner | None = None
        """The scanner, while it is in front."""
        self.scanned: str | None = None
        """Key of the device here whose label was read last: it is shown first."""

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
        """What stands at the location, the device that was scanned before the others."""
        if self.data is None:
            return ()
        return sorted(self.data.here, key=lambda device: device.key != self.scanned)

    @property
    def planned(self) -> Sequence[DeviceAct]:
        """What the office wants done and is not."""
        return [act for act in self._standing if act.is_planned]

    @property
    def done(self) -> Sequence[DeviceAct]:
        """What the job did and did not take back, newest first."""
        return [act for act in reversed(self._standing) if not act.is_planned]

    @property
    def undone_total(self) -> int:
        """How many acts were taken back after they were sent: the office has both."""
        return len(self._taken_back()) // 2

    @property
    def _standing(self) -> Sequence[DeviceAct]:
        taken_back = self._taken_back()
        return [act for act in self._acts if act.id not in taken_back]

    @property
    def _acts(self) -> Sequence[DeviceAct]:
        return self.data.acts if self.data else ()

    def _taken_back(self) -> frozenset[str]:
        """Return the rows that were taken back, and those that did it.

        A device that was taken out and put back at once looks like one the office wants out.
        """
        rows: set[str] = set()
        acts = self._acts
        for number, reversal in enumerate(acts):
            if reversal.reason not in self._undo_reasons:
                continue
            undone = next(
                (a for a in reversed(acts[:number]) if _is_undone(a, reversal, rows)), None
            )
            if undone is not None:
                rows |= {undone.id, reversal.id}
        return frozenset(rows)

    @property
    def has_location(self) -> bool:
        """Whether there is a place for equipment to stand at."""
        return self.facts is not None and self.facts.location is not None

    def state_of_act(self, act: DeviceAct) -> SendState | None:
        """A device that waits for the office makes what was done to it wait too (T-16)."""
        device = self.state_of(act.equipment) if act.equipment else None
        return SendState.NEEDS_REVIEW if device is SendState.NEEDS_REVIEW else act.state

    # --- by its label

    def open_scanner(self) -> None:
        """Have a label read, to do something to that device."""
        self.scanner = Scanner(
            self.workspace, self._scanned, close=self._close_scanner, evidence=Evidence(self.key)
        )
        self.changed()

    def _close_scanner(self) -> None:
        self.scanner = None
        self.changed()

    async def _scanned(self, found: Identified) -> None:
        """Show the device if it is here; else go and put it in."""
        marks, serials = found.values.get(Field.MAC), found.serials
        read = self.workspace.account.read
        known = await read(lambda ask: ask.recorded(marks, serials))
        here = {device.key for device in self.here}
        self.scanned = next((record.key for record in known if record.key in here), None)
        self._close_scanner()
        if self.scanned is None:
            self.workspace.scanned = found
            self.add()

    def add(self) -> None:
        """Go and put a device in."""
        self.open(ADD)

    def swap(self, device: str) -> None:
        """Go and put another device in the place of one."""
        self.open(f"{SWAP}/{device}")

    @staticmethod
    def speaks(device: Device) -> bool:
        """Tell whether a device can be asked how it fares."""
        return device.equipment_type in ON_THE_ACS

    def diagnose(self, device: str) -> None:
        """Go and see how a device fares."""
        navigator = self.workspace.navigator
        navigator.go(Place(navigator.place.room, self.key, Part.DIAGNOSTICS, device))

    def story(self, device: str) -> None:
        """Go to what happened to a device."""
        self.open(f"{HISTORY}/{device}")

    def remove(self, device: str) -> None:
        """Go and take a device out."""
        self.open(f"{REMOVE}/{device}")


def _is_undone(act: DeviceAct, reversal: DeviceAct, rows: Collection[str]) -> bool:
    is_same = act.equipment is not None and act.equipment == reversal.equipment
    return is_same and act.id not in rows and _REVERSES.get(act.action) == reversal.action
