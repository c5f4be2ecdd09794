"""The steps of a job, as a list: where each stands, what comes next, how the job ends."""

import json
from pathlib import Path

import pytest

from field_app.state.job.steps import Steps, StepState, state_of
from field_app.state.place import Part, Place
from field_core.canon import Body, Json
from field_core.status import JobStatus
from tests.app.at_work import LocalAccount, workspace
from tests.app.making import steps

FIRST, LEVEL = steps()
OPTIONAL: Body = {"id": "s3", "step": "opt", "kind": "text", "label_fr": "Remarque"}
TV: Body = {
    "id": "s4",
    "step": "tv",
    "kind": "scan",
    "label_fr": "Décodeur",
    "required": True,
    "condition": json.dumps(
        {"some": [{"var": "equipment"}, {"==": [{"var": "action"}, "Remove"]}]}
    ),
}


@pytest.fixture
def account(tmp_path: Path) -> LocalAccount:
    return LocalAccount(tmp_path)


async def opened(account: LocalAccount, *rows: Json, **fields: Json) -> Steps:
    key = account.has_job(1, **{"status": "On Site", "checklist": [*rows], **fields})
    model = Steps(workspace(account, f"/today/{key}/steps"), key)
    await model.refresh()
    return model


async def test_steps_stand_in_order_with_what_they_wait_for(account: LocalAccount) -> None:
    model = await opened(account, FIRST, LEVEL, OPTIONAL)

    assert [(s.number, state_of(s)) for s in model.steps] == [
        (1, StepState.OPEN),
        (2, StepState.WAITS),
        (3, StepState.OPEN),
    ]
    assert [s.label("fr") for s in model.waited_for(model.steps[1])] == ["Arrivé"]
    assert (model.done_count, model.next_step) == (0, model.steps[0])


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({"done": True, "value": -24.1}, StepState.DONE),
        ({"skip_reason": "brisé"}, StepState.SKIPPED),
        ({"value": "-27.6"}, StepState.FAILED),
        ({"value": "-27.6", "skip_reason": "brisé"}, StepState.FAILED),
    ],
)
async def test_step_says_where_it_stands(
    account: LocalAccount, fields: Body, state: StepState
) -> None:
    """T-12."""
    model = await opened(account, {**LEVEL, **fields})

    assert state_of(model.steps[0]) is state


async def test_step_whose_condition_does_not_hold_is_folded_away(account: LocalAccount) -> None:
    model = await opened(account, FIRST, TV)

    assert ([s.id for s in model.steps], [s.id for s in model.hidden]) == (["s1"], ["s4"])

    model.show_hidden()

    assert model.shows_hidden


async def test_step_appears_once_its_condition_holds(account: LocalAccount) -> None:
    model = await opened(account, FIRST, TV, equipment=[{"id": "e", "action": "Remove"}])

    assert [s.id for s in model.steps] == ["s1", "s4"]


async def test_settled_job_offers_to_be_completed(account: LocalAccount) -> None:
    model = await opened(account, {**FIRST, "done": True}, {**LEVEL, "skip_reason": "x"}, OPTIONAL)

    assert (model.next_step, model.can_complete) == (None, True)

    await model.complete()

    assert account.body(model.key)["status"] == JobStatus.COMPLETED
    assert model.workspace.navigator.place == Place(key=model.key)


async def test_failed_reading_leads_back_to_itself_and_lets_the_job_be_closed(
    account: LocalAccount,
) -> None:
    """T-12."""
    model = await opened(
        account, {**FIRST, "done": True}, {**LEVEL, "value": -27.6, "skip_reason": "x"}
    )

    assert model.next_step == model.steps[1]
    assert (model.can_complete, model.can_close) == (False, True)

    await model.close_incomplete("niveau trop bas")

    closed = account.body(model.key)
    assert (closed["status"], closed["closed_reason"]) == (JobStatus.INCOMPLETE, "niveau trop bas")


async def test_job_that_ended_offers_nothing_to_do(account: LocalAccount) -> None:
    model = await opened(account, FIRST, status="Completed")

    assert (model.next_step, model.can_complete, model.can_close) == (None, False, False)


async def test_job_without_steps_can_be_completed(account: LocalAccount) -> None:
    model = await opened(account)

    assert (model.steps, model.can_complete) == ([], True)


async def test_job_that_is_not_here_has_no_steps(account: LocalAccount) -> None:
    model = Steps(workspace(account), "no-such-key")
    await model.refresh()

    assert (model.is_gone, model.steps, model.can_complete, model.can_close) == (
        True,
        [],
        False,
        False,
    )


async def test_step_opens_where_the_list_was(account: LocalAccount) -> None:
    model = await opened(account, FIRST)

    model.open_step(model.steps[0])

    assert model.workspace.navigator.place == Place(key=model.key, part=Part.STEPS, row="s1")


async def test_completing_that_is_refused_stays_on_the_list(account: LocalAccount) -> None:
    model = await opened(account, {**FIRST, "done": True})
    account.refusal = "not-enrolled"
    place = model.workspace.navigator.place

    await model.complete()
    await model.close_incomplete("x")

    assert model.workspace.navigator.place == place
