"""The van, counted: many labels, one list, and what differs from the books."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from field_app.ports import Acting, NewEquipment, Recorded
from field_app.state.place import Part, Place, Room
from field_app.state.scanning.identified import Identified
from field_app.state.scanning.scanner import Scanner
from field_app.state.screen import Forget, Screen
from field_app.state.workspace import Workspace
from field_core.labels import Field
from field_core.operations import Operation
from field_core.problems import Problem

PLACE: Final = Place(Room.SEARCH, "van", Part.COUNT)
COUNT_MAX: Final = 200
"""A van carries some forty; the list is kept as one draft of 20,000 characters."""
UNDO_MAX: Final = 50
"""Operations that one act may hold, which an undo is too."""
_DRAFT: Final = ("van", "count")
_KEPT: Final = (Field.MAC, Field.SERIAL, Field.GPON)


class Found(StrEnum):
    """How a counted device stands to the books."""

    EXPECTED = "expected"
    LOOSE = "loose"
    """In stock, and nobody has it."""
    ELSEWHERE = "elsewhere"
    """At an address, or in another van: the office settles it."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Counted:
    """One device that was counted."""

    marks: tuple[str | None, str | None, str | None]
    """MAC, maker's serial and GPON serial."""
    record: Recorded | None
    found: Found

    @property
    def label(self) -> str:
        """What it is called."""
        is_named = self.record is not None and self.record.equipment != self.record.key
        name = self.record.equipment if self.record and is_named else None
        return name or next((mark for mark in self.marks if mark), "")

    @property
    def new(self) -> NewEquipment:
        """The device as one that nobody has recorded yet."""
        mac, serial, gpon = self.marks
        return NewEquipment(
            "ONT" if gpon else "", mac_address=mac, serial_no=serial, gpon_serial=gpon
        )


class VanCount(Screen):
    """One count, kept letter by letter until its differences are sent."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self.workspace = workspace
        self.scanner: Scanner | None = None
        self.expected: Sequence[Recorded] | None = None
        """What the books say the van carries; None before it is read."""
        self.counted: list[Counted] = []
        self.is_full = False

    def follow(self, tell: Callable[[], None]) -> Forget:
        """The office may move stock meanwhile."""
        return self.workspace.account.on_news(tell)

    async def load(self) -> None:
        """Read the books, and what was counted so far."""
        account = self.workspace.account
        self.expected = await account.read(lambda ask: ask.van())
        draft = await account.draft(*_DRAFT)
        kept: list[Any] = json.loads(draft) if draft else []
        self.counted = [await self._looked_up(tuple(marks)) for marks in kept]

    # --- what differs

    @property
    def missing(self) -> Sequence[Recorded]:
        """What the books say and nobody counted."""
        keys = {one.record.key for one in self.counted if one.record}
        return [record for record in self.expected or () if record.key not in keys]

    @property
    def surplus(self) -> Sequence[Counted]:
        """What was counted and the books do not say."""
        return [one for one in self.counted if one.found is not Found.EXPECTED]

    @property
    def differences(self) -> int:
        """How many things there are to send."""
        return len(self.missing) + len(self.surplus) if self.counted else 0

    # --- counting

    def open_scanner(self) -> None:
        """Read one label after the other."""
        self.scanner = Scanner(
            self.workspace, self._scanned, close=self._close_scanner, is_counting=True
        )
        self.changed()

    def _close_scanner(self) -> None:
        self.scanner = None
        self.changed()

    async def _scanned(self, found: Identified) -> None:
        marks = tuple(found.values.get(name) for name in _KEPT)
        one = await self._looked_up(marks)
        if not any(_is_same(one, other) for other in self.counted):
            self.is_full = len(self.counted) >= COUNT_MAX
            if not self.is_full:
                self.counted.append(one)
                await self._keep()
        self.changed()

    async def _looked_up(self, marks: tuple[Any, ...]) -> Counted:
        mac, serial, gpon = marks
        serials = [mark for mark in (serial, gpon) if mark]
        read = self.workspace.account.read
        records = await read(lambda ask: ask.recorded(mac, serials))
        record = next(iter(records), None)
        return Counted((mac, serial, gpon), record, self._standing(record))

    def _standing(self, record: Recorded | None) -> Found:
        if record is None:
            return Found.UNKNOWN
        if any(one.key == record.key for one in self.expected or ()):
            return Found.EXPECTED
        return Found.LOOSE if not (record.location or record.held_by) else Found.ELSEWHERE

    async def drop(self, one: Counted) -> None:
        """Take back a device that was counted by mistake."""
        self.counted.remove(one)
        await self._keep()
        self.changed()

    async def _keep(self) -> None:
        marks = [list(one.marks) for one in self.counted]
        text = json.dumps(marks) if marks else None
        await self.workspace.account.keep_draft(*_DRAFT, text)

    # --- sending

    async def settle(self) -> None:
        """Write every difference down for the office; the next count begins empty."""
        taken = [one.record.key for one in self.surplus if one.record]
        made = [one.new for one in self.surplus if one.record is None]
        missing = [record.key for record in self.missing]
        kept = [*self.counted]

        def act(acts: Acting) -> Sequence[Operation] | Problem:
            return acts.settle_count(taken=taken, made=made, missing=missing)

        def undo(operations: Sequence[Operation]) -> Callable[[Acting], object]:
            return lambda acts: acts.undo(operations, reason="")

        can_undo = len(taken) + len(made) + len(missing) <= UNDO_MAX
        done = await self.workspace.act(act, said="count.settled", undo=undo if can_undo else None)
        if done is not None:
            self.counted = []
            await self._keep()
            await self.refresh()
        else:
            self.counted = kept
            self.changed()

    async def begin_again(self) -> None:
        """Forget what was counted."""
        self.counted, self.is_full = [], False
        await self._keep()
        self.changed()

    def leave(self) -> None:
        """Go back; what was counted stays."""
        self.workspace.navigator.back()


def _is_same(one: Counted, other: Counted) -> bool:
    if one.record and other.record:
        return one.record.key == other.record.key
    return one.marks[0] == other.marks[0] if one.marks[0] else one.marks == other.marks
