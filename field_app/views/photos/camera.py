"""The camera in front of everything else: a large shutter, what it took last, the torch."""

from typing import Final

import flet as ft

from field_app.ports import PhotoCard
from field_app.state.photos.photos import Photos
from field_app.theme import GAP_L, GAP_S, GAP_XS, RADIUS_PX, Tone
from field_app.views.boundary import screen, use_changes
from field_app.views.scene import Scene
from field_app.views.viewfinder import Viewfinder, shown
from field_app.views.widgets import buttons, notices, text
from field_app.views.widgets.named import identified

SHUTTER_PX: Final = 76


@screen
def CameraScreen(scene: Scene, model: Photos) -> ft.Control:  # noqa: N802 - components are named like controls
    """Take photos one after the other; each is kept before the next."""
    use_changes(model)
    finder: Viewfinder = ft.use_memo(Viewfinder, [])
    use_changes(finder)

    async def start() -> None:
        if not await finder.start():
            await model.camera_failed()

    ft.use_effect(start, [])
    controls = _controls(scene, model, finder)
    return identified(
        "camera",
        ft.Container(
            ft.Column(
                [_head(scene, model), shown(finder), _said(scene, model), controls],
                spacing=0,
                expand=True,
            ),
            expand=True,
            bgcolor=scene.palette.background,
        ),
    )


def _head(scene: Scene, model: Photos) -> ft.Control:
    title = scene.words("photos.retaking" if model.retaking else "photos.camera")
    close = buttons.icon_only(
        scene, "back", scene.words("view.back"), ft.Icons.ARROW_BACK, model.back
    )
    return ft.Container(ft.Row([close, text.heading(scene, title)], spacing=GAP_S), padding=GAP_S)


def _said(scene: Scene, model: Photos) -> ft.Control:
    """Say what became of the last photo."""
    if model.problem:
        return ft.Container(notices.problem(scene, model.problem), padding=GAP_S)
    if model.last is None:
        return ft.Container(height=0)
    sentence = scene.words("photos.kept")
    return ft.Container(
        notices.banner(scene, "kept", sentence, Tone.GOOD, ft.Icons.CHECK_CIRCLE_OUTLINE),
        padding=ft.Padding.only(left=GAP_S, right=GAP_S, top=GAP_S),
    )


def _controls(scene: Scene, model: Photos, finder: Viewfinder) -> ft.Control:
    """Put the shutter in the middle, at thumb height; the last photo left, the torch right."""
    return ft.Container(
        ft.Row(
            [
                ft.Container(_last(scene, model), expand=True),
                _shutter(scene, model, finder),
                ft.Container(_right(scene, model, finder), expand=True),
            ],
            vertical_alignment=ft.CrossAxisAlignment.CENTER,
        ),
        padding=GAP_L,
    )


def _shutter(scene: Scene, model: Photos, finder: Viewfinder) -> ft.Control:
    async def shoot() -> None:
        content = await finder.shoot()
        if content is None:
            await model.camera_failed()
        else:
            await model.shoot(content)

    label = scene.words("photos.shutter")
    icon = ft.Icon(
        ft.Icons.PHOTO_CAMERA, size=34, color=scene.palette.on_primary, semantics_label=label
    )
    return identified(
        "shutter",
        ft.IconButton(
            icon=icon,
            tooltip=label,
            on_click=buttons.press(shoot),
            disabled=not finder.is_ready,
            width=SHUTTER_PX,
            height=SHUTTER_PX,
            bgcolor=scene.palette.primary if finder.is_ready else scene.palette.line,
        ),
    )


def _last(scene: Scene, model: Photos) -> ft.Control:
    card: PhotoCard | None = model.taken
    if card is None:
        return ft.Container(height=1)
    small = model.small.get(card.sha256 or "")
    picture = (
        ft.Image(src=small, width=56, height=56, fit=ft.BoxFit.COVER, border_radius=RADIUS_PX)
        if small
        else ft.ProgressRing(width=20, height=20, stroke_width=3)
    )
    again = buttons.quiet(
        scene, "retake-last", scene.words("photos.retake"), lambda: model.retake(card)
    )
    return _stacked(ft.Container(picture, height=56, alignment=ft.Alignment.CENTER), again)


def _stacked(*controls: ft.Control) -> ft.Control:
    return ft.Column(
        [*controls], spacing=GAP_XS, tight=True, horizontal_alignment=ft.CrossAxisAlignment.CENTER
    )


def _right(scene: Scene, model: Photos, finder: Viewfinder) -> ft.Control:
    torch = (
        [
            buttons.icon_only(
                scene,
                "torch",
                scene.words("photos.torch-off" if finder.is_lit else "photos.torch-on"),
                ft.Icons.FLASHLIGHT_OFF if finder.is_lit else ft.Icons.FLASHLIGHT_ON,
                finder.light,
            )
        ]
        if finder.has_torch
        else []
    )
    done = buttons.quiet(scene, "camera-done", scene.words("photos.done"), model.close_camera)
    return _stacked(*torch, done)
