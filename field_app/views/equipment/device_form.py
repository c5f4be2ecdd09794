"""The form of a device: put in, swapped, taken out; the alarm when it is recorded elsewhere."""

from collections.abc import Callable, Sequence
from typing import Any

import flet as ft

from field_app.ports import Recorded
from field_app.state.equipment.device_form import TYPES, DeviceForm, Mode, Reason
from field_app.state.equipment.device_marks import Field
from field_app.state.equipment.device_records import Origin, name_of
from field_app.state.place import Place
from field_app.state.workspace import Workspace
from field_app.theme import GAP_S, GAP_XS, Tone
from field_app.views.boundary import screen, use_model
from field_app.views.equipment.device import device_head
from field_app.views.job.part import foot_of, part, stretched
from field_app.views.scanning.scanner import ScannerScreen
from field_app.views.scanning.suggestion import Suggestions
from field_app.views.scene import Scene
from field_app.views.widgets import buttons, cards, choices, notices, page, text, typed
from field_core.problems import Problem

_ICONS = {
    Mode.ADD: ft.Icons.ADD,
    Mode.SWAP: ft.Icons.SWAP_HORIZ,
    Mode.REMOVE: ft.Icons.REMOVE_CIRCLE_OUTLINE,
}


@screen
def DeviceFormScreen(scene: Scene, workspace: Workspace, place: Place) -> ft.Control:  # noqa: N802 - components are named like controls
    """Draw the form that the place's row names."""
    key, row = str(place.key), str(place.row)
    model = use_model(lambda: DeviceForm(workspace, key, row, say=scene.words), workspace, key, row)
    if model.scanner:
        return page.stage("scanner", ScannerScreen(scene, workspace, model.scanner))
    title = "equipment.add" if model.mode is Mode.ADD else f"equipment.{model.mode}.title"
    return part(
        scene,
        model,
        title=scene.words(title),
        content=lambda: _content(scene, model),
        foot=lambda: _foot(scene, model),
    )


def _content(scene: Scene, model: DeviceForm) -> Sequence[ft.Control]:
    if model.is_old_gone:
        gone = scene.words("equipment.old-gone")
        return [notices.empty(scene, "old-gone", ft.Icons.LINK_OFF, gone)]
    shown: list[ft.Control] = []
    if model.takes_out:
        shown.append(_taken_out(scene, model))
    if model.puts_in:
        shown.append(_put_in(scene, model))
    return shown


def _foot(scene: Scene, model: DeviceForm) -> ft.Control | None:
    if model.is_old_gone:
        return None
    save = buttons.primary(
        scene,
        "equipment-save",
        scene.words(f"equipment.save.{model.mode}"),
        model.save,
        icon=_ICONS[model.mode],
        expand=True,
    )
    return foot_of(scene, save, missing=model.missing)


def _taken_out(scene: Scene, model: DeviceForm) -> ft.Control:
    words, old = scene.words, model.old
    label = "equipment.reason.words" if model.reason is Reason.OTHER else "equipment.reason.more"
    options = [choices.Option(reason, words(f"removal.{reason}")) for reason in Reason]
    parts: list[ft.Control] = [
        text.soft(scene, words("equipment.old").upper()),
        *([device_head(scene, old)] if old else []),
        _pills(
            scene,
            "reason",
            words("equipment.reason"),
            options,
            chosen=model.reason,
            choose=lambda name: model.choose_reason(Reason(name)),
        ),
        typed.typed(
            scene, "reason-text", words(label), model.reason_text, model.type_reason, max_length=140
        ),
    ]
    return cards.card(scene, stretched(*parts), name="taken-out")


def _put_in(scene: Scene, model: DeviceForm) -> ft.Control:
    words = scene.words
    options = [choices.Option(kind, words(f"type.{kind}")) for kind in TYPES]
    parts: list[ft.Control] = [
        text.soft(scene, words("equipment.new").upper()),
        buttons.secondary(
            scene, "scan", words("scan.open"), model.open_scanner, icon=ft.Icons.QR_CODE_SCANNER
        ),
        _field(scene, model, Field.MAC, "equipment.mac"),
        _field(scene, model, Field.SERIAL, "equipment.serial-no"),
        _field(scene, model, Field.GPON, "equipment.gpon-serial", is_optional=True),
        Suggestions(scene, model.proposed),
        *_alarm(scene, model),
        _pills(
            scene,
            "type",
            words("equipment.type"),
            options,
            chosen=model.equipment_type,
            choose=model.choose_type,
        ),
        typed.typed(
            scene,
            "field-model",
            words("equipment.model"),
            model.marks.typed[Field.MODEL],
            lambda value: model.type(Field.MODEL, value),
            helper=words("equipment.optional"),
            enter=model.save,
        ),
    ]
    return cards.card(scene, stretched(*parts), name="put-in")


def _pills(
    scene: Scene,
    name: str,
    title: str,
    options: Sequence[choices.Option],
    *,
    chosen: str | None,
    choose: Callable[[str], None],
) -> ft.Control:
    """Draw a question inside a card, whose own padding is enough."""
    question: Any = choices.pills(
        scene, name, options, chosen=chosen or "", choose=choose, title=title
    )
    question.padding = 0
    drawn: ft.Control = question
    return drawn


def _field(
    scene: Scene, model: DeviceForm, field: Field, key: str, *, is_optional: bool = False
) -> ft.Control:
    problem = model.marks.problems.get(field)
    source = model.marks.sources.get(field)
    helper = scene.words(f"scan.by.{source}") if source else None
    return typed.code(
        scene,
        f"field-{field}",
        scene.words(key),
        model.marks.typed[field],
        lambda value: model.type(field, value),
        left=lambda: model.left(field),
        enter=model.save,
        error=_sentence(scene, problem),
        helper=helper or (scene.words("equipment.optional") if is_optional else None),
    )


def _sentence(scene: Scene, problem: Problem | None) -> str | None:
    return problem.sentence(scene.words.language) if problem else None


# --- where it is recorded


def _alarm(scene: Scene, model: DeviceForm) -> list[ft.Control]:
    if here := model.records.here:
        return [_already_here(scene, here)]
    if known := model.records.elsewhere:
        return [_elsewhere(scene, model, known)]
    if model.records.in_stock:
        words = scene.words
        sentence = f"{words('alarm.stock')}. {words('alarm.stock.hint')}"
        return [
            notices.banner(scene, "alarm-stock", sentence, Tone.INFO, ft.Icons.INVENTORY_2_OUTLINED)
        ]
    return []


def _already_here(scene: Scene, here: Recorded) -> ft.Control:
    words = scene.words
    sentence = words("alarm.here")
    if here.since:
        since = words.full_day(here.since)
        sentence = f"{sentence}. {words('alarm.here.since', equipment=name_of(here), since=since)}"
    return notices.banner(scene, "alarm-here", sentence, Tone.WARN, ft.Icons.CONTENT_COPY)


def _elsewhere(scene: Scene, model: DeviceForm, known: Recorded) -> ft.Control:
    """Say where and since when, and ask how it came (T-11)."""
    words = scene.words
    options = [choices.Option(origin, words(f"origin.{origin}")) for origin in Origin]
    head = ft.Row(
        [
            ft.Icon(ft.Icons.WARNING_AMBER, color=scene.palette.ink_of(Tone.BAD)),
            ft.Container(text.toned(scene, words("alarm.elsewhere"), Tone.BAD), expand=True),
        ],
        spacing=GAP_S,
    )
    parts: list[ft.Control] = [
        head,
        text.strong(scene, _where(scene, known)),
        _pills(
            scene,
            "origin",
            words("alarm.elsewhere.ask"),
            options,
            chosen=model.records.origin,
            choose=lambda name: model.choose_origin(Origin(name)),
        ),
    ]
    return cards.card(scene, stretched(*parts, gap=GAP_XS), name="alarm", tone=Tone.BAD)


def _where(scene: Scene, known: Recorded) -> str:
    """Say which device, where, since when."""
    words, name = scene.words, name_of(known)
    location = f"{known.location} ({known.place})" if known.place else str(known.location)
    if not known.since:
        return words("alarm.elsewhere.where-only", equipment=name, location=location)
    since = words.full_day(known.since)
    return words("alarm.elsewhere.where", equipment=name, location=location, since=since)
