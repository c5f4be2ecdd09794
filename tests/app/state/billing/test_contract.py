"""A contract: its term, the simulator, and ending it in two steps that cannot surprise anybody."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from field_app.state.billing.contract import DAYS_MIN, ContractPage, Stage
from field_app.state.billing.ending import Ending
from field_app.state.workspace import Workspace
from field_core.canon import Body
from field_core.office import Contracts, ContractSheet, EndingTrouble, EndingUnderway, StepDone
from field_core.problems import ProblemError
from field_core.termination import Phase
from tests.app.at_work import LocalAccount
from tests.app.state.billing.desk import account, desk

__all__ = ["account", "desk"]
B11: Body = {
    "name": "CTR-00001",
    "status": "Active",
    "contract_type": "Residential",
    "start_date": "2025-06-15",
    "duration_months": 24,
    "monthly_rate": 79.95,
    "benefits": [
        {"id": "b1", "description": "Routeur", "benefit_type": "Goods",
         "regular_price": 240.0, "granted_price": 0.0},
        {"id": "b2", "description": "Installation", "benefit_type": "Service",
         "regular_price": 149.95, "granted_price": 0.0},
    ],
}  # fmt: skip
LIST, SHEET = "/v1/customers/CUST-00001/contracts", "/v1/contracts/CTR-00001"
FIGURES: dict[str, Any] = {
    "end": "2026-04-27",
    "months_elapsed": 11,
    "policy": "crtc-2019-269",
    "charge": {"net": "113.07", "tps": "5.65", "tvq": "11.28", "total": "130.00"},
    "total": "130.00",
    "explanation": {"fr": ["Parce que."], "en": ["Because."]},
}
PREVIEW: Body = {"id": "p-1", "expires_at": "2026-04-27T16:15:00.000000Z", "figures": FIGURES}


def page(account: LocalAccount, desk: Workspace, **more: object) -> ContractPage:
    account.remote.answers[LIST] = Contracts(rows=({**B11, **more},))
    account.remote.answers[SHEET] = ContractSheet(name="CTR-00001", status="Active", can_end=True)
    return ContractPage(desk, "CUST-00001", "CTR-00001")


async def opened(account: LocalAccount, desk: Workspace, **more: object) -> ContractPage:
    model = page(account, desk, **more)
    await model.refresh()
    return model


async def test_b11_simulator_charges_what_the_law_allows_and_tells_the_residual(
    account: LocalAccount, desk: Workspace
) -> None:
    """B-11, CT-05: on this device, without the server's help."""
    account.remote.failure = "server-unreachable"
    body = {**B11, "customer": "CUST-00001"}
    account.has_job()
    account.arrives(700, body, doctype="Service Contract")
    model = ContractPage(desk, "CUST-00001", "CTR-00001")
    await model.refresh()

    worked = model.simulated

    assert worked is not None
    assert (worked.months_elapsed, worked.charge) == (11, Decimal("130.00"))
    assert worked.residual == Decimal("211.22")
    assert not model.may_end


async def test_slider_moves_the_day_and_the_fee_falls_month_by_month(
    account: LocalAccount, desk: Workspace
) -> None:
    model = await opened(account, desk)
    fees = [fee for _, fee in model.turns]

    model.choose(18)

    assert model.end == date(2026, 5, 15)
    assert model.simulated is not None
    assert model.simulated.charge == Decimal("120.00")
    assert fees == sorted(fees, reverse=True)
    assert fees[0] == Decimal("130.00")
    assert fees[-1] == 0


@pytest.mark.parametrize("days", [-5, 10_000])
async def test_slider_has_ends(account: LocalAccount, desk: Workspace, days: float) -> None:
    model = await opened(account, desk)

    model.choose(days)

    assert 0 <= model.ends_in_days <= model.days
    assert model.simulated is not None


async def test_ct03_bar_is_told_in_months_and_phase(account: LocalAccount, desk: Workspace) -> None:
    """CT-03."""
    model = await opened(account, desk)

    assert model.bar == (11, 24, Phase.RUNNING)
    assert model.stage is Stage.RUNNING


@pytest.mark.parametrize(
    ("status", "stage"),
    [("Terminated", Stage.ENDED), ("Expired", Stage.OVER), ("Sent", Stage.UNSIGNED)],
)
async def test_ct02_banner_follows_the_office_system_rather_than_the_copy(
    account: LocalAccount, desk: Workspace, status: str, stage: Stage
) -> None:
    """CT-02."""
    model = page(account, desk)
    account.remote.answers[SHEET] = ContractSheet(name="CTR-00001", status=status)

    await model.refresh()

    assert model.stage is stage
    assert not model.may_end


async def test_contract_that_has_ended_is_told_as_it_stood_then(
    account: LocalAccount, desk: Workspace
) -> None:
    """CT-08: what was is not reckoned anew each day."""
    model = await opened(account, desk, status="Terminated", termination_date="2025-12-14")
    model.sheet.told = None

    assert model.end == date(2025, 12, 14)
    assert model.bar is not None
    assert model.bar.months == 6
    assert model.simulated is not None
    assert model.simulated.charge == Decimal("180.00")


async def test_open_term_has_no_bar_and_a_season_to_look_ahead(
    account: LocalAccount, desk: Workspace
) -> None:
    model = await opened(account, desk, duration_months=None)

    assert (model.bar, model.stage, model.days) == (None, Stage.OPEN_TERM, DAYS_MIN)


async def test_contract_that_cannot_be_read_says_which_field(
    account: LocalAccount, desk: Workspace
) -> None:
    model = await opened(account, desk, start_date="soon")

    assert model.contract is None
    assert model.unreadable is not None
    assert model.unreadable.details == {"field": "start_date"}
    assert (model.bar, model.simulated, model.turns) == (None, None, [])


# --- two steps


async def second_step(account: LocalAccount, desk: Workspace) -> Ending:
    ending = Ending(await opened(account, desk))
    account.remote.replies[f"{SHEET}/termination/preview"] = PREVIEW
    assert await ending.work_out()
    return ending


async def test_ct06_what_was_shown_is_quoted_with_the_reason(
    account: LocalAccount, desk: Workspace
) -> None:
    """CT-06, CT-08."""
    ending = await second_step(account, desk)
    ending.write_reason("  Déménage  ")
    account.remote.replies[f"{SHEET}/termination"] = {
        "figures": FIGURES, "reason": "Déménage", "actor": "julie", "at": "", "invoice": "SINV-9",
    }  # fmt: skip

    assert await ending.terminate()

    assert account.remote.sent[-1] == (
        f"{SHEET}/termination",
        {"preview_id": "p-1", "end": "2026-04-27", "reason": "Déménage"},
    )
    assert ending.recap is not None
    assert (ending.recap.invoice, ending.preview) == ("SINV-9", None)


async def test_b13_two_letters_are_no_reason(account: LocalAccount, desk: Workspace) -> None:
    """B-13."""
    ending = await second_step(account, desk)
    ending.write_reason("ok ")

    assert not await ending.terminate()

    assert not ending.is_reason_enough
    assert len(account.remote.sent) == 1


@pytest.mark.parametrize("code", ["preview-expired", "preview-changed"])
async def test_b13_figures_that_changed_are_shown_and_nothing_is_done(
    account: LocalAccount, desk: Workspace, code: str
) -> None:
    """B-13: recalculated and shown again."""
    ending = await second_step(account, desk)
    ending.write_reason("Déménage")
    fresh = {**PREVIEW, "id": "p-2", "figures": {**FIGURES, "total": "120.00"}}

    async def refuse(*_: object) -> Body:
        raise ProblemError(code, preview=fresh)

    account.remote.send = refuse  # type: ignore[method-assign,assignment]  # the server has other figures

    await ending.terminate()

    assert ending.done is None
    assert ending.preview is not None
    assert (ending.preview.id, ending.preview.figures.total) == ("p-2", Decimal("120.00"))
    assert ending.changed_why is not None
    assert ending.changed_why.code == code


async def test_b13_preview_of_a_quarter_of_an_hour_ago_is_known_to_be_too_old(
    account: LocalAccount, desk: Workspace
) -> None:
    """B-13."""
    ending = await second_step(account, desk)
    assert not ending.is_expired

    account.clock.wall_ms += 15 * 60_000

    assert ending.is_expired


async def test_double_press_sends_once(account: LocalAccount, desk: Workspace) -> None:
    """B-13: one invoice."""
    ending = await second_step(account, desk)
    ending.write_reason("Déménage")
    ending.is_busy = True

    assert not await ending.terminate()

    assert len(account.remote.sent) == 1


async def test_server_that_refuses_says_why_and_the_figures_stay(
    account: LocalAccount, desk: Workspace
) -> None:
    ending = await second_step(account, desk)
    ending.write_reason("Déménage")
    account.remote.failure = "erp-unreachable"

    assert not await ending.terminate()

    assert ending.problem is not None
    assert ending.problem.code == "erp-unreachable"
    assert ending.preview is not None
    ending.think_again()
    assert ending.is_expired is False
    assert ending.problem is None


async def test_dispatcher_may_simulate_but_not_end(account: LocalAccount, desk: Workspace) -> None:
    account.person = replace(account.person, roles=frozenset({"technician"}))
    model = await opened(account, desk)

    assert model.simulated is not None
    assert not model.may_end


# --- decided, and not all done

REFUSED = EndingUnderway(
    contract="CTR-00001",
    customer="CUST-00001",
    customer_name="Lucie T.",
    end=date(2026, 4, 27),
    reason="Déménage",
    actor="julie@example.com",
    decided_ms=1_777_305_000_000,
    done=(StepDone(step="fee", documents=("SINV-9",)),),
    trouble=EndingTrouble(
        step="days",
        is_refused=True,
        code="erp-refused",
        details={"message": "Could not find Item: PLAN"},
        since_ms=1_777_305_000_000,
        tried_ms=1_777_305_000_000,
    ),
)
"""Half a termination: the fee's invoice is there, the credit was refused."""


def halfway(account: LocalAccount, *, status: str = "Active") -> None:
    account.remote.answers[SHEET] = ContractSheet(
        name="CTR-00001", status=status, is_ending=True, underway=REFUSED
    )


async def refusing(_path: str, _body: object) -> Body:
    raise ProblemError("termination-refused", step="days", message="Could not find Item: PLAN")


@pytest.mark.parametrize("code", ["termination-refused", "termination-underway"])
async def test_b14_decision_that_could_not_be_carried_out_is_shown_as_under_way(
    account: LocalAccount, desk: Workspace, code: str
) -> None:
    """B-14: neither an error without a trace, nor a contract that looks ended."""
    ending = await second_step(account, desk)
    ending.write_reason("Déménage")

    async def refuse(*_: object) -> Body:
        halfway(account)
        raise ProblemError(code, step="days", message="…")

    account.remote.send = refuse  # type: ignore[method-assign,assignment]  # the office system says no

    await ending.terminate()

    assert (ending.preview, ending.done, ending.problem) == (None, None, None)
    assert ending.page.underway == REFUSED
    assert (ending.page.stage, ending.page.may_end) == (Stage.ENDING, False)


async def test_contract_that_looks_ended_is_told_as_under_way_until_all_is_done(
    account: LocalAccount, desk: Workspace
) -> None:
    model = page(account, desk, status="Terminated", termination_date="2026-04-27")
    halfway(account, status="Terminated")

    await model.refresh()

    assert (model.stage, model.ended_on) == (Stage.ENDING, REFUSED.end)


async def test_trying_again_finishes_what_was_mended(
    account: LocalAccount, desk: Workspace
) -> None:
    ending = Ending(await opened(account, desk))
    halfway(account)
    await ending.page.sheet.ask_now()
    account.remote.replies[f"{SHEET}/termination/again"] = {"figures": FIGURES, "invoice": "S-9"}
    account.remote.answers[SHEET] = ContractSheet(name="CTR-00001", status="Terminated")

    assert await ending.try_again()

    assert account.remote.sent[-1] == (f"{SHEET}/termination/again", {})
    assert ending.recap is not None
    assert (ending.recap.invoice, ending.page.underway) == ("S-9", None)


async def test_trying_again_in_vain_says_so_and_looks_anew(
    account: LocalAccount, desk: Workspace
) -> None:
    ending = Ending(await opened(account, desk))
    halfway(account)
    account.remote.send = refusing  # type: ignore[method-assign,assignment]  # the office system says no

    await ending.try_again()

    assert (ending.done, ending.page.underway) == (None, REFUSED)
    assert desk.notices.current is not None
    assert desk.notices.current.problem is not None
    assert desk.notices.current.problem.code == "termination-refused"


async def test_trying_again_without_a_network_is_a_problem_and_nothing_else(
    account: LocalAccount, desk: Workspace
) -> None:
    ending = Ending(await opened(account, desk))
    account.remote.failure = "server-unreachable"

    assert not await ending.try_again()

    assert ending.problem is not None
    assert ending.problem.code == "server-unreachable"
