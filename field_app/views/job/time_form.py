"""The form that writes a stretch of time down, or corrects one."""

from collections.abc import Mapping, Sequence
from typing import Final

import flet as ft

from field_app.state.job.time_entries import ACTIVITIES
from field_app.state.job.time_form import TimeForm
from field_app.state.place import Place
from field_app.state.workspace import Workspace
from field_app.theme import GAP_M
from field_app.views.boundary import screen, use_model
from field_app.views.job.part import foot_of, part, stretched
from field_app.views.scene import Scene
from field_app.views.widgets import buttons, cards, choices, notices, text, typed

ICONS: Final[Mapping[str, ft.IconData]] = {
    "Travel": ft.Icons.DIRECTIONS_CAR,
    "Work": ft.Icons.HANDYMAN,
    "Break": ft.Icons.FREE_BREAKFAST,
}


@screen
def TimeFormScreen(scene: Scene, workspace: Workspace, place: Place) -> ft.Control:  # noqa: N802 - components are named like controls
    """Draw the form that the place's row names."""
    words, key, row = scene.words, str(place.key), str(place.row)
    model = use_model(
        lambda: TimeForm(
            workspace,
            key,
            row,
            instant=words.instant,
            hour=words.hour,
            local_day=words.local_day,
            undone=words("undo.reason"),
        ),
        workspace,
        key,
        row,
    )
    return part(
        scene,
        model,
        title=words("time.correct" if model.row_id else "time.add"),
        content=lambda: _form(scene, model),
        foot=lambda: _form_foot(scene, model),
    )


def _form(scene: Scene, model: TimeForm) -> Sequence[ft.Control]:
    words = scene.words
    if model.is_row_gone:
        return [notices.empty(scene, "row-gone", ft.Icons.LINK_OFF, words("time.row-gone"))]
    options = [choices.Option(a, words(f"activity.{a}"), ICONS[a]) for a in ACTIVITIES]
    activity = choices.pills(
        scene,
        "activity",
        options,
        chosen=model.activity or "",
        choose=model.choose,
        title=words("time.activity"),
    )
    day = ft.Row(
        [
            ft.Container(
                text.strong(
                    scene, words.day(model.day, today=model.day == model.workspace.today())
                ),
                expand=True,
            ),
            buttons.icon_only(
                scene,
                "day-before",
                words("time.day-before"),
                ft.Icons.CHEVRON_LEFT,
                lambda: model.turn(-1),
            ),
            buttons.icon_only(
                scene,
                "day-after",
                words("time.day-after"),
                ft.Icons.CHEVRON_RIGHT,
                lambda: model.turn(1),
                is_enabled=model.day < model.workspace.today(),
            ),
        ]
    )
    hours = ft.Row(
        [
            ft.Container(_hour(scene, model, "time-from", "time.from"), expand=True),
            ft.Container(_hour(scene, model, "time-to", "time.to"), expand=True),
        ],
        spacing=GAP_M,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )
    return [
        activity,
        cards.card(scene, stretched(day, hours)),
    ]


def _hour(scene: Scene, model: TimeForm, name: str, key: str) -> ft.Control:
    is_start = name == "time-from"
    return typed.typed(
        scene,
        name,
        scene.words(key),
        model.start_text if is_start else model.end_text,
        model.type_start if is_start else model.type_end,
        helper=scene.words("time.hour.hint"),
        enter=model.save,
        keyboard_type=ft.KeyboardType.DATETIME,
    )


def _form_foot(scene: Scene, model: TimeForm) -> ft.Control | None:
    if model.is_row_gone:
        return None
    words = scene.words
    save = buttons.primary(
        scene, "time-save", words("materials.save"), model.save, icon=ft.Icons.CHECK, expand=True
    )
    if model.row_id is None:
        return foot_of(scene, save, missing=model.wrong)
    remove = buttons.secondary(
        scene, "time-remove", words("time.remove"), model.remove, expand=True
    )
    return foot_of(scene, remove, save, missing=model.wrong)
