"""Ending a contract on the screen: a day to slide, the server's word, a reason, and the recap."""

from collections.abc import Sequence
from typing import Any, Final

import flet as ft

from field_app.state.billing.contract import ContractPage
from field_app.state.billing.ending import Ending
from field_app.theme import GAP_S, Tone
from field_app.views.billing.notes import who
from field_app.views.billing.pieces import beside, card, money_row, row
from field_app.views.scene import Scene
from field_app.views.widgets import buttons, dialogs, notices, text, typed
from field_app.views.widgets.named import identified
from field_core.money import ZERO
from field_core.office import EndingFigures, EndingPreview
from field_core.termination import explain

SLIDER_STEPS_MAX: Final = 760


def ending_parts(scene: Scene, model: ContractPage, ending: Ending) -> Sequence[ft.Control]:
    """Draw the simulator, and the second step once the server has worked the first out."""
    if model.simulated is None:
        return ()
    content = (
        _second(scene, model, ending, ending.preview)
        if ending.preview
        else _first(scene, model, ending)
    )
    return [card(scene, "termination", content)]


# --- the first step


def _first(scene: Scene, model: ContractPage, ending: Ending) -> Sequence[ft.Control]:
    words, worked = scene.words, model.simulated
    assert worked, "drawn where something can be reckoned"
    day = words.full_day(model.end.isoformat())
    parts: list[ft.Control] = [
        text.strong(scene, words("ending.title")),
        text.soft(scene, words("ending.hint")),
        text.body(scene, words("ending.day", day=day)),
        _slider(scene, model),
        money_row(scene, words("ending.fee"), worked.charge, is_total=True),
        *(text.soft(scene, said) for said in explain(worked, words.language)),
        *_turns(scene, model),
    ]
    if ending.problem:
        parts.append(notices.problem(scene, ending.problem))
    if model.may_end:
        label = words("ending.working-out" if ending.is_busy else "ending.work-out")
        parts.append(
            buttons.secondary(
                scene,
                "work-out",
                label,
                ending.work_out,
                icon=ft.Icons.CALCULATE,
                is_enabled=not ending.is_busy,
            )
        )
    else:
        parts.append(text.soft(scene, _why_not(scene, model)))
    return parts


def _why_not(scene: Scene, model: ContractPage) -> str:
    sheet = model.sheet
    if not model.is_allowed:
        return scene.words("ending.not-yours")
    if sheet.value is not None:
        return scene.words("ending.underway" if sheet.value.is_ending else "ending.not-endable")
    if sheet.missing is not None:
        return f"{sheet.missing.sentence(scene.words.language)} {scene.words('ending.offline')}"
    return scene.words("view.loading")


def _slider(scene: Scene, model: ContractPage) -> ft.Control:
    def moved(event: Any) -> None:  # noqa: ANN401 - Flet's event
        model.choose(float(event.control.value or 0))

    slider = ft.Slider(
        min=0,
        max=model.days,
        divisions=min(model.days, SLIDER_STEPS_MAX),
        value=min(model.ends_in_days, model.days),
        on_change=moved,
        active_color=scene.palette.primary,
        inactive_color=scene.palette.container_of(Tone.INFO),
        expand=True,
    )
    words = scene.words
    steps = (
        ("day-back", "ending.day-back", ft.Icons.REMOVE, -1),
        ("day-on", "ending.day-on", ft.Icons.ADD, 1),
    )
    back, on = (
        buttons.icon_only(
            scene,
            name,
            words(key),
            icon,
            lambda by=by: model.choose(model.ends_in_days + by),  # type: ignore[misc]  # bound now
        )
        for name, key, icon, by in steps
    )
    named = identified("end-day", ft.Container(slider, expand=True), label=words("ending.slider"))
    return ft.Row([back, named, on], spacing=GAP_S)


def _turns(scene: Scene, model: ContractPage) -> list[ft.Control]:
    """Say when the fee changes next, so that nobody has to hunt for it with the slider."""
    words = scene.words
    later = [(day, fee) for day, fee in model.turns if day > model.end]
    if not later:
        return []
    day, fee = later[0]
    said = words("ending.turns", day=words.full_day(day.isoformat()), amount=words.money(fee))
    return [text.toned_soft(scene, said, Tone.INFO)]


# --- the second step


def _second(
    scene: Scene, model: ContractPage, ending: Ending, preview: EndingPreview
) -> Sequence[ft.Control]:
    words, figures = scene.words, preview.figures
    day = words.full_day(figures.end.isoformat())
    parts: list[ft.Control] = [text.strong(scene, words("ending.second", day=day))]
    if ending.changed_why:
        why = ending.changed_why.sentence(words.language)
        parts.append(notices.banner(scene, "shown-anew", why, Tone.WARN, ft.Icons.UPDATE))
    if ending.is_expired:
        said = words("ending.expired")
        parts.append(notices.banner(scene, "expired", said, Tone.WARN, ft.Icons.TIMER_OFF))
    parts += _figures(scene, figures)
    parts.append(
        typed.typed(
            scene,
            "ending-reason",
            words("ending.reason"),
            ending.reason,
            ending.write_reason,
            helper=words("ending.reason.hint"),
        )
    )
    if ending.problem:
        parts.append(notices.problem(scene, ending.problem))
    parts.append(_answers(scene, model, ending, figures))
    return parts


def _answers(
    scene: Scene, model: ContractPage, ending: Ending, figures: EndingFigures
) -> ft.Control:
    words = scene.words
    amount = words.money(figures.charge.total)
    end = buttons.primary(
        scene,
        "terminate",
        words("ending.terminate", amount=amount),
        lambda: _ask_to_end(scene, model, ending, figures),
        icon=ft.Icons.CONTENT_CUT,
        is_enabled=ending.is_reason_enough and not ending.is_busy and not ending.is_expired,
    )
    again = buttons.quiet(
        scene,
        "think-again",
        words("ending.again" if ending.is_expired else "ending.think-again"),
        ending.work_out if ending.is_expired else ending.think_again,
    )
    return beside(scene, again, end)


async def _ask_to_end(
    scene: Scene, model: ContractPage, ending: Ending, figures: EndingFigures
) -> None:
    words = scene.words
    day = words.full_day(figures.end.isoformat())
    is_meant = await dialogs.confirm(
        scene,
        "end-contract",
        title=words("ending.sure", contract=model.name),
        hint=words("ending.sure.hint", day=day, amount=words.money(figures.charge.total)),
        confirm=words("ending.terminate", amount=words.money(figures.charge.total)),
    )
    if is_meant:
        await ending.terminate()


def _figures(scene: Scene, figures: EndingFigures) -> list[ft.Control]:
    words = scene.words
    rows: list[ft.Control] = [
        money_row(scene, words("ending.charge"), figures.charge.net),
        money_row(scene, words("ending.tps"), figures.charge.tps),
        money_row(scene, words("ending.tvq"), figures.charge.tvq),
        identified(
            "ending-fee",
            money_row(scene, words("ending.fee"), figures.charge.total, is_total=True),
        ),
    ]
    if figures.services.total != ZERO:
        key = "ending.days-billed" if figures.services.total > 0 else "ending.days-back"
        rows.append(money_row(scene, words(key), figures.services.total))
        rows.append(money_row(scene, words("ending.total"), figures.total, is_total=True))
    if not figures.is_billing_known:
        rows.append(text.toned_soft(scene, words("ending.billing-unknown"), Tone.WARN))
    rows += [text.soft(scene, said) for said in figures.explanation.said(words.language)]
    rows.append(text.soft(scene, words("ending.policy", policy=figures.policy)))
    return rows


# --- afterwards


def recap_parts(scene: Scene, model: ContractPage, ending: Ending) -> Sequence[ft.Control]:
    """Draw what was done, once it was (CT-08)."""
    recap, words = ending.recap, scene.words
    if recap is None:
        return ()
    figures = recap.figures
    when = words.moment(recap.at) if recap.at else ""
    by = words("recap.by", who=who(scene, recap.actor), at=when)
    papers = [
        row(
            scene,
            f"recap-{name}",
            name,
            facts=[words(key)],
            work=lambda name=name: model.open_invoice(name),  # type: ignore[misc]  # bound now
        )
        for key, name in (("recap.invoice", recap.invoice), ("recap.settlement", recap.settlement))
        if name
    ]
    content = [
        text.strong(scene, words("recap.title", day=words.full_day(figures.end.isoformat()))),
        text.body(scene, words("recap.reason", reason=recap.reason)),
        text.soft(scene, by),
        *_figures(scene, figures),
        *([] if recap.invoice else [text.soft(scene, words("recap.no-invoice"))]),
        *papers,
    ]
    return [card(scene, "recap", content)]
