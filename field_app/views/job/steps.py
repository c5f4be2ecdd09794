"""The steps of a job: where each stands, what comes next, and how the job ends."""

from collections.abc import Mapping
from typing import Final

import flet as ft

from field_app.ports import StepRow
from field_app.state.job.steps import Steps, StepState, state_of
from field_app.state.place import Place
from field_app.state.workspace import Workspace
from field_app.theme import GAP_L, GAP_M, GAP_S, GAP_XS, RADIUS_PX, Tone
from field_app.views.boundary import screen, use_model
from field_app.views.job.step import StepScreen
from field_app.views.job.step_words import KINDS, closing_reason, value_of
from field_app.views.look import BOLD
from field_app.views.scene import Scene
from field_app.views.widgets import buttons, cards, notices, page, text
from field_app.views.widgets.named import identified

_I: Final = ft.Icons
STATES: Final[Mapping[StepState, tuple[ft.IconData, Tone]]] = {
    StepState.DONE: (_I.CHECK_CIRCLE, Tone.GOOD),
    StepState.SKIPPED: (_I.REMOVE_CIRCLE, Tone.WARN),
    StepState.FAILED: (_I.ERROR, Tone.BAD),
    StepState.WAITS: (_I.HOURGLASS_EMPTY, Tone.NEUTRAL),
    StepState.OPEN: (_I.RADIO_BUTTON_UNCHECKED, Tone.INFO),
}


def StepsScreen(scene: Scene, workspace: Workspace, place: Place) -> ft.Control:  # noqa: N802 - components are named like controls
    """Draw one step when the place names one, else all of them."""
    drawn: ft.Control = (StepScreen if place.row else StepListScreen)(scene, workspace, place)
    return drawn


@screen
def StepListScreen(scene: Scene, workspace: Workspace, place: Place) -> ft.Control:  # noqa: N802 - components are named like controls
    """Draw the list."""
    model = use_model(lambda: Steps(workspace, str(place.key)), workspace, place.key)
    words, detail = scene.words, model.detail
    if detail is None:
        return page.frame(
            scene,
            "steps",
            head=page.header(scene, words("part.steps"), back=workspace.navigator.back),
            content=_gone(scene) if model.is_gone else notices.waiting(scene),
        )
    return page.frame(
        scene,
        "steps",
        head=page.header(
            scene,
            words("part.steps"),
            subtitle=f"{detail.row.label} · {detail.row.subject}",
            back=workspace.navigator.back,
        ),
        content=page.scroll(*_sections(scene, model)),
        foot=_foot(scene, model),
    )


def _gone(scene: Scene) -> ft.Control:
    words = scene.words
    return notices.empty(
        scene, "job-gone", _I.SEARCH_OFF, words("job.gone"), words("job.gone.hint")
    )


def _sections(scene: Scene, model: Steps) -> list[ft.Control]:
    words = scene.words
    if not model.every:
        hint = words("steps.none.hint")
        nothing = notices.empty(scene, "no-steps", _I.CHECKLIST, words("steps.none"), hint)
        return [nothing, *_closing(scene, model)]
    return [
        _progress(scene, model),
        *_banner(scene, model),
        cards.group(scene, *(_row(scene, model, step) for step in model.steps)),
        *_hidden(scene, model),
        *_closing(scene, model),
    ]


def _progress(scene: Scene, model: Steps) -> ft.Control:
    total, done = len(model.steps), model.done_count
    said = scene.words.count("steps.progress", done, total=total)
    return identified(
        "progress",
        ft.Column(
            [
                text.strong(scene, said),
                ft.ProgressBar(
                    value=done / total if total else 1,
                    bar_height=GAP_S,
                    border_radius=GAP_XS,
                    color=scene.palette.ink_of(Tone.GOOD),
                    bgcolor=scene.palette.container_of(Tone.GOOD),
                ),
            ],
            spacing=GAP_S,
            tight=True,
        ),
    )


def _banner(scene: Scene, model: Steps) -> list[ft.Control]:
    words = scene.words
    if model.is_closed:
        return [notices.banner(scene, "closed", words("steps.closed"), Tone.NEUTRAL, _I.LOCK)]
    if model.can_complete:
        said = words("steps.all-done")
        return [notices.banner(scene, "all-done", said, Tone.GOOD, _I.CHECK_CIRCLE)]
    return []


def _row(scene: Scene, model: Steps, step: StepRow) -> ft.Control:
    state, is_next = state_of(step), step == model.next_step
    icon, tone = STATES[state]
    words, ink = scene.words, scene.palette.ink_of(tone)
    waits = state is StepState.WAITS
    said = _waits(scene, model, step) if waits else words(f"step.state.{state}")
    if not step.is_required:
        said = f"{said} · {words('step.optional')}"
    facts = _facts(scene, step, state)
    return identified(
        f"step-{step.number}",
        ft.Container(
            content=ft.Row(
                [
                    ft.Icon(KINDS[step.kind], color=scene.palette.primary),
                    ft.Column(
                        [
                            text.strong(scene, f"{step.number}. {step.label(words.language)}"),
                            ft.Row(
                                [
                                    ft.Icon(icon, size=scene.look.small + 5, color=ink),
                                    ft.Text(
                                        said,
                                        size=scene.look.small,
                                        font_family=BOLD,
                                        color=ink,
                                        expand=True,
                                    ),
                                ],
                                spacing=GAP_XS,
                            ),
                            *(text.soft(scene, fact, lines_max=3) for fact in facts),
                        ],
                        spacing=GAP_XS,
                        expand=True,
                        tight=True,
                    ),
                    ft.Icon(_I.CHEVRON_RIGHT, color=scene.palette.ink_soft),
                ],
                spacing=GAP_M,
                vertical_alignment=ft.CrossAxisAlignment.CENTER,
            ),
            padding=ft.Padding.symmetric(horizontal=GAP_L, vertical=GAP_M),
            bgcolor=scene.palette.selected if is_next else None,
            border_radius=RADIUS_PX,
            on_click=buttons.press(lambda: model.open_step(step)),
            ink=True,
        ),
    )


def _facts(scene: Scene, step: StepRow, state: StepState) -> list[str]:
    """Say what a state is not clear without: the value and when, the reason."""
    words = scene.words
    when = words.moment(step.done_at) if step.done_at else ""
    match state:
        case StepState.DONE:
            value = words("scan.by.photo") if step.is_to_confirm else value_of(scene, step)
            facts = [" · ".join(fact for fact in (value, when) if fact)]
        case StepState.SKIPPED:
            facts = [step.skip_reason or ""]
        case StepState.FAILED:
            facts = [value_of(scene, step), step.skip_reason or ""]
        case _:
            facts = []
    return [fact for fact in (*facts, step.note or "") if fact]


def _waits(scene: Scene, model: Steps, step: StepRow) -> str:
    before = model.waited_for(step)
    label = before[0].label(scene.words.language)
    if len(before) == 1:
        return scene.words("step.waits.one", label=label)
    return scene.words("step.waits.other", label=label, count=len(before) - 1)


def _hidden(scene: Scene, model: Steps) -> list[ft.Control]:
    """Fold away what does not apply, and say how much that is."""
    if not model.hidden:
        return []
    words = scene.words
    labels = [
        text.soft(scene, f"{step.number}. {step.label(words.language)}") for step in model.hidden
    ]
    fold = _I.EXPAND_LESS if model.shows_hidden else _I.EXPAND_MORE
    title = words.count("steps.hidden", len(model.hidden))
    return [
        buttons.quiet(scene, "hidden-steps", title, model.show_hidden, icon=fold),
        *(labels if model.shows_hidden else ()),
    ]


def _closing(scene: Scene, model: Steps) -> list[ft.Control]:
    """Offer to end the job without being done: always, and never as the first thing."""
    if not model.can_close:
        return []

    async def close() -> None:
        reason = await closing_reason(scene)
        if reason is not None:
            await model.close_incomplete(reason)

    said = scene.words("move.Incomplete")
    return [buttons.quiet(scene, "close-incomplete", said, close, icon=_I.ASSIGNMENT_LATE)]


def _foot(scene: Scene, model: Steps) -> ft.Control | None:
    words, step = scene.words, model.next_step
    if step is not None:
        label = words("steps.next", number=step.number, label=step.label(words.language))
        go = buttons.primary(
            scene, "next-step", label, lambda: model.open_step(step), icon=KINDS[step.kind]
        )
        return page.bottom_bar(scene, go)
    if not model.can_complete:
        return None
    done = buttons.primary(
        scene, "complete", words("move.Completed"), model.complete, icon=_I.CHECK_CIRCLE
    )
    return page.bottom_bar(scene, done)
