"""Steps of a job: answered, left out with a reason."""

from field_app.sync.acts.acting import Acting, act, row_of
from field_app.sync.captures import captures
from field_app.sync.recorder import Draft
from field_core import checklist
from field_core.canon import Body, Json
from field_core.instants import ms_to_text
from field_core.operations import Operation
from field_core.problems import Problem, ProblemError


class StepActs(Acting):
    """Acts on the checklist."""

    def steps(self, key: str) -> list[Body]:
        """Return the steps of a job; raises ProblemError when it is not here."""
        return checklist.steps_of(self._document(key))

    @act
    def do_step(
        self,
        key: str,
        row_id: str,
        value: Json = None,
        *,
        note: str | None = None,
        source: str | None = None,
        identity: str | None = None,
    ) -> Operation:
        """Answer a step: its value is checked, and what it depends on must be settled."""
        step = self._open_step(key, row_id)
        problem = checklist.check_value(step, value)
        problem = problem or checklist.check_evidence(step, self._document(key))
        if source == checklist.BY_PHOTO and not self._has_photo(key, step):
            problem = Problem("photo-needed", {"step": label(step)})
        if problem:
            raise ProblemError(problem.code, **dict(problem.details))
        answer = self._answer_to_step(value, note, is_done=True)
        return self._set_step(key, step, {**answer, "source": source, "identity": identity})

    def _has_photo(self, key: str, step: Body) -> bool:
        """Tell whether a step has a photo, if only its original."""
        taken = any(one.step == step.get("id") for one in captures(self.replica, key))
        return taken or bool(checklist.photos_of(step, self._document(key)))

    @act
    def fail_step(
        self, key: str, row_id: str, value: float, *, note: str | None = None
    ) -> Operation:
        """Keep a reading that is out of its bounds: the step is still to be done (T-12)."""
        step = self._open_step(key, row_id)
        problem = checklist.check_value(step, value)
        is_measured = abs(value) <= checklist.NUMBER_MAX  # which NaN is not either
        if step.get("kind") != "reading" or not is_measured or not problem:
            raise ProblemError("invalid-value", field=step.get("step"))
        return self._set_step(key, step, self._answer_to_step(value, note, is_done=False))

    @act
    def skip_step(self, key: str, row_id: str, reason: str) -> Operation:
        """Leave a step out, with the reason."""
        step = row_of(self._document(key), "checklist", row_id)
        if not reason.strip():
            raise ProblemError("reason-needed")
        return self._set_step(
            key,
            step,
            {"skip_reason": reason.strip(), "done_at": self._now(), "done_by": self._technician()},
        )

    def _open_step(self, key: str, row_id: str) -> Body:
        job = self._document(key)
        step = row_of(job, "checklist", row_id)
        if not checklist.is_open(step, job):
            raise ProblemError("step-not-open", step=label(step))
        return step

    def _answer_to_step(self, value: Json, note: str | None, *, is_done: bool) -> dict[str, Json]:
        return {
            "value": value,
            "done": is_done,
            "skip_reason": None,
            "done_at": self._now() if is_done else None,
            "done_by": self._technician(),
            "device_time": ms_to_text(self._now_ms()),
            "note": note,
        }

    def _step_done(self, key: str, step: Body) -> Draft:
        """Draft that a step which asks for no value is done."""
        values = _said(step, self._answer_to_step(None, None, is_done=True))
        edits = {_path(step, name): [step.get(name), value] for name, value in values.items()}
        return {"kind": "set", "key": key, "fields": edits}

    def _step_answered(self, key: str, row_id: str, value: float) -> Draft:
        """Draft the answer to a step; a reading out of its bounds leaves it to be done (T-12)."""
        step = self._open_step(key, row_id)
        problem = checklist.check_value(step, value)
        if problem and (step.get("kind") != "reading" or abs(value) > checklist.NUMBER_MAX):
            raise ProblemError(problem.code, **dict(problem.details))
        values = _said(step, self._answer_to_step(value, None, is_done=problem is None))
        edits = {_path(step, name): [step.get(name), said] for name, said in values.items()}
        return {"kind": "set", "key": key, "fields": edits}

    def _set_step(self, key: str, step: Body, values: dict[str, Json]) -> Operation:
        said = _said(step, values)
        return self._recorder.set_fields(
            key, {_path(step, name): value for name, value in said.items()}
        )


def _said(step: Body, values: dict[str, Json]) -> dict[str, Json]:
    """Leave out what was and stays empty."""
    return {n: v for n, v in values.items() if v is not None or step.get(n) is not None}


def _path(step: Body, name: str) -> str:
    return f"checklist.{step['id']}.{name}"


def label(step: Body, language: str = "fr") -> str:
    """Return what a step is called."""
    other = "en" if language == "fr" else "fr"
    names = (step.get(f"label_{language}"), step.get(f"label_{other}"), step.get("step"))
    return str(next((name for name in names if name), step.get("id")))
