"""By whose limits a run was judged, in words."""

from collections.abc import Sequence

from field_app.views.scene import Scene
from field_core.diagnosis import Run


def limits_said(scene: Scene, run: Run) -> Sequence[str]:
    """Say which limits were used; a run of before says nothing of it."""
    used = run.limits
    return [scene.words(f"diag.limits.{used.origin}", version=used.version)] if used else []
