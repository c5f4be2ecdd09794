"""Looking for a label: the camera and its frames, a photo instead, the field that always stays."""

import asyncio
from typing import Any, Final, Protocol

import flet as ft

from field_app.state.scanning.scanner import Scanner
from field_app.state.workspace import Workspace
from field_app.theme import GAP_L, GAP_M, GAP_S, RADIUS_PX, Tone
from field_app.views.boundary import use_changes
from field_app.views.scene import Scene
from field_app.views.tools import has_camera, pick_photos
from field_app.views.viewfinder import Viewfinder, shown
from field_app.views.widgets import buttons, notices, text, typed
from field_app.views.widgets.named import identified
from field_core.problems import Problem, ProblemError

_I: Final = ft.Icons
CADENCE_S: Final = 0.3
"""Three frames a second: a hand is steady for longer, and a phone stays cool."""
PAUSE_S_MIN: Final = 0.02
"""The screen has its turn between two frames, however long one took."""
GUIDE_SHARE: Final = 0.72
"""Of the picture's width: a label this wide has bars thick enough to be read."""


class Looks(Protocol):
    """What is shown one frame after the other."""

    @property
    def wants_frames(self) -> bool:
        """Whether the camera should go on."""

    async def prepare(self) -> None:
        """Get ready for the first frame."""

    async def frame(self, picture: bytes) -> None:
        """Look at one frame."""


def use_finder(model: Looks) -> Viewfinder | None:
    """Have the camera show and its frames looked at while the scanner aims; None without one."""
    page = ft.context.page
    is_possible = has_camera(page)
    finder: Viewfinder = ft.use_memo(Viewfinder, [])
    use_changes(finder)
    is_lost, set_lost = ft.use_state(False)  # noqa: FBT003 - Flet's hook
    task: Any = ft.use_ref(None)

    async def watch() -> None:
        await model.prepare()
        if not await finder.start():
            set_lost(True)
            return
        await finder.ask_zoom()
        await finder.stream()
        await _look_on(model, finder)

    def begin() -> None:
        if is_possible:
            task.current = asyncio.create_task(watch())
        else:
            page.run_task(model.prepare)

    def end() -> None:
        if task.current:
            task.current.cancel()

    ft.use_effect(begin, [], cleanup=end)
    return finder if is_possible and not is_lost else None


async def _look_on(model: Looks, finder: Viewfinder) -> None:
    """Have one frame after the other looked at, until a label is read or the scanner closes."""
    clock = asyncio.get_running_loop()
    while model.wants_frames:
        began_s = clock.time()
        picture = await finder.frame()
        if picture is not None:
            await model.frame(picture)
        await asyncio.sleep(max(PAUSE_S_MIN, CADENCE_S - (clock.time() - began_s)))


# --- drawn


def finder_view(scene: Scene, finder: Viewfinder, *, hint_key: str = "scan.aim") -> ft.Control:
    """Draw what the camera sees, with a frame for the label and what to do with it."""
    hint = ft.Container(
        text.toned(scene, scene.words(hint_key), Tone.INFO),
        bgcolor=scene.palette.container_of(Tone.INFO),
        border_radius=RADIUS_PX,
        padding=GAP_M,
    )
    guide = ft.Container(
        width=280,
        height=170,
        border=ft.Border.all(3, scene.palette.container_of(Tone.INFO)),
        border_radius=RADIUS_PX,
    )
    over = ft.Column(
        [ft.Container(guide, expand=True, alignment=ft.Alignment.CENTER), hint],
        horizontal_alignment=ft.CrossAxisAlignment.CENTER,
        spacing=GAP_S,
    )
    start: Any = ft.use_ref(1.0)

    def pinched() -> None:
        start.current = finder.zoom

    async def pinching(event: Any) -> None:  # noqa: ANN401 - Flet's event
        await finder.zoom_to(start.current * event.scale)

    return ft.Stack(
        [
            shown(finder),
            ft.GestureDetector(
                ft.Container(over, padding=GAP_M, expand=True),
                on_scale_start=pinched,
                on_scale_update=pinching,
                expand=True,
            ),
        ],
        expand=True,
        fit=ft.StackFit.EXPAND,
    )


def no_camera(scene: Scene) -> ft.Control:
    """Say what to do where no camera can be shown."""
    words = scene.words
    return notices.empty(
        scene, "scan-no-camera", _I.QR_CODE_SCANNER, words("scan.photo"), words("scan.photo.hint")
    )


def tools(scene: Scene, finder: Viewfinder | None) -> list[ft.Control]:
    """Draw torch and zoom, where the camera has them."""
    if finder is None or not finder.is_ready:
        return []
    words = scene.words
    drawn: list[ft.Control] = []
    if finder.zoom_max > 1:
        drawn.append(
            buttons.quiet(
                scene,
                "scan-zoom",
                words("scan.zoom", times=f"{finder.zoom:.0f}"),
                finder.zoom_on,
                icon=_I.ZOOM_IN,
            )
        )
    if finder.has_torch:
        key, icon = (
            ("photos.torch-off", _I.FLASHLIGHT_OFF)
            if finder.is_lit
            else ("photos.torch-on", _I.FLASHLIGHT_ON)
        )
        drawn.append(buttons.icon_only(scene, "torch", words(key), icon, finder.light))
    return drawn


def photo_buttons(
    scene: Scene, workspace: Workspace, model: Scanner, finder: Viewfinder | None
) -> ft.Control:
    """Draw the ways to have a photo read."""
    words = scene.words

    async def pick() -> None:
        photographs = workspace.account.photographs
        for file in (await pick_photos(photographs, stamp=scene.now_ms()))[:1]:
            try:
                photographs.check_size(file.name, file.size)
                content = await file.read()
            except ProblemError as error:
                model.refuse(error.problem)
            else:
                await model.photo(content)

    async def shoot() -> None:
        content = await finder.shoot() if finder else None
        if content is None:
            model.refuse(Problem("camera-unavailable"))
        else:
            await model.photo(content)

    pressed = [
        buttons.secondary(
            scene, "scan-pick", words("photos.choose"), pick, icon=_I.PHOTO_LIBRARY, expand=True
        )
    ]
    if finder:
        pressed.append(
            buttons.secondary(
                scene,
                "scan-shoot",
                words("photos.take"),
                shoot,
                icon=_I.PHOTO_CAMERA,
                is_enabled=finder.is_ready,
                expand=True,
            )
        )
    return ft.Row([ft.Container(button, expand=True) for button in pressed], spacing=GAP_S)


def typed_field(scene: Scene, model: Scanner) -> ft.Control:
    """Draw the field that is always there: a label may be torn, a camera broken (T-10)."""
    words, wrong = scene.words, model.typed_problem
    field = typed.code(
        scene,
        "scan-typed",
        words("scan.typed"),
        model.typed,
        model.type,
        left=model.judge,
        enter=model.use_typed,
        error=wrong.sentence(words.language) if wrong else None,
    )
    ok = buttons.icon_only(scene, "scan-typed-use", words("scan.use"), _I.CHECK, model.use_typed)
    lines: list[ft.Control] = [
        ft.Row([ft.Container(field, expand=True), ok], spacing=GAP_S),
    ]
    if wrong and wrong.code.startswith("mac-"):
        lines.append(
            buttons.quiet(scene, "as-serial", words("step.as-serial"), model.take_for_serial)
        )
    return identified("scan-by-hand", ft.Column(lines, spacing=0, tight=True))


def foot(*rows: ft.Control) -> ft.Control:
    """Draw what stays at the foot of the scanner."""
    return ft.Container(
        ft.Column([*rows], spacing=GAP_S, tight=True),
        padding=ft.Padding.symmetric(horizontal=GAP_L, vertical=GAP_M),
    )
