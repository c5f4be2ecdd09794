"""The job as a whole: steps that let it end, moves, offers."""

# ruff: noqa: ANN401 - JSON of any shape

from typing import Any

import pytest

from field_app.sync.acts import Acts, done, label
from field_app.sync.replica import Replica
from field_core.offers import answer_of
from field_core.problems import Problem
from field_core.status import JobStatus
from tests.app.acts.hands import body, rows
from tests.app.making import MARC, Clock, key


def test_steps_done_in_order_let_the_job_be_completed(replica: Replica, acts: Acts) -> None:
    done(acts.do_step(key(1), "s1"))
    done(acts.do_step(key(1), "s2", -19.5))

    done(acts.move(key(1), JobStatus.COMPLETED))

    step = body(replica)["checklist"][1]
    assert (step["value"], step["done"], step["done_by"]) == (-19.5, True, MARC)
    assert body(replica)["status"] == "Completed"


def test_step_left_out_with_a_reason_counts_as_settled(acts: Acts) -> None:
    done(acts.skip_step(key(1), "s1", "pas d'accès"))
    done(acts.do_step(key(1), "s2", -19.5))

    assert acts.missing(key(1)) == []


def test_step_that_was_left_out_may_be_done_after_all(replica: Replica, acts: Acts) -> None:
    done(acts.skip_step(key(1), "s1", "pas d'accès"))

    done(acts.do_step(key(1), "s1"))

    step = body(replica)["checklist"][0]
    assert (step["done"], "skip_reason" in step) == (True, False)


@pytest.mark.parametrize("value", [-6.5, -27.6, float("nan"), "x", None])
def test_reading_out_of_bounds_is_not_kept(replica: Replica, acts: Acts, value: Any) -> None:
    """T-12."""
    done(acts.do_step(key(1), "s1"))

    answer = acts.do_step(key(1), "s2", value)

    assert isinstance(answer, Problem)
    assert (answer.code, answer.details["field"]) == ("invalid-value", "rx")
    assert "value" not in body(replica)["checklist"][1]


def test_visit_that_cannot_be_completed_is_closed_with_its_reason(
    replica: Replica, acts: Acts
) -> None:
    """T-12: nothing ever keeps a technician from leaving."""
    done(acts.close_incomplete(key(1), " signal trop faible "))

    assert (body(replica)["status"], body(replica)["closed_reason"]) == (
        "Incomplete",
        "signal trop faible",
    )


def test_time_that_runs_ends_with_the_work(replica: Replica, acts: Acts, clock: Clock) -> None:
    done(acts.start_time(key(1), "Work"))
    clock.go(600_000)

    done(acts.close_incomplete(key(1), "pas d'accès"))

    [entry] = rows(replica, "time_entries")
    assert entry["ended_at"] > entry["started_at"]


def test_pause_and_resume_are_moves(replica: Replica, acts: Acts) -> None:
    done(acts.move(key(1), JobStatus.PAUSED, reason="dîner"))
    done(acts.move(key(1), JobStatus.ON_SITE))

    moves = [(row["to_status"], row.get("reason")) for row in rows(replica, "status_log")]
    assert moves == [("Paused", "dîner"), ("On Site", None)]


@pytest.mark.parametrize(
    ("step", "called"),
    [({"label_fr": "Niveau", "label_en": "Level"}, "Niveau"), ({"label_en": "Level"}, "Level")],
)
def test_step_is_called_by_what_words_it_has(step: Any, called: str) -> None:
    assert label(step) == called


# --- offers


def test_answer_to_an_offer_asks_for_it_and_does_not_take_it(replica: Replica, acts: Acts) -> None:
    """D-05: two may ask offline; the first received has it, so the phone promises nothing."""
    done(acts.accept_offer(key(2)))

    offer = body(replica, key(2))
    assert (offer["status"], offer["assigned_technician"]) == ("Dispatched", None)
    assert answer_of(offer, MARC) == "Accept"


def test_last_answer_to_an_offer_counts(replica: Replica, acts: Acts) -> None:
    done(acts.accept_offer(key(2)))
    done(acts.decline_offer(key(2), "trop loin"))

    assert answer_of(body(replica, key(2)), MARC) == "Decline"
    assert rows(replica, "responses", key(2))[1]["reason"] == "trop loin"
    assert answer_of(body(replica, key(2)), "DT-00002") is None


def test_offer_whose_time_has_passed_is_no_longer_open(acts: Acts, clock: Clock) -> None:
    clock.go(3_600_001)

    assert acts.accept_offer(key(2)) == Problem("offer-over")
