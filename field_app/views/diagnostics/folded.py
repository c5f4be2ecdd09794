"""A device of a list that opens to what the office knows of it: on a customer's page (DX-01)."""

import flet as ft

from field_app.state.diagnostics.office import OfficeDevice
from field_app.state.workspace import Workspace
from field_app.theme import GAP_S
from field_app.views.boundary import screen, use_model
from field_app.views.diagnostics.office import OfficeCard
from field_app.views.scene import Scene
from field_app.views.widgets import buttons


@screen
def FoldedDevice(scene: Scene, workspace: Workspace, equipment: str) -> ft.Control:  # noqa: N802 - components are named like controls
    """Draw a button, and below it the device once it was pressed."""
    is_open, show = ft.use_state(initial=False)
    words = scene.words
    key = "diag.fold" if is_open else "diag.unfold"
    press = buttons.quiet(
        scene,
        f"diagnose-{equipment}",
        words(key),
        lambda: show(not is_open),
        icon=ft.Icons.TROUBLESHOOT,
    )
    opened = [_Opened(scene, workspace, equipment)] if is_open else []
    return ft.Column(
        [press, *opened],
        spacing=GAP_S,
        tight=True,
        horizontal_alignment=(
            ft.CrossAxisAlignment.STRETCH if is_open else ft.CrossAxisAlignment.START
        ),
    )


@screen
def _Opened(scene: Scene, workspace: Workspace, equipment: str) -> ft.Control:  # noqa: N802 - same
    model = use_model(lambda: OfficeDevice(workspace, equipment), workspace, equipment)

    async def look() -> None:
        await model.look()

    ft.use_effect(look, [model])
    drawn: ft.Control = OfficeCard(scene, model)
    return drawn
