"""A diagnostic run put on its job: readings, the whole of it as a file, the answer to a step."""

from collections.abc import Sequence
from typing import Final

from field_app.ports import Evidence, Level
from field_app.sync.acts.acting import act, row_of, stated
from field_app.sync.acts.attaching import AttachingActs
from field_app.sync.acts.steps import StepActs
from field_app.sync.acts.undoing import UndoingActs
from field_app.sync.checking import rows
from field_app.sync.recorder import Draft
from field_app.sync.withdrawing import withdraw
from field_core.canon import Body, Json
from field_core.operations import Append, Attach, Operation
from field_core.signing import WITHDRAWN

RUN_MIME: Final = "application/json"
RUN_QUANTITY: Final = "diagnostic-run"
"""The reading that stands for the whole run and carries its file."""


class EvidenceActs(AttachingActs, StepActs, UndoingActs):
    """Acts on what was measured."""

    @act
    def attach_run(self, key: str, run: str, evidence: Evidence) -> list[Operation]:
        """Make a run evidence on its job, as one act; the answer to a step goes with it.

        A reading out of its step's bounds is kept, and the step stays to be done (T-12).
        """
        self._document(key)
        verdict = next((level.verdict for level in evidence.levels), None)
        whole = {
            "quantity": RUN_QUANTITY,
            "verdict": verdict,
            "source": run,
            "measured_at": self._now(),
        }
        more = {"list": "readings", "item_id": self._recorder.new_key(), "item": stated(whole)}
        attached, blob = self._attachment(
            key, evidence.content, RUN_MIME, role="reading", more=more
        )
        drafts = [attached]
        drafts += [
            self._recorder.row(key, "readings", _row(level, str(blob["sha256"])))
            for level in evidence.levels
        ]
        if evidence.step is not None and evidence.value is not None:
            drafts.append(self._step_answered(key, evidence.step, evidence.value))
        made = self._record_with([blob], drafts)
        rows.note_attached(self.replica, run, now_ms=self._now_ms())
        return made

    @act
    def detach_run(self, run: str, made: Sequence[Operation]) -> list[Operation]:
        """Take a run off its job again; made: all that `attach_run` answered with.

        While nothing of it was offered it goes without a trace. Afterwards its readings stay in
        the record, struck out, and the step is as it was. Refused when that was changed since.
        """
        undone: list[Operation] = []
        if not withdraw(self.replica, [operation.id for operation in made]):
            undone = self._recorder.record(*self._struck_out(made))
        rows.note_attached(self.replica, run, now_ms=None)
        return undone

    def _struck_out(self, made: Sequence[Operation]) -> list[Draft]:
        readings = [one for one in made if isinstance(one, Append | Attach)]
        body = self._document(made[0].key)
        fields: dict[str, list[Json]] = {}
        for one in readings:
            row = row_of(body, "readings", one.item_id or one.id)
            fields[f"readings.{row['id']}.verdict"] = [row.get("verdict"), WITHDRAWN]
        struck: Draft = {"kind": "set", "key": made[0].key, "fields": fields}
        return [struck, *(self._reverse(one, "") for one in made if one not in readings)]


def _row(level: Level, sha256: str) -> Body:
    return stated(
        {
            "quantity": level.quantity,
            "value": level.value,
            "unit": level.unit,
            "verdict": level.verdict,
            "source": level.source,
            "measured_at": level.measured_at or None,
            "sha256": sha256,
        }
    )
