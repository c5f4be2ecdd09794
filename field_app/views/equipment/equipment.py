"""The equipment of a job: what stands at the address, what is planned, what was done."""

from collections.abc import Mapping, Sequence
from typing import Final

import flet as ft

from field_app.i18n import Language, Words
from field_app.ports import Device, DeviceAct, SendState
from field_app.state.equipment.device_history import HISTORY
from field_app.state.equipment.equipment import Equipment
from field_app.state.place import Place
from field_app.state.workspace import Workspace
from field_app.theme import GAP_L, GAP_M, GAP_S, Tone
from field_app.views.boundary import screen, use_model
from field_app.views.equipment.device import device_head, marks, type_words
from field_app.views.equipment.device_form import DeviceFormScreen
from field_app.views.equipment.device_history import DeviceHistoryScreen
from field_app.views.job.part import part, stretched, titled
from field_app.views.scanning.scanner import ScannerScreen
from field_app.views.scene import Scene
from field_app.views.widgets import buttons, cards, chips, notices, page, text
from field_app.views.widgets.named import identified

ACT_ICONS: Final[Mapping[str, ft.IconData]] = {
    "Install": ft.Icons.ADD_CIRCLE_OUTLINE,
    "Remove": ft.Icons.REMOVE_CIRCLE_OUTLINE,
    "Swap": ft.Icons.SWAP_HORIZ,
    "Inspect": ft.Icons.VISIBILITY_OUTLINED,
}
_LANGUAGES: Final[tuple[Language, ...]] = ("fr", "en")
_UNDO_REASONS: Final = frozenset(Words(language)("undo.reason") for language in _LANGUAGES)
"""What the office reads beside a row that takes another back, in whichever language it was."""


def EquipmentPart(scene: Scene, workspace: Workspace, place: Place) -> ft.Control:  # noqa: N802 - named like the screens it chooses from
    """Draw the list, or the form that the place's row names."""
    chosen = DeviceFormScreen if place.row else EquipmentScreen
    if place.row and place.row.startswith(HISTORY):
        chosen = DeviceHistoryScreen
    drawn: ft.Control = chosen(scene, workspace, place)
    return drawn


@screen
def EquipmentScreen(scene: Scene, workspace: Workspace, place: Place) -> ft.Control:  # noqa: N802 - components are named like controls
    """Draw the equipment."""
    model = use_model(
        lambda: Equipment(workspace, str(place.key), undone=_UNDO_REASONS), workspace, place.key
    )
    if model.scanner:
        return page.stage("scanner", ScannerScreen(scene, workspace, model.scanner))
    return part(
        scene,
        model,
        content=lambda: _content(scene, model),
        foot=lambda: _foot(scene, model),
    )


def _foot(scene: Scene, model: Equipment) -> ft.Control | None:
    if not model.has_location:
        return None
    return page.bottom_bar(
        scene,
        buttons.secondary(
            scene,
            "scan",
            scene.words("scan.short"),
            model.open_scanner,
            icon=ft.Icons.QR_CODE_SCANNER,
            expand=True,
        ),
        buttons.primary(
            scene,
            "equipment-add",
            scene.words("equipment.add"),
            model.add,
            icon=ft.Icons.ADD,
            expand=True,
        ),
    )


def _content(scene: Scene, model: Equipment) -> Sequence[ft.Control]:
    words = scene.words
    if not model.has_location:
        return [_nothing(scene, "no-location", ft.Icons.WRONG_LOCATION_OUTLINED)]
    shown: list[ft.Control] = []
    if model.planned:
        rows = [_planned(scene, model, act) for act in model.planned]
        shown.append(titled(scene, words("equipment.planned"), cards.group(scene, *rows)))
    if model.here:
        devices = [_device(scene, model, device) for device in model.here]
        shown.append(titled(scene, words("equipment.here"), stretched(*devices, gap=GAP_S)))
    else:
        shown.append(_nothing(scene, "here.none", ft.Icons.ROUTER_OUTLINED))
    rows = [_done(scene, model, act) for act in model.done]
    if model.undone_total:
        said = words.count("equipment.undone", model.undone_total)
        rows.append(cards.tile(scene, "equipment-undone", said, None, icon=ft.Icons.UNDO))
    if rows:
        shown.append(titled(scene, words("equipment.done"), cards.group(scene, *rows)))
    return shown


def _nothing(scene: Scene, key: str, icon: ft.IconData) -> ft.Control:
    words = scene.words
    return notices.empty(
        scene,
        "equipment-empty",
        icon,
        words(f"equipment.{key}"),
        words(f"equipment.{key}.hint"),
    )


def _device(scene: Scene, model: Equipment, device: Device) -> ft.Control:
    words, key = scene.words, device.key
    acts = ft.Row(
        [
            *_diagnose(scene, model, device),
            buttons.quiet(
                scene,
                f"remove-{device.label}",
                words("equipment.remove"),
                lambda: model.remove(key),
                icon=ft.Icons.REMOVE_CIRCLE_OUTLINE,
            ),
            buttons.quiet(
                scene,
                f"swap-{device.label}",
                words("equipment.swap"),
                lambda: model.swap(key),
                icon=ft.Icons.SWAP_HORIZ,
            ),
        ],
        alignment=ft.MainAxisAlignment.END,
        wrap=True,
    )
    story = buttons.icon_only(
        scene,
        f"history-{device.label}",
        words("device.history"),
        ft.Icons.HISTORY,
        lambda: model.story(key),
    )
    head = ft.Row(
        [ft.Container(device_head(scene, device, state=device.state), expand=True), story],
        vertical_alignment=ft.CrossAxisAlignment.START,
    )
    parts = [head, *_review(scene, device), acts]
    is_scanned = model.scanned == device.key
    if is_scanned:
        said = words("scan.recorded.here", equipment=device.label)
        parts.insert(0, chips.chip(scene, said, ft.Icons.QR_CODE_SCANNER, Tone.GOOD))
    return cards.card(
        scene,
        stretched(*parts, gap=GAP_S),
        name=f"device-{device.label}",
        is_selected=is_scanned,
    )


def _diagnose(scene: Scene, model: Equipment, device: Device) -> list[ft.Control]:
    if not model.speaks(device):
        return []
    return [
        buttons.quiet(
            scene,
            f"diagnose-{device.label}",
            scene.words("part.diagnostics"),
            lambda: model.diagnose(device.key),
            icon=ft.Icons.TROUBLESHOOT,
        )
    ]


def _review(scene: Scene, device: Device) -> list[ft.Control]:
    """Say that a colleague changed the same device, and that it holds nothing up (T-16)."""
    if device.state is not SendState.NEEDS_REVIEW:
        return []
    sentence = scene.words("equipment.review")
    return [notices.banner(scene, f"review-{device.label}", sentence, Tone.WARN, ft.Icons.RULE)]


def _planned(scene: Scene, model: Equipment, act: DeviceAct) -> ft.Control:
    def go() -> None:
        if act.equipment and act.action == "Swap":
            model.swap(act.equipment)
        elif act.equipment and act.action == "Remove":
            model.remove(act.equipment)
        else:
            model.add()

    return _act(scene, f"planned-{act.id}", f"equipment.plan.{act.action}", act, None, work=go)


def _done(scene: Scene, model: Equipment, act: DeviceAct) -> ft.Control:
    state = model.state_of_act(act)
    return _act(scene, f"done-{act.id}", f"equipment.act.{act.action}", act, state)


def _act(
    scene: Scene,
    name: str,
    key: str,
    act: DeviceAct,
    state: SendState | None,
    *,
    work: buttons.Work | None = None,
) -> ft.Control:
    words = scene.words
    verb = words(key) if words.has(key) else act.action
    what = type_words(scene, act.model) if act.model else act.label
    lines: list[ft.Control] = [
        text.body(scene, f"{verb} : {what}" if words.language == "fr" else f"{verb}: {what}"),
        *marks(scene, act.mac_address, act.serial_no),
        *(text.soft(scene, line) for line in (act.reason, act.note) if line),
        *([ft.Row([chips.send(scene, state)], wrap=True)] if state else []),
    ]
    end = [ft.Icon(ft.Icons.CHEVRON_RIGHT, color=scene.palette.ink_soft)] if work else []
    icon = ACT_ICONS.get(act.action, ft.Icons.BUILD_OUTLINED)
    return identified(
        name,
        ft.Container(
            ft.Row(
                [
                    ft.Icon(icon, color=scene.palette.primary, size=24),
                    ft.Column(lines, spacing=2, tight=True, expand=True),
                    *end,
                ],
                spacing=GAP_M,
                vertical_alignment=ft.CrossAxisAlignment.START,
            ),
            padding=ft.Padding.symmetric(horizontal=GAP_L, vertical=GAP_S),
            on_click=buttons.press(work) if work else None,
            ink=work is not None,
        ),
    )
