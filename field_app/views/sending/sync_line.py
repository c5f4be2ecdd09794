"""The strip on top of every screen: how sync stands, in words, and “sync now”."""

from collections.abc import Mapping
from typing import Final

import flet as ft

from field_app.state.place import Place, Room
from field_app.state.sending.sync_line import SyncLine, SyncState
from field_app.state.workspace import Workspace
from field_app.theme import GAP_L, GAP_S, Tone
from field_app.views.boundary import screen, use_news
from field_app.views.look import BOLD
from field_app.views.scene import Scene
from field_app.views.widgets.buttons import icon_only, press
from field_app.views.widgets.named import identified

LOOKS: Final[Mapping[SyncState, tuple[ft.IconData, Tone]]] = {
    SyncState.SYNCING: (ft.Icons.SYNC, Tone.INFO),
    SyncState.ALL_RECEIVED: (ft.Icons.CLOUD_DONE, Tone.GOOD),
    SyncState.WAITING: (ft.Icons.SMARTPHONE, Tone.WARN),
    SyncState.FAILING: (ft.Icons.CLOUD_OFF, Tone.BAD),
    SyncState.NEVER: (ft.Icons.CLOUD_QUEUE, Tone.WARN),
    SyncState.ELSEWHERE: (ft.Icons.SYNC_LOCK, Tone.INFO),
}

LINES_MAX: Final = 2
LARGE_LINES_MAX: Final = 4
"""Lines of the strip: the last contact stands at its end and is always one glance away."""


@screen
def SyncStrip(scene: Scene, workspace: Workspace) -> ft.Control:  # noqa: N802 - components are named like controls
    """Draw the strip; pressing it leads to what is unsent."""
    line = workspace.sync
    use_news(line)
    icon, tone = LOOKS[line.state]
    ink = scene.palette.ink_of(tone)
    is_calm = line.state in (SyncState.ALL_RECEIVED, SyncState.SYNCING)
    ground = scene.palette.surface if is_calm else scene.palette.container_of(tone)
    words = ft.Text(
        sentence(scene, line),
        size=scene.look.small,
        font_family=BOLD,
        color=ink,
        max_lines=LARGE_LINES_MAX if scene.is_stacked else LINES_MAX,
        overflow=ft.TextOverflow.ELLIPSIS,
        expand=True,
    )
    return ft.Container(
        content=ft.Row(
            [
                identified(
                    "sync-line",
                    ft.Container(
                        ft.Row([ft.Icon(icon, color=ink, size=20), words], spacing=GAP_S),
                        on_click=press(lambda: workspace.navigator.go(Place(Room.OUTBOX))),
                        ink=True,
                        padding=ft.Padding.symmetric(vertical=GAP_S),
                        expand=True,
                    ),
                ),
                _button(scene, line),
            ],
            spacing=GAP_S,
        ),
        bgcolor=ground,
        border=ft.Border.only(bottom=ft.BorderSide(scene.look.line_px, scene.palette.line)),
        padding=ft.Padding.only(left=GAP_L, right=GAP_S),
    )


def _button(scene: Scene, line: SyncLine) -> ft.Control:
    if line.is_asked:
        return ft.Container(
            ft.ProgressRing(width=20, height=20, stroke_width=3), padding=ft.Padding.all(14)
        )
    return icon_only(scene, "sync", scene.words("view.sync"), ft.Icons.SYNC, line.sync)


def sentence(scene: Scene, line: SyncLine) -> str:
    """Say how sync stands: what is left, when the server was heard, what is wrong."""
    words = scene.words
    age = line.age_ms
    heard = words("view.never") if age is None else words("view.contact", age=words.age(age))
    problem = line.result or line.failure
    parts = [
        words("view.syncing") if line.state is SyncState.SYNCING else "",
        words("sync.by-other") if line.state is SyncState.ELSEWHERE else "",
        problem.sentence(words.language).rstrip(".") if problem else "",
        words.count("view.unsent", line.left) if line.left else words("sync.all-received"),
        heard,
    ]
    if age is None and not line.left:
        parts.remove(words("sync.all-received"))
    return " · ".join(part for part in parts if part)
