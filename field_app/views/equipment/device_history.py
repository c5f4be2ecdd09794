"""The history of one device: where it is recorded, what was done to it here and elsewhere."""

from collections.abc import Sequence

import flet as ft

from field_app.ports import DeviceEvent, PhotoCard, Recorded
from field_app.state.equipment.device_history import DeviceStory
from field_app.state.equipment.device_records import name_of
from field_app.state.place import Place
from field_app.state.workspace import Workspace
from field_app.theme import GAP_S, RADIUS_PX
from field_app.views.boundary import screen, use_model
from field_app.views.equipment.device import marks, type_words
from field_app.views.job.part import part, stretched, titled
from field_app.views.scene import Scene
from field_app.views.widgets import buttons, cards, notices, text
from field_app.views.widgets.named import identified


@screen
def DeviceHistoryScreen(scene: Scene, workspace: Workspace, place: Place) -> ft.Control:  # noqa: N802 - components are named like controls
    """Draw the history of the device that the place's row names."""
    key, row = str(place.key), str(place.row)
    model = use_model(lambda: DeviceStory(workspace, key, row), workspace, key, row)
    title = scene.words("device.history")
    return part(scene, model, title=title, content=lambda: _content(scene, model))


def _content(scene: Scene, model: DeviceStory) -> Sequence[ft.Control]:
    words, history = scene.words, model.history
    if history is None:
        return []
    shown = [_head(scene, history.record)]
    sections = ((model.here, "device.history.here"), (model.elsewhere, "device.history.elsewhere"))
    for events, key in sections:
        if events:
            rows = [_event(scene, event) for event in events]
            shown.append(titled(scene, words(key), cards.group(scene, *rows)))
    if not history.events:
        icon = ft.Icons.HISTORY_TOGGLE_OFF
        shown.append(
            notices.empty(scene, "device-history-none", icon, words("device.history.none"))
        )
    if model.labels:
        labels = ft.Row([_label(scene, model, card) for card in model.labels], spacing=GAP_S)
        shown.append(titled(scene, words("device.labels"), labels))
    shown.append(text.soft(scene, words("device.history.scope")))
    return shown


def _head(scene: Scene, record: Recorded) -> ft.Control:
    words = scene.words
    kind = type_words(scene, record.equipment_type)
    place = f"{record.location} ({record.place})" if record.place else record.location
    where = words("device.at", location=place) if place else words("search.nowhere")
    since = words("equipment.since", date=words.full_day(record.since)) if record.since else ""
    lines: list[ft.Control] = [
        text.strong(scene, record.model or kind),
        text.soft(scene, f"{kind} · {name_of(record)}"),
        *marks(scene, record.mac_address, record.serial_no, record.gpon_serial),
        text.body(scene, " · ".join(part for part in (where, since) if part)),
    ]
    return cards.card(scene, stretched(*lines, gap=GAP_S), name="device-record")


def _event(scene: Scene, event: DeviceEvent) -> ft.Control:
    words = scene.words
    key = f"equipment.act.{event.action}"
    when = words.full_day(event.day) if event.day else ""
    where = event.place or event.location or ""
    return cards.tile(
        scene,
        f"event-{event.id}",
        words(key) if words.has(key) else event.action,
        None,
        icon=ft.Icons.HISTORY,
        facts=[
            " · ".join(part for part in (when, event.label) if part),
            where,
            event.reason or "",
            event.note or "",
        ],
    )


def _label(scene: Scene, model: DeviceStory, card: PhotoCard) -> ft.Control:
    picture = model.pictures.get(card.id)
    inside: ft.Control = (
        ft.Image(src=picture, width=96, height=96, fit=ft.BoxFit.COVER, border_radius=RADIUS_PX)
        if picture
        else ft.Icon(ft.Icons.LABEL_OUTLINE, semantics_label=scene.words("device.labels"))
    )
    pressed = ft.Container(inside, on_click=buttons.press(lambda: model.open_photo(card)), ink=True)
    return identified(f"label-{card.id}", pressed, is_button=True)
