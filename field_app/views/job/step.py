"""One step on its own screen: what to do, the field for it, and the one button that goes on."""

from typing import Final

import flet as ft

from field_app.ports import StepRow
from field_app.state.job.step import Doing, StepRunner
from field_app.state.job.steps import StepState, state_of
from field_app.state.place import Part, Place
from field_app.state.workspace import Workspace
from field_app.theme import FIELD_PX, GAP_S, Tone
from field_app.views.boundary import screen, use_changes, use_model
from field_app.views.job.step_fields import field_of
from field_app.views.job.step_words import KINDS, closing_reason, measure, skipping_reason
from field_app.views.scanning.scanner import ScannerScreen
from field_app.views.scanning.suggestion import Suggestions
from field_app.views.scene import Scene
from field_app.views.widgets import buttons, chips, notices, page, text, typed
from field_app.views.widgets.named import identified
from field_core.checklist import TEXT_MAX

_I: Final = ft.Icons
_DOING: Final[dict[Doing, ft.IconData]] = {
    Doing.CONFIRM: _I.CHECK,
    Doing.SAVE: _I.CHECK,
    Doing.KEEP_FAILING: _I.ERROR_OUTLINE,
    Doing.PHOTO: _I.PHOTO_CAMERA,
    Doing.SIGN: _I.DRAW,
    Doing.GO_ON: _I.ARROW_FORWARD,
    Doing.GO_FIRST: _I.REPLY,
}


@screen
def StepScreen(scene: Scene, workspace: Workspace, place: Place) -> ft.Control:  # noqa: N802 - components are named like controls
    """Draw a step."""
    key, row_id, words = str(place.key), str(place.row), scene.words
    model = use_model(
        lambda: StepRunner(workspace, key, row_id, language=words.language), workspace, key, row_id
    )
    if model.scanner:
        return page.stage("scanner", ScannerScreen(scene, workspace, model.scanner))
    step, detail = model.current, model.detail
    if step is None or detail is None or not model.is_ready_to_draw:
        is_over = detail is not None and step is None
        return page.frame(
            scene,
            "step",
            head=page.header(scene, words("part.steps"), back=workspace.navigator.back),
            content=_gone(scene) if model.is_gone or is_over else notices.waiting(scene),
        )
    return page.frame(
        scene,
        "step",
        head=page.header(
            scene,
            words("step.of", number=step.number, total=len(model.every)),
            subtitle=f"{detail.row.label} · {detail.row.subject}",
            back=lambda: model.go(None),
        ),
        content=page.scroll(*_sections(scene, model, step)),
        foot=StepFoot(scene, model),
    )


def _gone(scene: Scene) -> ft.Control:
    words = scene.words
    return notices.empty(
        scene, "step-gone", _I.SEARCH_OFF, words("step.gone"), words("step.gone.hint")
    )


def _sections(scene: Scene, model: StepRunner, step: StepRow) -> list[ft.Control]:
    words = scene.words
    late = [Suggestions(scene, model.proposed)] if step.kind == "scan" else []
    found = [
        _title(scene, step),
        _standing(scene, model, step),
        _restored(scene, model),
        *(late if model.proposed.suggestions else ()),
        text.soft(scene, words(f"step.hint.{step.kind}")) if model.can_answer else None,
        field_of(scene, model, step),
        *(() if model.proposed.suggestions else late),
        _measure_here(scene, model),
        _note(scene, model),
        _skip(scene, model),
    ]
    return [section for section in found if section is not None]


def _title(scene: Scene, step: StepRow) -> ft.Control:
    words = scene.words
    need = words("step.required" if step.is_required else "step.optional")
    return ft.Column(
        [
            identified("step-label", text.display(scene, step.label(words.language))),
            chips.chip(scene, need, KINDS[step.kind], Tone.NEUTRAL),
        ],
        spacing=GAP_S,
        tight=True,
    )


def _standing(  # noqa: PLR0911 - one banner a state
    scene: Scene, model: StepRunner, step: StepRow
) -> ft.Control | None:
    """Say where the step stands, when it is not simply to be done."""
    words = scene.words
    if model.is_closed:
        return notices.banner(scene, "closed", words("steps.closed"), Tone.NEUTRAL, _I.LOCK)
    if not step.is_applicable:
        said = words("step.state.hidden")
        return notices.banner(scene, "not-applicable", said, Tone.NEUTRAL, _I.BLOCK)
    match state_of(step):
        case StepState.FAILED:
            return _failed(scene, model, step)
        case StepState.WAITS:
            label = model.waited_for(step)[0].label(words.language)
            said = words("step.waits.one", label=label)
            return notices.banner(scene, "waits", said, Tone.NEUTRAL, _I.HOURGLASS_EMPTY)
        case StepState.SKIPPED:
            said = " · ".join((words("step.state.skipped"), step.skip_reason or ""))
            return notices.banner(scene, "skipped", said, Tone.WARN, _I.REMOVE_CIRCLE)
        case StepState.DONE if step.is_to_confirm:
            said = words("step.to-confirm")
            return notices.banner(scene, "to-confirm", said, Tone.WARN, _I.IMAGE_SEARCH)
        case StepState.DONE:
            when = words.moment(step.done_at) if step.done_at else ""
            said = " · ".join(part for part in (words("step.state.done"), when) if part)
            return notices.banner(scene, "done", said, Tone.GOOD, _I.CHECK_CIRCLE)
        case _:
            return None


def _failed(scene: Scene, model: StepRunner, step: StepRow) -> ft.Control:
    """A failed reading keeps the job from being completed; closing it is always possible (T-12)."""
    words = scene.words
    value = measure(scene, step.value, step.unit) if isinstance(step.value, (int, float)) else ""

    async def close() -> None:
        reason = await closing_reason(scene)
        if reason is not None:
            await model.close_incomplete(reason)

    said = words("step.failed", value=value)
    closing = [
        buttons.secondary(
            scene,
            "close-incomplete",
            words("move.Incomplete"),
            close,
            icon=_I.ASSIGNMENT_LATE,
            tone=Tone.BAD,
        )
    ]
    return ft.Column(
        [
            notices.banner(scene, "failed", said, Tone.BAD, _I.ERROR),
            *(closing if model.can_close else ()),
        ],
        spacing=GAP_S,
        tight=True,
    )


def _restored(scene: Scene, model: StepRunner) -> ft.Control | None:
    if not model.entry.is_restored or model.is_closed:
        return None
    return notices.banner(scene, "restored", scene.words("step.restored"), Tone.INFO, _I.RESTORE)


def _measure_here(scene: Scene, model: StepRunner) -> ft.Control | None:
    """Lead to the diagnosis, which fills a reading by itself."""
    if not (model.can_answer and model.can_measure):
        return None
    return buttons.secondary(
        scene,
        "step-diagnose",
        scene.words("diag.measure-here"),
        lambda: model.open_part(Part.DIAGNOSTICS),
        icon=_I.TROUBLESHOOT,
    )


def _note(scene: Scene, model: StepRunner) -> ft.Control | None:
    if not model.can_answer:
        return None

    return typed.typed(
        scene,
        "step-note",
        scene.words("step.note"),
        model.entry.note,
        model.entry.write_note,
        left=model.entry.leave,
        multiline=True,
        min_lines=1,
        max_lines=4,
        max_length=TEXT_MAX,
        counter="",
        width=FIELD_PX,
    )


def _skip(scene: Scene, model: StepRunner) -> ft.Control | None:
    if not model.can_skip:
        return None

    async def skip() -> None:
        reason = await skipping_reason(scene)
        if reason is not None:
            await model.skip(reason)

    return buttons.quiet(scene, "skip", scene.words("step.skip"), skip, icon=_I.SKIP_NEXT)


@screen
def StepFoot(scene: Scene, model: StepRunner) -> ft.Control:  # noqa: N802 - components are named like controls
    """Draw the one button at thumb height, between the ways to the steps beside."""
    use_changes(model)
    use_changes(model.entry)
    words, doing = scene.words, model.doing
    before, after = model.before, model.after
    main: ft.Control = ft.Container()
    if doing is not None:
        main = buttons.primary(
            scene,
            "do",
            _doing_words(scene, model, doing),
            model.do,
            icon=_DOING[doing],
            is_enabled=doing not in (Doing.SAVE, Doing.KEEP_FAILING) or model.can_save,
        )
    row = ft.Row(
        [
            buttons.icon_only(
                scene,
                "before",
                words("step.before"),
                _I.CHEVRON_LEFT,
                lambda: model.go(before),
                is_enabled=before is not None,
            ),
            ft.Container(main, expand=True),
            buttons.icon_only(
                scene,
                "after",
                words("step.after"),
                _I.CHEVRON_RIGHT,
                lambda: model.go(after),
                is_enabled=after is not None,
            ),
        ],
        spacing=GAP_S,
    )
    return page.bottom_bar(scene, row)


def _doing_words(scene: Scene, model: StepRunner, doing: Doing) -> str:
    if doing is Doing.GO_FIRST and model.current:
        label = model.waited_for(model.current)[0].label(scene.words.language)
        return scene.words("step.first", label=label)
    return scene.words(f"step.do.{doing}")
