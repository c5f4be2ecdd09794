"""A termination that is decided and not all done: its steps, what keeps it, and trying again."""

from collections.abc import Sequence
from typing import Final

import flet as ft

from field_app.state.billing.contract import ContractPage
from field_app.state.billing.ending import Ending
from field_app.theme import GAP_S, GAP_XS, Tone
from field_app.views.billing.notes import who
from field_app.views.billing.pieces import row
from field_app.views.scene import Scene
from field_app.views.widgets import buttons, chips, notices, text
from field_app.views.widgets.cards import card
from field_app.views.widgets.named import identified
from field_core.office import EndingStep, EndingTrouble, EndingUnderway, StepDone

_PAPERS: Final = frozenset({EndingStep.FEE, EndingStep.DAYS})
"""Steps that leave an invoice, which can be opened."""
_NOW_MS: Final = 60_000


def underway_parts(scene: Scene, model: ContractPage, ending: Ending) -> Sequence[ft.Control]:
    """Draw how far an ending has come; nothing where none is under way."""
    found = model.underway
    if found is None:
        return ()
    words = scene.words
    content: list[ft.Control] = [
        text.strong(scene, words("underway.title", day=words.full_day(found.end.isoformat()))),
        text.soft(scene, _decided(scene, found)),
        trouble_banner(scene, found),
        *_steps(scene, model, found),
    ]
    if ending.problem:
        content.append(notices.problem(scene, ending.problem))
    content += _again(scene, model, ending, found)
    return [identified("underway", card(scene, _column(content)))]


def _column(content: Sequence[ft.Control]) -> ft.Column:
    return ft.Column(
        [*content],
        spacing=GAP_S,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _decided(scene: Scene, found: EndingUnderway) -> str:
    words = scene.words
    by = words("recap.by", who=who(scene, found.actor), at=words.moment_ms(found.decided_ms))
    return f"{by} · {words('recap.reason', reason=found.reason)}"


def trouble_banner(scene: Scene, found: EndingUnderway) -> ft.Control:
    """Say what keeps it: refused by the office system, or only not there yet."""
    trouble, words = found.trouble, scene.words
    if trouble is None:
        said = words("underway.begun", decided=since(scene, found))
        return notices.banner(scene, "underway-begun", said, Tone.INFO, ft.Icons.SYNC)
    key, tone, icon = (
        ("underway.refused", Tone.BAD, ft.Icons.REPORT)
        if trouble.is_refused
        else ("underway.waiting", Tone.WARN, ft.Icons.CLOUD_OFF)
    )
    said = words(
        key,
        step=step_words(scene, trouble.step),
        since=words.moment_ms(trouble.since_ms),
        decided=since(scene, found),
        why=trouble.problem.sentence(words.language),
    )
    return notices.banner(scene, key.replace(".", "-"), said, tone, icon)


def since(scene: Scene, found: EndingUnderway) -> str:
    """Say how long ago it was decided."""
    if scene.now_ms() - found.decided_ms < _NOW_MS:
        return scene.words("underway.since.now")
    return scene.words("underway.since", age=scene.ago(found.decided_ms))


def step_words(scene: Scene, step: str) -> str:
    """Name a step; one of a newer server as it is."""
    key = f"underway.step.{step}"
    return scene.words(key) if scene.words.has(key) else step


def state_chip(scene: Scene, found: EndingUnderway) -> ft.Control:
    """Say in a word whether it waits for a person."""
    if found.is_refused:
        return chips.chip(scene, scene.words("underway.chip.refused"), ft.Icons.REPORT, Tone.BAD)
    return chips.chip(scene, scene.words("underway.chip.going"), ft.Icons.SYNC, Tone.WARN)


# --- steps


def _steps(scene: Scene, model: ContractPage, found: EndingUnderway) -> list[ft.Control]:
    done = {one.step: one for one in found.done}
    drawn: list[ft.Control] = []
    for step in EndingStep:
        if step in done:
            drawn += _done(scene, model, done[step])
        else:
            drawn.append(_left(scene, step, found.trouble))
    return drawn


def _done(scene: Scene, model: ContractPage, one: StepDone) -> list[ft.Control]:
    icon = ft.Icon(ft.Icons.CHECK_CIRCLE, color=scene.palette.ink_of(Tone.GOOD))
    label = step_words(scene, one.step)
    if one.step not in _PAPERS:
        return [_line(scene, icon, label, scene.words("underway.done"))]
    if not one.documents:
        return [_line(scene, icon, label, scene.words("underway.nothing-to-bill"))]
    line = _line(scene, icon, label, scene.words("underway.done"))
    papers = [
        row(
            scene,
            f"underway-{name}",
            name,
            work=lambda name=name: model.open_invoice(name),  # type: ignore[misc]  # bound now
        )
        for name in one.documents
    ]
    return [line, *papers]


def _left(scene: Scene, step: EndingStep, trouble: EndingTrouble | None) -> ft.Control:
    palette, label = scene.palette, step_words(scene, step)
    if trouble is None or trouble.step != step:
        icon = ft.Icon(ft.Icons.RADIO_BUTTON_UNCHECKED, color=palette.ink_soft)
        return _line(scene, icon, label, scene.words("underway.to-do"))
    if trouble.is_refused:
        icon = ft.Icon(ft.Icons.REPORT, color=palette.ink_of(Tone.BAD))
        return _line(scene, icon, label, scene.words("underway.chip.refused"))
    icon = ft.Icon(ft.Icons.SYNC, color=palette.ink_of(Tone.WARN))
    return _line(scene, icon, label, scene.words("underway.chip.going"))


def _line(scene: Scene, icon: ft.Icon, label: str, said: str) -> ft.Control:
    return ft.Row(
        [
            icon,
            ft.Column(
                [text.body(scene, label), text.soft(scene, said)],
                spacing=0,
                tight=True,
                expand=True,
            ),
        ],
        spacing=GAP_S + GAP_XS,
        vertical_alignment=ft.CrossAxisAlignment.CENTER,
    )


# --- again


def _again(
    scene: Scene, model: ContractPage, ending: Ending, found: EndingUnderway
) -> Sequence[ft.Control]:
    words = scene.words
    hint = text.soft(scene, words("underway.mend" if found.is_refused else "underway.by-itself"))
    if not model.is_allowed:
        return [hint]
    label = words("underway.trying" if ending.is_busy else "underway.again")
    button = buttons.primary(
        scene,
        "try-again",
        label,
        ending.try_again,
        icon=ft.Icons.REPLAY,
        is_enabled=not ending.is_busy,
    )
    return [hint, button]
