"""What holds for the whole app, under the sync line: signed out by the server, first sync."""

import flet as ft

from field_app.state.workspace import Workspace
from field_app.theme import GAP_M, GAP_S, Tone
from field_app.views.boundary import screen, use_news
from field_app.views.entry.first_sync import FirstSyncLine
from field_app.views.scene import Scene
from field_app.views.widgets import buttons, notices


@screen
def Banners(scene: Scene, workspace: Workspace) -> ft.Control:  # noqa: N802 - components are named like controls
    """Draw those that hold; nothing at all on most days."""
    line, around = workspace.sync, workspace.around
    use_news(line)
    parts: list[ft.Control] = [FirstSyncLine(scene, workspace)]
    if around is not None and line.standing.phase == "signed-out":
        banner = notices.banner(
            scene,
            "reconnect",
            scene.words("reconnect.sentence"),
            Tone.WARN,
            ft.Icons.KEY_OFF,
            action=buttons.quiet(
                scene, "reconnect-now", scene.words("reconnect.now"), around.reconnect
            ),
        )
        parts.append(
            ft.Container(banner, padding=ft.Padding.symmetric(horizontal=GAP_M, vertical=GAP_S))
        )
    return ft.Column(parts, spacing=0, tight=True)
