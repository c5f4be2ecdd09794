"""Photos of a job: a grid with the state of each, and ways to add more."""

import asyncio
from typing import Any, Final

import flet as ft

from field_app.ports import PhotoCard, PhotoState
from field_app.state.photos.photos import Photos, Refused
from field_app.state.place import Place
from field_app.state.workspace import Workspace
from field_app.theme import GAP_M, GAP_S, GAP_XS, RADIUS_PX, Tone
from field_app.views.boundary import screen, use_model
from field_app.views.photos.camera import CameraScreen
from field_app.views.photos.one import one_photo
from field_app.views.photos.states import state_chip
from field_app.views.scene import Scene
from field_app.views.tools import has_camera, pick_photos
from field_app.views.widgets import buttons, cards, notices, page, text
from field_app.views.widgets.named import identified

TILE_PX: Final = 171
"""Two of them and a gap on a phone of 390, four on a wide pane."""
PICTURE_PX: Final = 128
LOOK_AGAIN_S: Final = 2
"""How often the progress of what is being sent is read again."""


@screen
def PhotosScreen(scene: Scene, workspace: Workspace, place: Place) -> ft.Control:  # noqa: N802 - components are named like controls
    """Draw the photos of a job, or the camera, or one photo."""
    key, row = str(place.key), place.row
    model = use_model(lambda: Photos(workspace, key, row), workspace, key, row)
    _use_progress(model)
    if model.is_camera_open:
        return page.stage("camera", CameraScreen(scene, model))
    if model.opened:
        return page.stage("photo", one_photo(scene, model, model.opened))
    grid = page.frame(
        scene,
        "photos",
        head=_head(scene, model),
        content=_content(scene, model),
        foot=None if model.is_gone else _foot(scene, model),
    )
    return page.stage("photos", grid)


def _use_progress(model: Photos) -> None:
    """Read again while something is on its way: pieces that arrive are not told as news."""

    async def watch() -> None:
        while model.is_moving:
            await asyncio.sleep(LOOK_AGAIN_S)
            await model.refresh()

    task: Any = ft.use_ref(None)

    def begin() -> None:
        task.current = asyncio.create_task(watch())

    def end() -> None:
        if task.current:
            task.current.cancel()

    ft.use_effect(begin, [model, model.is_moving], cleanup=end)


def _head(scene: Scene, model: Photos) -> ft.Control:
    french, english = model.step_label
    label = english if scene.words.language == "en" else french
    row = model.job.row if model.job else None
    return page.header(
        scene,
        scene.words("part.photos"),
        subtitle=label or (f"{row.label} · {row.subject}" if row else ""),
        back=model.back,
    )


def _content(scene: Scene, model: Photos) -> ft.Control:
    if model.is_gone:
        return notices.empty(
            scene,
            "job-gone",
            ft.Icons.SEARCH_OFF,
            scene.words("job.gone"),
            scene.words("job.gone.hint"),
        )
    if not model.is_loaded:
        return notices.waiting(scene)
    told = [
        *([notices.problem(scene, model.problem)] if model.problem else []),
        *([_retaking(scene, model)] if model.retaking else []),
        *([_taking(scene, *model.taking)] if model.taking else []),
        *(_refused(scene, model, one) for one in model.refused),
    ]
    if not model.every and not model.taking:
        return page.scroll(*told, _nothing(scene))
    tiles = [_tile(scene, model, card) for card in model.shown]
    more = (
        [buttons.quiet(scene, "more", scene.words("photos.more"), model.show_more)]
        if model.has_more
        else []
    )
    grid = ft.Row(
        tiles,
        wrap=True,
        spacing=GAP_M,
        run_spacing=GAP_M,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )
    return page.scroll(*told, grid, *more)


def _nothing(scene: Scene) -> ft.Control:
    return notices.empty(
        scene,
        "no-photos",
        ft.Icons.ADD_A_PHOTO,
        scene.words("photos.none"),
        scene.words("photos.none.hint"),
    )


def _retaking(scene: Scene, model: Photos) -> ft.Control:
    cancel = buttons.quiet(
        scene, "retake-cancel", scene.words("view.cancel"), lambda: model.retake(None)
    )
    sentence = scene.words("photos.retaking.hint")
    return notices.banner(scene, "retaking", sentence, Tone.INFO, ft.Icons.REPLAY, action=cancel)


def _taking(scene: Scene, done: int, total: int) -> ft.Control:
    """Say how far taking in has come."""
    return identified(
        "taking",
        ft.Column(
            [
                text.body(scene, scene.words("photos.taking", number=done + 1, total=total)),
                ft.ProgressBar(value=done / total if total > 1 else None),
            ],
            spacing=GAP_XS,
            tight=True,
        ),
    )


def _refused(scene: Scene, model: Photos, refused: Refused) -> ft.Control:
    """Say why a file was not taken, and what can be done about it."""
    actions = [
        buttons.quiet(
            scene,
            "forget",
            scene.words("photos.forget"),
            lambda: model.forget(refused),
            tone=Tone.BAD,
        )
    ]
    if refused.may_reduce:
        actions.insert(
            0,
            buttons.secondary(
                scene,
                "reduce",
                scene.words("photos.reduce"),
                lambda: model.reduce(refused),
                icon=ft.Icons.COMPRESS,
                tone=Tone.BAD,
            ),
        )
    return cards.card(
        scene,
        ft.Column(
            [
                text.toned(scene, refused.problem.sentence(scene.words.language), Tone.BAD),
                *actions,
            ],
            spacing=GAP_S,
            tight=True,
        ),
        name="refused",
        tone=Tone.BAD,
    )


def _tile(scene: Scene, model: Photos, card: PhotoCard) -> ft.Control:
    facts = [state_chip(scene, card)]
    if card.is_replaced:
        facts.append(text.soft(scene, scene.words("photos.replaced")))
    elif card.problem:
        facts.append(text.soft(scene, card.problem.sentence(scene.words.language), lines_max=6))
    label = card.caption or card.step_label(scene.words.language)
    if label:
        facts.append(text.body(scene, label, lines_max=2))
    if card.taken_at:
        facts.append(text.soft(scene, scene.words.moment(card.taken_at)))
    return identified(
        f"photo-{card.id}",
        ft.Container(
            ft.Column(
                [_small(scene, model, card), ft.Container(_column(facts), padding=GAP_S)],
                spacing=0,
                tight=True,
            ),
            width=_tile_px(scene),
            bgcolor=scene.palette.surface,
            border=ft.Border.all(scene.look.line_px, scene.palette.line),
            border_radius=RADIUS_PX,
            clip_behavior=ft.ClipBehavior.ANTI_ALIAS,
            on_click=buttons.press(lambda: model.open(card)),
            ink=True,
            opacity=0.6 if card.is_replaced else 1,
        ),
    )


def _tile_px(scene: Scene) -> int:
    """Return the width of a tile: two of them beside each other, one where words are large."""
    return 2 * TILE_PX if scene.is_stacked else TILE_PX


def _column(controls: list[ft.Control]) -> ft.Control:
    return ft.Column(controls, spacing=GAP_XS, tight=True)


def _small(scene: Scene, model: Photos, card: PhotoCard) -> ft.Control:
    small = model.small.get(card.sha256 or "")
    if small:
        return ft.Image(
            src=small,
            width=_tile_px(scene),
            height=PICTURE_PX,
            fit=ft.BoxFit.COVER,
            semantics_label=scene.words("photos.one"),
        )
    if card.state is PhotoState.PREPARING:
        inside: ft.Control = ft.ProgressRing(width=28, height=28, stroke_width=3)
    else:
        is_away = bool(card.sha256) and not card.is_here
        icon = ft.Icons.CLOUD_DOWNLOAD_OUTLINED if is_away else ft.Icons.IMAGE_OUTLINED
        inside = ft.Icon(icon, size=40, color=scene.palette.ink_soft)
    return ft.Container(
        inside,
        width=_tile_px(scene),
        height=PICTURE_PX,
        alignment=ft.Alignment.CENTER,
        bgcolor=scene.palette.background,
    )


def _foot(scene: Scene, model: Photos) -> ft.Control:
    async def pick() -> None:
        stamp = scene.now_ms()
        await model.add(await pick_photos(model.workspace.account.photographs, stamp=stamp))

    if not has_camera(ft.context.page):
        add = scene.words("photos.add")
        return page.bottom_bar(
            scene,
            buttons.primary(
                scene, "pick-photos", add, pick, icon=ft.Icons.ADD_PHOTO_ALTERNATE, expand=True
            ),
        )
    choose, take = scene.words("photos.choose"), scene.words("photos.take")
    return page.bottom_bar(
        scene,
        buttons.secondary(
            scene, "pick-photos", choose, pick, icon=ft.Icons.PHOTO_LIBRARY, expand=True
        ),
        buttons.primary(
            scene, "take-photo", take, model.open_camera, icon=ft.Icons.PHOTO_CAMERA, expand=True
        ),
    )
