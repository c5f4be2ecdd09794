"""The job as a whole: where it stands, how it ends, and offers taken or left."""

from field_app.sync.acts.acting import act, stated
from field_app.sync.acts.steps import label
from field_app.sync.acts.times import TimeActs
from field_core import checklist
from field_core.offers import ACCEPT, DECLINE, TABLE, is_offered
from field_core.operations import Operation
from field_core.problems import Problem, ProblemError
from field_core.status import JobStatus, is_closed


class JobActs(TimeActs):
    """Moves in the status table."""

    @act
    def move(self, key: str, to: JobStatus, *, reason: str | None = None) -> Operation:
        """Move a job in the status table; completing asks for every required step.

        A stretch of time that still runs ends with the work.
        """
        if to is JobStatus.COMPLETED and (missing := self.missing(key)):
            raise ProblemError("steps-missing", steps=", ".join(missing))
        if is_closed(to):
            self._end_running(key)
        return self._recorder.transition(key, to.value, reason=_words(reason))

    def close_incomplete(self, key: str, reason: str) -> Operation | Problem:
        """End a visit that could not be completed; always possible, with a reason."""
        return self.move(key, JobStatus.INCOMPLETE, reason=reason)

    def missing(self, key: str) -> list[str]:
        """Return what the steps are called that a job still needs."""
        return [label(step) for step in checklist.missing(self._document(key))]

    @act
    def accept_offer(self, key: str) -> Operation:
        """Ask for an offered job: the first answer that the server receives has it."""
        return self._answer(key, ACCEPT, None)

    @act
    def decline_offer(self, key: str, reason: str | None = None) -> Operation:
        """Leave an offered job to others."""
        return self._answer(key, DECLINE, _words(reason))

    def _answer(self, key: str, answer: str, reason: str | None) -> Operation:
        if not is_offered(self._document(key), now=self._now()):
            raise ProblemError("offer-over")
        return self._append(
            key,
            TABLE,
            stated(
                {
                    "technician": self._technician(),
                    "answer": answer,
                    "reason": reason,
                    "at": self._now(),
                }
            ),
        )


def _words(reason: str | None) -> str | None:
    """Return a reason without the blanks around it; blanks alone are none."""
    return (reason or "").strip() or None
