"""A diagnostic run put on its job: readings, the whole of it as a file, the answer to a step."""

from typing import Final

from field_app.ports import Evidence, Level
from field_app.sync.acts.acting import act, stated
from field_app.sync.acts.attaching import AttachingActs
from field_app.sync.acts.steps import StepActs
from field_app.sync.checking import rows
from field_core.canon import Body
from field_core.operations import Operation

RUN_MIME: Final = "application/json"
RUN_QUANTITY: Final = "diagnostic-run"
"""The reading that stands for the whole run and carries its file."""


class EvidenceActs(AttachingActs, StepActs):
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
