"""The field of a step, by its kind; what is wrong with an answer is said as it is typed."""

from typing import Final

import flet as ft

from field_app.ports import StepRow
from field_app.state.job.step import StepRunner
from field_app.state.place import Part
from field_app.theme import FIELD_PX, GAP_M, GAP_S, GAP_XS, Tone
from field_app.views.boundary import screen, use_changes
from field_app.views.job.step_scanned import scanned
from field_app.views.job.step_words import bounds_of, sentence
from field_app.views.scene import Scene
from field_app.views.widgets import buttons, cards, chips, text, typed
from field_app.views.widgets.named import identified
from field_core.checklist import TEXT_MAX

_I: Final = ft.Icons
_NUMBER_MAX: Final = 24
"""Characters: a sign, fifteen digits, and the blanks that people put between."""


def field_of(  # noqa: PLR0911 - one answer a kind
    scene: Scene, model: StepRunner, step: StepRow
) -> ft.Control | None:
    """Return the field that a step is answered in; a confirmation needs none but its button."""
    if not model.can_answer:
        return None
    match step.kind:
        case "text":
            return _with_verdict(scene, model, _text_field(scene, model))
        case "scan":
            return _with_verdict(scene, model, _identity_field(scene, model))
        case "number" | "reading":
            return _with_verdict(scene, model, _number_field(scene, model, step))
        case "choice":
            return _choices(scene, model, step)
        case "photo":
            return _photos(scene, model, step)
        case "signature":
            return _signed(scene, model)
        case _:
            return None


def _with_verdict(scene: Scene, model: StepRunner, field: ft.Control) -> ft.Control:
    return ft.Column([field, Verdict(scene, model)], spacing=GAP_S, tight=True)


def _text_field(scene: Scene, model: StepRunner) -> ft.Control:
    entry = model.entry
    return typed.typed(
        scene,
        "answer",
        scene.words("step.field.text"),
        entry.typed,
        entry.type,
        left=entry.leave,
        multiline=True,
        min_lines=3,
        max_lines=6,
        max_length=TEXT_MAX,
        counter="",
        width=FIELD_PX,
    )


def _identity_field(scene: Scene, model: StepRunner) -> ft.Control:
    """Draw the way to the scanner, and the field for who types."""
    entry = model.entry

    async def left() -> None:
        await entry.leave()
        await model.look_up()

    field = typed.code(
        scene,
        "answer",
        scene.words("step.field.scan"),
        entry.typed,
        entry.type,
        left=left,
        enter=model.do,
        max_length=TEXT_MAX,
        counter="",
        width=FIELD_PX,
    )
    scan = buttons.secondary(
        scene, "scan", scene.words("scan.open"), model.open_scanner, icon=_I.QR_CODE_SCANNER
    )
    return ft.Column([scan, field], spacing=GAP_M, tight=True)


def _number_field(scene: Scene, model: StepRunner, step: StepRow) -> ft.Control:
    """Draw a field with its unit and bounds; some phones' keypads lack a minus: a button has it."""
    entry = model.entry

    def flip() -> None:
        entry.flip_sign()
        model.changed()

    field = typed.typed(
        scene,
        "answer",
        scene.words(f"step.field.{step.kind}"),
        entry.typed,
        entry.type,
        left=entry.leave,
        enter=model.do,
        keyboard_type=ft.KeyboardType.NUMBER,
        suffix=step.unit,
        max_length=_NUMBER_MAX,
        counter="",
        width=FIELD_PX,
    )
    flipping = buttons.icon_only(
        scene, "sign-flip", scene.words("step.sign-flip"), _I.EXPOSURE, flip
    )
    takes_negative = step.low is None or step.low < 0
    return ft.Column(
        [
            ft.Row(
                [ft.Container(field, expand=True), *([flipping] if takes_negative else ())],
                spacing=GAP_S,
            ),
            identified("bounds", text.soft(scene, bounds_of(scene, step))),
        ],
        spacing=GAP_XS,
        tight=True,
    )


@screen
def Verdict(scene: Scene, model: StepRunner) -> ft.Control:  # noqa: N802 - components are named like controls
    """Say what the answer is worth as it is typed: by word, icon and colour."""
    use_changes(model)
    use_changes(model.entry)
    step, answer, words = model.current, model.answer, scene.words
    said: list[ft.Control] = []
    if step and answer.problem:
        said = _wrong(scene, model, sentence(scene, answer.problem))
    elif step and step.kind == "reading" and answer.value is not None:
        said = [chips.chip(scene, words("step.passes"), _I.CHECK_CIRCLE, Tone.GOOD)]
    elif step and step.kind == "scan" and answer.value is not None:
        read = words("step.right.scan", value=answer.value)
        said = [chips.chip(scene, read, _I.CHECK_CIRCLE, Tone.GOOD), *scanned(scene, model)]
    return identified("verdict", ft.Column(said, spacing=GAP_S, tight=True))


def _wrong(scene: Scene, model: StepRunner, why: str) -> list[ft.Control]:
    tone, words = Tone.BAD, scene.words
    lines: list[ft.Control] = []
    if model.is_failing:
        lines.append(chips.chip(scene, words("step.fails"), _I.ERROR, tone))
    lines.append(
        ft.Row(
            [
                ft.Icon(_I.ERROR_OUTLINE, color=scene.palette.ink_of(tone)),
                ft.Container(text.toned(scene, why, tone), expand=True),
            ],
            spacing=GAP_S,
        )
    )
    problem = model.answer.problem
    if problem and problem.code.startswith("mac-"):
        lines.append(
            buttons.quiet(scene, "as-serial", words("step.as-serial"), model.entry.take_for_serial)
        )
    return lines


def _choices(scene: Scene, model: StepRunner, step: StepRow) -> ft.Control:
    """Draw the answers as tiles: one press chooses."""
    return identified(
        "answer",
        ft.Column(
            [
                _choice(scene, model, number, choice)
                for number, choice in enumerate(step.choices, 1)
            ],
            spacing=GAP_S,
            tight=True,
        ),
    )


def _choice(scene: Scene, model: StepRunner, number: int, choice: str) -> ft.Control:
    is_chosen = model.entry.typed == choice

    def choose() -> None:
        model.entry.type(choice)
        model.changed()

    icon = _I.RADIO_BUTTON_CHECKED if is_chosen else _I.RADIO_BUTTON_UNCHECKED
    tile = cards.card(
        scene,
        ft.Row(
            [
                ft.Icon(icon, color=scene.palette.primary),
                ft.Container(text.strong(scene, choice), expand=True),
            ],
            spacing=GAP_M,
        ),
        work=choose,
        is_selected=is_chosen,
    )
    return ft.Semantics(
        identifier=f"choice-{number}",
        container=True,
        content=tile,
        selected=is_chosen,
    )


def _photos(scene: Scene, model: StepRunner, step: StepRow) -> ft.Control:
    """Say how many photos the step has, and lead to them."""
    words = scene.words
    count = words.count("step.photos", step.photos) if step.photos else words("step.photos.none")
    icon, tone = (_I.CHECK_CIRCLE, Tone.GOOD) if step.photos else (_I.NO_PHOTOGRAPHY, Tone.NEUTRAL)
    lines: list[ft.Control] = [chips.chip(scene, count, icon, tone)]
    if step.photos:
        lines.append(
            buttons.secondary(
                scene,
                "photos",
                words("step.photos.more"),
                lambda: model.open_part(Part.PHOTOS),
                icon=_I.PHOTO_LIBRARY,
            )
        )
    return ft.Column(lines, spacing=GAP_M, tight=True)


def _signed(scene: Scene, model: StepRunner) -> ft.Control | None:
    by = model.signed_by
    if by is None:
        return None
    return chips.chip(scene, scene.words("step.signed", by=by), _I.CHECK_CIRCLE, Tone.GOOD)
