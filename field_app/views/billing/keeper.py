"""Keeps payment links at hand while the app is open; there is nothing of it to see."""

import flet as ft

from field_app.state.billing.pay_links import PayLinks
from field_app.state.workspace import Workspace
from field_app.views.boundary import screen, use_model
from field_app.views.scene import Scene


@screen
def LinkKeeper(_scene: Scene, workspace: Workspace) -> ft.Control:  # noqa: N802 - components are named like controls
    """Fetch links when the app opens and when documents change."""
    use_model(lambda: PayLinks(workspace), workspace)
    return ft.Container(height=0)
