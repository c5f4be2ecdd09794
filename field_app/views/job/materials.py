"""The material of a job: what was used."""

from collections.abc import Sequence

import flet as ft

from field_app.ports import MaterialRow
from field_app.state.job.materials import Materials
from field_app.state.place import Place
from field_app.state.workspace import Workspace
from field_app.views.boundary import screen, use_model
from field_app.views.job.material_form import MaterialFormScreen
from field_app.views.job.part import part
from field_app.views.scene import Scene
from field_app.views.widgets import buttons, cards, chips, notices, page, text


def MaterialsPart(scene: Scene, workspace: Workspace, place: Place) -> ft.Control:  # noqa: N802 - named like the screens it chooses from
    """Draw the list, or the form that the place's row names."""
    chosen = MaterialFormScreen if place.row else MaterialsScreen
    drawn: ft.Control = chosen(scene, workspace, place)
    return drawn


@screen
def MaterialsScreen(scene: Scene, workspace: Workspace, place: Place) -> ft.Control:  # noqa: N802 - components are named like controls
    """Draw what was used."""
    model = use_model(lambda: Materials(workspace, str(place.key)), workspace, place.key)
    return part(
        scene,
        model,
        content=lambda: _content(scene, model),
        foot=lambda: page.bottom_bar(
            scene,
            buttons.primary(
                scene,
                "materials-add",
                scene.words("materials.add"),
                model.add,
                icon=ft.Icons.ADD,
                expand=True,
            ),
        ),
    )


def _content(scene: Scene, model: Materials) -> Sequence[ft.Control]:
    words = scene.words
    if not model.rows:
        return [
            notices.empty(
                scene,
                "materials-empty",
                ft.Icons.INVENTORY_2_OUTLINED,
                words("materials.none"),
                words("materials.none.hint"),
            )
        ]
    return [cards.group(scene, *(_row(scene, model, row) for row in model.rows))]


def _row(scene: Scene, model: Materials, row: MaterialRow) -> ft.Control:
    state = model.state_of(row.id)
    beside = row.description if row.item and row.description else ""
    return cards.tile(
        scene,
        f"material-{row.id}",
        model.title(row),
        lambda: model.edit(row),
        icon=ft.Icons.INVENTORY_2_OUTLINED,
        facts=[beside, row.item or ""],
        marks=[
            text.strong(scene, scene.words.amount(row.qty, model.uom(row))),
            *([chips.send(scene, state)] if state else []),
        ],
    )
