"""The scanner in front of the screen that asked for it."""

from typing import Final

import flet as ft

from field_app.state.scanning.scanner import Phase, Scanner
from field_app.state.workspace import Workspace
from field_app.theme import GAP_L, Tone
from field_app.views.boundary import screen, use_changes
from field_app.views.scanning import aiming
from field_app.views.scanning.result import result, result_foot
from field_app.views.scene import Scene
from field_app.views.widgets import buttons, notices, page

_I: Final = ft.Icons
BEST: Final = "zxing-cpp"
"""Without it Data Matrix and PDF417 are not read (scanner.md, 5)."""


@screen
def ScannerScreen(  # noqa: N802 - components are named like controls
    scene: Scene, workspace: Workspace, model: Scanner, said: str = ""
) -> ft.Control:
    """Draw the scanner: aiming, reading, or what was read; `said`: how far a count has come."""
    use_changes(model)
    _use_haptic(model)
    if model.phase in (Phase.FOUND, Phase.NOTHING):
        return page.stage("scan-result", _result(scene, model))
    if model.phase is Phase.LOOKING:
        return page.stage("scan-looking", _looking(scene, model))
    return page.stage("scan-aiming", Aiming(scene, workspace, model, said))


def _use_haptic(model: Scanner) -> None:
    """Tell the hand that a label was read: lightly, without a sound."""
    haptic: ft.HapticFeedback = ft.use_memo(ft.HapticFeedback, [])

    async def tell() -> None:
        if model.phase is Phase.FOUND or model.handed_on:
            await haptic.light_impact()  # type: ignore[no-untyped-call]  # Flet's

    ft.use_effect(tell, [model.phase, model.handed_on])


def _head(scene: Scene, model: Scanner, *actions: ft.Control, subtitle: str = "") -> ft.Control:
    title = scene.words("count.title" if model.is_counting else "scan.title")
    return page.header(scene, title, subtitle=subtitle, back=model.leave, actions=actions)


@screen
def Aiming(scene: Scene, workspace: Workspace, model: Scanner, said: str) -> ft.Control:  # noqa: N802 - as above
    """Draw the camera, or the way to a photo, and the field."""
    use_changes(model)
    finder = aiming.use_finder(model)
    view = aiming.finder_view(scene, finder) if finder else aiming.no_camera(scene)
    told = [
        *([notices.problem(scene, model.problem)] if model.problem else []),
        *_missing(scene, model),
    ]
    return page.frame(
        scene,
        "scanner",
        head=_head(scene, model, *aiming.tools(scene, finder), subtitle=said),
        content=ft.Container(view, expand=True),
        foot=page.foot(
            scene,
            ft.Column(
                [
                    *told,
                    aiming.photo_buttons(scene, workspace, model, finder),
                    aiming.typed_field(scene, model),
                ],
                spacing=GAP_L / 2,
                tight=True,
            ),
        ),
    )


def _missing(scene: Scene, model: Scanner) -> list[ft.Control]:
    """Say which kinds of code this device cannot read."""
    words = scene.words
    if not model.can_read:
        said, tone = words("scan.no-decoder", missing=", ".join(model.missing)), Tone.WARN
    elif BEST in model.missing:
        said, tone = words("scan.missing"), Tone.NEUTRAL
    else:
        return []
    return [notices.banner(scene, "scan-missing", said, tone, _I.INFO_OUTLINE)]


def _looking(scene: Scene, model: Scanner) -> ft.Control:
    words = scene.words
    cancel = buttons.secondary(
        scene, "scan-cancel", words("view.cancel"), model.again, icon=_I.CLOSE, expand=True
    )
    return page.frame(
        scene,
        "scanner",
        head=_head(scene, model),
        content=ft.Container(
            notices.waiting(scene, "scan-looking", words("scan.looking")),
            expand=True,
            alignment=ft.Alignment.CENTER,
        ),
        foot=page.bottom_bar(scene, cancel),
    )


def _result(scene: Scene, model: Scanner) -> ft.Control:
    return page.frame(
        scene,
        "scanner",
        head=_head(scene, model),
        content=result(scene, model),
        foot=result_foot(scene, model),
    )
