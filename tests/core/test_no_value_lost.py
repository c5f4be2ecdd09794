"""An office and two devices write to one job; whatever anyone wrote can be found again.

The machine is the smallest that can lose something: a server's document, devices that record
operations on what they see, exchanges in any order, and an office that writes directly. Each
value written is a word of its own. At any moment each word is in the document, waiting on a
device, kept as a loser, kept with a parked operation, or was replaced by someone who saw it.
"""

from itertools import pairwise

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from field_core.canon import Body, Json, dump
from field_core.merge import apply
from field_core.operations import Operation, Transition, Verdict
from field_core.replay import Held, replay
from field_core.status import TRANSITIONS, JobStatus, is_closed
from tests.core.making import JOB, NOON, adding, edit, job, moving

DEVICES = ("phone", "laptop")
FIELDS = (
    "description",  # the office's word
    "work_notes",  # the technician's word
    "customer_mood",  # nobody's: a person decides
    "closed_reason",  # written by hand and by moves
    "checklist.r1.value",
)


class Device:
    """A device: the server's word as last pulled, and what it recorded since."""

    def __init__(self, base: Body) -> None:
        self.base = base
        self.pending: list[Operation] = []

    def view(self) -> Body:
        held = replay(Held("Dispatch Job", self.base), [(op, NOON) for op in self.pending])
        assert held is not None
        return held.body


class NoValueLost(RuleBasedStateMachine):
    """See the module."""

    @initialize()
    def begin(self) -> None:
        self.server = job(checklist=[{"id": "r1", "step": "Read power"}])
        self.devices = {name: Device(self.server) for name in DEVICES}
        self.written: set[str] = set()
        self.replaced: set[str] = set()
        self.kept_aside: list[str] = []
        self.path: list[JobStatus] = [JobStatus.ON_SITE]
        self.moves: list[Transition] = []
        self.n = 0

    # --- acts

    @rule(device=st.sampled_from(DEVICES), field=st.sampled_from(FIELDS))
    def device_sets(self, device: str, field: str) -> None:
        self._record(device, self._edit(field, _at(self.devices[device].view(), field)))

    @rule(field=st.sampled_from(FIELDS))
    def office_sets(self, field: str) -> None:
        self._take(self._edit(field, _at(self.server, field)))

    @rule(device=st.sampled_from(DEVICES))
    def device_notes(self, device: str) -> None:
        word = self._word()
        self._record(device, adding("notes", word, {"text": word}, n=self.n))

    @rule(device=st.sampled_from(DEVICES), to=st.sampled_from(JobStatus), tells=st.booleans())
    def device_moves(self, device: str, to: JobStatus, tells: bool) -> None:  # noqa: FBT001 - drawn by name
        seen = str(self.devices[device].view()["status"])
        self._record(device, self._move(seen, to, tells=tells))

    @rule(to=st.sampled_from(JobStatus), tells=st.booleans())
    def office_moves(self, to: JobStatus, tells: bool) -> None:  # noqa: FBT001 - drawn by name
        self._take(self._move(str(self.server["status"]), to, tells=tells))

    @rule(device=st.sampled_from(DEVICES), count=st.integers(1, 5))
    def device_pushes(self, device: str, count: int) -> None:
        here = self.devices[device]
        for operation in here.pending[:count]:
            self._take(operation)
        here.base, here.pending = self.server, here.pending[count:]

    @rule(device=st.sampled_from(DEVICES))
    def device_pulls_before_it_pushes(self, device: str) -> None:
        self.devices[device].base = self.server

    @rule(device=st.sampled_from(DEVICES))
    def device_pushes_and_the_server_takes_it_twice(self, device: str) -> None:
        """A server restored from a backup takes operations again: nothing more may happen."""
        for operation in self.devices[device].pending[:1]:
            self._take(operation)
            once = dump(self.server)
            self._take(operation)
            assert dump(self.server) == once

    @precondition(lambda self: self.moves)
    @rule(data=st.data())
    def server_takes_an_old_move_again(self, data: st.DataObject) -> None:
        before = dump(self.server)
        self._take(data.draw(st.sampled_from(self.moves)))
        assert dump(self.server) == before

    # --- what must hold

    @invariant()
    def every_word_can_be_found(self) -> None:
        places = [dump(self.server), *self.kept_aside]
        places += [op.model_dump_json() for d in self.devices.values() for op in d.pending]
        everything = "\n".join(places)
        missing = {word for word in self.written - self.replaced if word not in everything}
        assert not missing

    @invariant()
    def a_device_with_nothing_to_send_shows_what_it_pulled(self) -> None:
        for device in self.devices.values():
            assert device.pending or device.view() == device.base

    @invariant()
    def the_status_followed_the_table(self) -> None:
        assert all(step in TRANSITIONS for step in pairwise(self.path))

    # --- helpers

    def _word(self) -> str:
        self.n += 1
        word = f"word-{self.n:06d}"
        self.written.add(word)
        return word

    def _edit(self, field: str, seen: Json) -> Operation:
        self.replaced |= {seen} if isinstance(seen, str) else set()
        return edit({field: (seen, self._word())}, n=self.n)

    def _move(self, seen: str, to: JobStatus, *, tells: bool) -> Operation:
        word = self._word()
        if not tells:
            self.written.discard(word)
        return moving(to, seen=seen, reason=word if tells else None, n=self.n)

    def _record(self, device: str, operation: Operation) -> None:
        self.devices[device].pending.append(operation)

    def _take(self, operation: Operation) -> None:
        """Do what a server does: apply, keep losers, keep what it could not take."""
        before = dump(self.server)
        result = apply(operation, self.server, spec=JOB, when=NOON)
        assert dump(self.server) == before, "an operation must not change its argument"
        assert result.body is not None
        self.kept_aside += [dump([loser.kept, loser.lost]) for loser in result.losers]
        if result.verdict is Verdict.PARKED:
            self.kept_aside.append(operation.model_dump_json())
        self.server = result.body
        self._follow(operation)

    def _follow(self, operation: Operation) -> None:
        status, before = JobStatus(str(self.server["status"])), self.path[-1]
        if status is before:
            return
        assert isinstance(operation, Transition), "only a move moves a job"
        assert not is_closed(before) or is_closed(JobStatus(operation.from_status))
        self.path.append(status)
        self.moves.append(operation)


def _at(body: Body, path: str) -> Json:
    if path != "checklist.r1.value":
        return body.get(path)
    rows = body["checklist"]
    assert isinstance(rows, list)
    row = rows[0]
    assert isinstance(row, dict)
    return row.get("value")


TestNoValueLost = NoValueLost.TestCase
