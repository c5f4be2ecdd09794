"""The shape of a part of a job: where one is, what is there, what may be added at thumb height."""

from collections.abc import Callable, Sequence

import flet as ft

from field_app.state.job.part import JobPart
from field_app.theme import GAP_L, GAP_M, GAP_S, GAP_XS
from field_app.views.scene import Scene
from field_app.views.widgets import notices, page, text
from field_core.problems import Problem


def part(
    scene: Scene,
    model: JobPart,
    *,
    title: str | None = None,
    subtitle: str | None = None,
    content: Callable[[], Sequence[ft.Control]],
    foot: Callable[[], ft.Control | None] = lambda: None,
    actions: Sequence[ft.Control] = (),
) -> ft.Control:
    """Draw a part once it was read; `content` and `foot` are called only then."""
    facts = model.facts
    about = f"{facts.label} · {facts.place}".rstrip(" ·") if facts else ""
    return page.frame(
        scene,
        f"part-{model.part}-screen",
        head=page.header(
            scene,
            title or scene.words(f"part.{model.part}"),
            subtitle=about if subtitle is None else subtitle,
            back=model.leave,
            actions=actions if facts else (),
        ),
        content=page.scroll(stretched(*content())) if facts else _before(scene, model),
        foot=foot() if facts else None,
    )


def _before(scene: Scene, model: JobPart) -> ft.Control:
    if model.problem:
        return notices.problem(scene, model.problem)
    if not model.is_gone:
        return notices.waiting(scene)
    return notices.empty(scene, "job-gone", ft.Icons.SEARCH_OFF, scene.words("job.gone"))


def stretched(*controls: ft.Control, gap: float = GAP_M) -> ft.Control:
    """Draw controls below each other, all as wide as there is room."""
    return ft.Column(
        [*controls],
        spacing=gap,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def foot_of(scene: Scene, *presses: ft.Control, missing: Problem | None = None) -> ft.Control:
    """Draw what may be done at thumb height, and above it what keeps it from being done."""
    bar = page.bottom_bar(scene, *presses)
    if missing is None:
        return bar
    said = notices.problem(scene, missing, name="missing")
    return stretched(
        ft.Container(said, padding=ft.Padding.symmetric(horizontal=GAP_L)), bar, gap=GAP_S
    )


def titled(scene: Scene, title: str, *rows: ft.Control) -> ft.Control:
    """Draw cards under a title of their own."""
    head = ft.Container(
        text.soft(scene, title.upper()), padding=ft.Padding.only(left=GAP_L, top=GAP_S)
    )
    return stretched(head, *rows, gap=GAP_XS)
