"""One photo, large: what is known of it, and what may be done with it."""

from typing import Final

import flet as ft

from field_app.ports import PhotoCard, PhotoState
from field_app.state.photos.photos import Photos
from field_app.theme import GAP_M, Tone
from field_app.views.photos.away import away
from field_app.views.photos.states import state_chip
from field_app.views.scene import Scene
from field_app.views.tools import has_camera
from field_app.views.widgets import buttons, dialogs, page, text
from field_app.views.widgets.named import identified

ZOOM_MAX: Final = 6.0
CROP_PX: Final = 120


def one_photo(scene: Scene, model: Photos, card: PhotoCard) -> ft.Control:
    """Draw it as large as the window allows."""
    label = card.caption or card.step_label(scene.words.language) or scene.words("photos.one")
    return page.frame(
        scene,
        "photo",
        head=page.header(
            scene,
            label,
            subtitle=scene.words.moment(card.taken_at) if card.taken_at else "",
            back=model.back,
        ),
        content=ft.Column(
            [
                ft.Container(_large(scene, model, card), expand=True, bgcolor=ft.Colors.BLACK),
                *_crop(scene, model),
                ft.Container(_facts(scene, card), padding=GAP_M),
            ],
            spacing=0,
            expand=True,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
        foot=_one_foot(scene, model, card),
    )


def _large(scene: Scene, model: Photos, card: PhotoCard) -> ft.Control:
    picture = model.looked_at.picture
    if picture is None:
        if model.looked_at.may_fetch:
            return away(scene, model.looked_at, card)
        return _nothing(scene, card)
    return ft.InteractiveViewer(
        ft.Image(
            src=picture,
            fit=ft.BoxFit.CONTAIN,
            expand=True,
            semantics_label=scene.words("photos.one"),
        ),
        max_scale=ZOOM_MAX,
        expand=True,
    )


def _nothing(scene: Scene, card: PhotoCard) -> ft.Control:
    """Say why there is no picture."""
    if card.problem:
        sentence = card.problem.sentence(scene.words.language)
    else:
        is_made = card.state is not PhotoState.PREPARING
        sentence = scene.words("photos.elsewhere.other" if is_made else "photo.preparing")
    return ft.Container(
        ft.Text(sentence, color=ft.Colors.WHITE, size=scene.look.body),
        alignment=ft.Alignment.CENTER,
        padding=GAP_M,
    )


def _crop(scene: Scene, model: Photos) -> list[ft.Control]:
    """Draw the label by itself: on a phone it is a thumb's breadth of the whole photo."""
    if model.looked_at.crop is None:
        return []
    said = scene.words("photos.crop")
    picture = ft.Image(
        src=model.looked_at.crop, height=CROP_PX, fit=ft.BoxFit.CONTAIN, semantics_label=said
    )
    drawn = ft.Column(
        [text.soft(scene, said), picture],
        horizontal_alignment=ft.CrossAxisAlignment.CENTER,
        spacing=0,
    )
    return [identified("photo-crop", ft.Container(drawn, padding=GAP_M))]


def _facts(scene: Scene, card: PhotoCard) -> ft.Control:
    lines: list[ft.Control] = [state_chip(scene, card)]
    if card.size:
        lines.append(text.soft(scene, scene.words.size(card.size)))
    if card.latitude is not None and card.longitude is not None:
        where = f"{card.latitude:.5f}, {card.longitude:.5f}"
        lines.append(text.soft(scene, scene.words("photos.place", where=where)))
    if card.is_replaced:
        lines.append(text.soft(scene, scene.words("photos.replaced")))
    elif card.replaces:
        lines.append(text.soft(scene, scene.words("photos.replaces")))
    return ft.Row(lines, spacing=GAP_M, wrap=True)


def _one_foot(scene: Scene, model: Photos, card: PhotoCard) -> ft.Control | None:
    async def caption() -> None:
        given = await dialogs.ask_text(
            scene,
            "caption",
            title=scene.words("photos.caption"),
            label=scene.words("photos.caption"),
            confirm=scene.words("view.confirm"),
            value=card.caption,
            lines=2,
        )
        if given is not None:
            await model.caption(card, given)

    async def drop() -> None:
        if await dialogs.confirm(
            scene,
            "drop-photo",
            title=scene.words("photos.drop.title"),
            hint=scene.words("photos.drop.hint"),
            confirm=scene.words("photos.drop"),
        ):
            await model.drop(card)

    def retake() -> None:
        model.retake(card)
        if has_camera(ft.context.page):
            model.open_camera()

    words, made = scene.words, []
    if card.sha256:
        made.append(
            buttons.secondary(
                scene, "caption-photo", words("photos.caption"), caption, icon=ft.Icons.EDIT
            )
        )
    if card.may_drop:
        made.append(
            buttons.secondary(
                scene,
                "remove-photo",
                words("photos.drop"),
                drop,
                icon=ft.Icons.DELETE,
                tone=Tone.BAD,
            )
        )
    if model.may_retake(card):
        made.append(
            buttons.primary(
                scene, "retake-photo", words("photos.retake"), retake, icon=ft.Icons.REPLAY
            )
        )
    return page.bottom_bar(scene, *made) if made else None
