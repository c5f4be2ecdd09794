"""The form that writes material down, or corrects how much it was."""

from collections.abc import Sequence
from typing import Final

import flet as ft

from field_app.ports import ItemRow
from field_app.state.job.material_form import DESCRIPTION_LENGTH_MAX, MaterialForm
from field_app.state.place import Place
from field_app.state.workspace import Workspace
from field_app.theme import GAP_S
from field_app.views.boundary import screen, use_model
from field_app.views.job.part import foot_of, part, stretched
from field_app.views.scene import Scene
from field_app.views.widgets import buttons, cards, notices, text, typed

FOUND_SHOWN_MAX: Final = 12
"""Items shown at a time: a word more narrows them down sooner than scrolling does."""


@screen
def MaterialFormScreen(scene: Scene, workspace: Workspace, place: Place) -> ft.Control:  # noqa: N802 - components are named like controls
    """Draw the form that the place's row names."""
    key, row = str(place.key), str(place.row)
    model = use_model(
        lambda: MaterialForm(workspace, key, row, undone=scene.words("undo.reason")),
        workspace,
        key,
        row,
    )
    return part(
        scene,
        model,
        title=scene.words("materials.edit" if model.row_id else "materials.add"),
        content=lambda: _form(scene, model),
        foot=lambda: _form_foot(scene, model),
    )


def _form(scene: Scene, model: MaterialForm) -> Sequence[ft.Control]:
    if model.is_row_gone:
        gone = scene.words("materials.row-gone")
        return [notices.empty(scene, "row-gone", ft.Icons.LINK_OFF, gone)]
    if model.row:
        row = model.row
        head = text.heading(scene, model.title(row))
        return [cards.card(scene, stretched(head, _qty(scene, model, model.uom(row))))]
    uom = model.item.uom if model.item else ""
    return [
        _what(scene, model),
        cards.card(scene, stretched(_qty(scene, model, uom))),
    ]


def _what(scene: Scene, model: MaterialForm) -> ft.Control:
    words = scene.words
    if model.item:
        chosen = cards.tile(
            scene,
            "chosen-item",
            model.item.name,
            None,
            icon=ft.Icons.CHECK_CIRCLE,
            facts=[model.item.code],
            trailing=buttons.icon_only(
                scene,
                "other-item",
                words("materials.other-item"),
                ft.Icons.CLOSE,
                lambda: model.choose(None),
            ),
        )
        about = _description(scene, model, "materials.description")
        return cards.card(scene, stretched(chosen, about))
    search = typed.typed(
        scene,
        "item-search",
        words("materials.search"),
        model.search_text,
        model.search,
        prefix_icon=ft.Icons.SEARCH,
        autocorrect=False,
    )
    found: ft.Control
    if model.found:
        found = cards.group(scene, *(_item(scene, model, i) for i in model.found[:FOUND_SHOWN_MAX]))
    else:
        found = text.soft(scene, words("materials.no-item"))
    about = _description(scene, model, "materials.description.or")
    return stretched(search, found, about)


def _item(scene: Scene, model: MaterialForm, item: ItemRow) -> ft.Control:
    return cards.tile(
        scene,
        f"item-{item.code}",
        item.name,
        lambda: model.choose(item),
        icon=ft.Icons.ADD,
        facts=[f"{item.code} · {scene.words.unit(item.uom, 1)}".rstrip(" ·")],
    )


def _description(scene: Scene, model: MaterialForm, key: str) -> ft.Control:
    return typed.typed(
        scene,
        "material-description",
        scene.words(key),
        model.description,
        model.describe,
        max_length=DESCRIPTION_LENGTH_MAX,
        counter="",
    )


def _qty(scene: Scene, model: MaterialForm, uom: str) -> ft.Control:
    words = scene.words
    field = typed.typed(
        scene,
        "qty",
        words("materials.qty"),
        model.qty_text,
        model.type_qty,
        left=model.left_qty,
        enter=model.save,
        keyboard_type=ft.KeyboardType.TEXT,
        text_align=ft.TextAlign.CENTER,
        suffix=words.unit(uom, model.qty or 1) or None,
    )
    return ft.Row(
        [
            buttons.icon_only(
                scene, "less", words("materials.less"), ft.Icons.REMOVE, lambda: model.step(-1)
            ),
            ft.Container(field, expand=True),
            buttons.icon_only(
                scene, "more", words("materials.more"), ft.Icons.ADD, lambda: model.step(1)
            ),
        ],
        spacing=GAP_S,
        vertical_alignment=ft.CrossAxisAlignment.CENTER,
    )


def _form_foot(scene: Scene, model: MaterialForm) -> ft.Control | None:
    if model.is_row_gone:
        return None
    words = scene.words
    save = buttons.primary(
        scene,
        "material-save",
        words("materials.save" if model.row_id else "view.add"),
        model.save,
        icon=ft.Icons.CHECK,
        expand=True,
    )
    if model.row_id is None:
        return foot_of(scene, save, missing=model.missing or model.qty_problem)
    remove = buttons.secondary(
        scene, "material-remove", words("equipment.remove"), model.remove, expand=True
    )
    return foot_of(scene, remove, save, missing=model.qty_problem)
