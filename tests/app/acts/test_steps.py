"""Acts on steps: answers, failed readings, evidence; conditions count here too."""

import json
from typing import Any

import pytest

from field_app.sync.acts import Acts, Photo, Signed, done
from field_app.sync.replica import Replica
from field_core.canon import Body
from field_core.checklist import NUMBER_MAX, is_settled
from field_core.problems import Problem
from field_core.status import JobStatus
from tests.app.making import change, job, key, reply, steps

PICTURE = b"\xff\xd8\xff\xe0 a picture"
LEVEL = "s2"


def with_steps(replica: Replica, *rows: Body) -> None:
    """Have the office give the job other steps."""
    replica.apply(
        reply(
            [change(1, job(status="On Site", checklist=[*rows]), rev=2)], since="e.1", cursor="e.2"
        ),
        now_ms=0,
    )


def step_of(replica: Replica, number: int) -> dict[str, Any]:
    held = replica.document(key(1))
    assert held is not None
    rows: Any = held.body["checklist"]
    row: dict[str, Any] = rows[number - 1]
    return row


def code_of(answer: object) -> str | None:
    return answer.code if isinstance(answer, Problem) else None


def test_reading_out_of_bounds_is_kept_and_its_step_stays_to_be_done(
    replica: Replica, acts: Acts
) -> None:
    """T-12: −24.1 passes; −27.6 fails and blocks completing; closing incomplete stays possible."""
    done(acts.do_step(key(1), "s1"))
    done(acts.do_step(key(1), LEVEL, -24.1))
    assert acts.missing(key(1)) == []

    done(acts.fail_step(key(1), LEVEL, -27.6, note="connecteur sale"))

    step = step_of(replica, 2)
    assert (step["value"], step["done"], step["note"]) == (-27.6, False, "connecteur sale")
    assert "done_at" not in step
    assert code_of(acts.move(key(1), JobStatus.COMPLETED)) == "steps-missing"
    done(acts.close_incomplete(key(1), "niveau trop bas"))


def test_reading_that_failed_is_not_settled_by_leaving_it_out(acts: Acts) -> None:
    """T-12."""
    done(acts.do_step(key(1), "s1"))
    done(acts.fail_step(key(1), LEVEL, -6.5))

    done(acts.skip_step(key(1), LEVEL, "plus tard"))

    assert acts.missing(key(1)) == ["Niveau"]


def test_reading_taken_again_within_bounds_settles_the_step(replica: Replica, acts: Acts) -> None:
    """T-12."""
    done(acts.do_step(key(1), "s1"))
    done(acts.fail_step(key(1), LEVEL, -27.6))

    done(acts.do_step(key(1), LEVEL, -24.1))

    assert (step_of(replica, 2)["value"], acts.missing(key(1))) == (-24.1, [])


@pytest.mark.parametrize("value", [-24.1, float("nan"), NUMBER_MAX * 2, -NUMBER_MAX * 2])
def test_only_a_number_past_a_bound_is_kept_as_a_failure(acts: Acts, value: float) -> None:
    done(acts.do_step(key(1), "s1"))

    assert code_of(acts.fail_step(key(1), LEVEL, value)) == "invalid-value"


def test_failed_reading_waits_its_turn_like_any_answer(acts: Acts) -> None:
    assert code_of(acts.fail_step(key(1), LEVEL, -27.6)) == "step-not-open"


def test_number_out_of_bounds_is_no_failed_reading(replica: Replica, acts: Acts) -> None:
    with_steps(replica, {"id": "n", "kind": "number", "max_value": 5.0})

    assert code_of(acts.fail_step(key(1), "n", 6.0)) == "invalid-value"


def test_failed_reading_taken_back_leaves_what_was_there(replica: Replica, acts: Acts) -> None:
    done(acts.do_step(key(1), "s1"))
    done(acts.do_step(key(1), LEVEL, -24.1))
    before = step_of(replica, 2)

    made: Any = done(acts.fail_step(key(1), LEVEL, -27.6))
    done(acts.undo(made, reason=""))

    assert step_of(replica, 2) == before


def test_photo_step_is_done_once_its_photo_is_there(replica: Replica, acts: Acts) -> None:
    """T-05: a step never ends without what it asks for."""
    with_steps(replica, {"id": "p", "step": "s2", "kind": "photo", "required": True})
    assert code_of(acts.do_step(key(1), "p")) == "photo-needed"

    done(acts.photo(key(1), Photo(PICTURE, "image/jpeg", step="p")))

    done(acts.do_step(key(1), "p"))
    assert acts.missing(key(1)) == []


def test_signature_step_is_done_with_the_signature_wherever_it_is_given(
    replica: Replica, acts: Acts
) -> None:
    with_steps(replica, {"id": "g", "step": "s9", "kind": "signature", "required": True})
    assert code_of(acts.do_step(key(1), "g")) == "signature-needed"

    made = done(acts.sign(key(1), Signed(PICTURE, "image/png", "Mme Roy", "fr")))

    assert acts.missing(key(1)) == []
    done(acts.undo(made, reason=""))
    assert len(acts.missing(key(1))) == 1


def test_signature_step_that_still_waits_for_another_stays_open(
    replica: Replica, acts: Acts
) -> None:
    first, _ = steps()
    signing: Body = {"id": "g", "step": "s9", "kind": "signature", "depends_on": str(first["id"])}
    with_steps(replica, first, signing)

    done(acts.sign(key(1), Signed(PICTURE, "image/png", "Mme Roy", "fr")))

    assert not is_settled(acts.steps(key(1))[1])


def test_step_that_does_not_count_keeps_nobody_from_completing(
    replica: Replica, acts: Acts
) -> None:
    first, level = steps()
    rule = {"==": [{"var": "steps.arrive"}, "no"]}
    with_steps(replica, first, {**level, "condition": json.dumps(rule)})

    done(acts.do_step(key(1), "s1"))

    done(acts.move(key(1), JobStatus.COMPLETED))
