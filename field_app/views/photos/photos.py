"""Photos of a job: a grid with the state of each, one looked at large, and ways to add more."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

import flet as ft

from field_app.ports import PhotoCard, PhotoState
from field_app.state.photos.photos import Photos, Refused
from field_app.state.place import Place
from field_app.state.workspace import Workspace
from field_app.theme import GAP_M, GAP_S, GAP_XS, RADIUS_PX, Tone
from field_app.views.boundary import screen, use_model
from field_app.views.photos.camera import CameraScreen
from field_app.views.scene import Scene
from field_app.views.tools import has_camera, pick_photos
from field_app.views.widgets import buttons, cards, chips, dialogs, notices, page, text
from field_app.views.widgets.named import identified

TILE_PX: Final = 171
"""Two of them and a gap on a phone of 390, four on a wide pane."""
PICTURE_PX: Final = 128
LOOK_AGAIN_S: Final = 2
"""How often the progress of what is being sent is read again."""
ZOOM_MAX: Final = 6.0
STATES: Final[Mapping[PhotoState, tuple[ft.IconData, Tone]]] = {
    PhotoState.PREPARING: (ft.Icons.HOURGLASS_TOP, Tone.NEUTRAL),
    PhotoState.REFUSED: (ft.Icons.REPORT_PROBLEM, Tone.BAD),
    PhotoState.ON_DEVICE: (ft.Icons.SMARTPHONE, Tone.WARN),
    PhotoState.SENDING: (ft.Icons.CLOUD_UPLOAD, Tone.INFO),
    PhotoState.RECEIVED: (ft.Icons.CLOUD_DONE, Tone.INFO),
    PhotoState.IN_OFFICE: (ft.Icons.DOMAIN, Tone.GOOD),
    PhotoState.NEEDS_YOU: (ft.Icons.PRIORITY_HIGH, Tone.BAD),
    PhotoState.NEEDS_REVIEW: (ft.Icons.RULE, Tone.WARN),
    PhotoState.STOPPED: (ft.Icons.REPORT_PROBLEM, Tone.BAD),
}


@screen
def PhotosScreen(scene: Scene, workspace: Workspace, place: Place) -> ft.Control:  # noqa: N802 - components are named like controls
    """Draw the photos of a job, or the camera, or one photo."""
    key, row = str(place.key), place.row
    model = use_model(lambda: Photos(workspace, key, row), workspace, key, row)
    _use_progress(model)
    if model.is_camera_open:
        return page.stage("camera", CameraScreen(scene, model))
    if model.opened:
        return page.stage("photo", _one(scene, model, model.opened))
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


# --- the grid


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
    facts = [_state(scene, card)]
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
        inside = ft.Icon(ft.Icons.IMAGE_OUTLINED, size=40, color=scene.palette.ink_soft)
    return ft.Container(
        inside,
        width=_tile_px(scene),
        height=PICTURE_PX,
        alignment=ft.Alignment.CENTER,
        bgcolor=scene.palette.background,
    )


def _state(scene: Scene, card: PhotoCard) -> ft.Control:
    icon, tone = STATES[card.state]
    return chips.chip(scene, scene.words(f"photo.{card.state}", percent=card.percent), icon, tone)


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


# --- one photo


def _one(scene: Scene, model: Photos, card: PhotoCard) -> ft.Control:
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
                ft.Container(_facts(scene, card), padding=GAP_M),
            ],
            spacing=0,
            expand=True,
        ),
        foot=_one_foot(scene, model, card),
    )


def _large(scene: Scene, model: Photos, card: PhotoCard) -> ft.Control:
    picture = model.large if card.state is not PhotoState.PREPARING else None
    if picture is None:
        sentence = (
            card.problem.sentence(scene.words.language)
            if card.problem
            else scene.words("photos.elsewhere" if not card.is_here else "photo.preparing")
        )
        return ft.Container(
            ft.Text(sentence, color=ft.Colors.WHITE, size=scene.look.body),
            alignment=ft.Alignment.CENTER,
            padding=GAP_M,
        )
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


def _facts(scene: Scene, card: PhotoCard) -> ft.Control:
    lines: list[ft.Control] = [_state(scene, card)]
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
