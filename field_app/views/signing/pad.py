"""The pad that is signed on; never put it in what scrolls, or that moves instead."""

from collections.abc import Sequence
from typing import Any, Final

import flet as ft
import flet.canvas as cv

from field_app.state.signing.pad import Pad, Point
from field_app.theme import RADIUS_PX
from field_app.views.boundary import screen, use_changes
from field_app.views.scene import Scene

WIDTH_PX_MAX: Final = 540
DRAG_MS: Final = 16
"""How often a moving finger is heard: once a frame."""
PEN_PX: Final = 3
INK: Final = "#10212B"
PAPER: Final = "#FFFFFF"
"""Ink and paper are the same in every light: this is what is kept."""


@screen
def PadCanvas(scene: Scene, pad: Pad) -> ft.Control:  # noqa: N802 - components are named like controls
    """Draw the strokes; a piece that is whole stays the same object and is not looked at again."""
    use_changes(pad)
    drawn: Any = ft.use_ref(None)
    drawn.current = _drawn(pad, drawn.current or [])
    return ft.Container(
        cv.Canvas(
            shapes=[path for _, path in drawn.current],
            width=pad.width,
            height=pad.height,
            content=ft.GestureDetector(
                on_pan_start=lambda event: pad.start(*_place(event)),
                on_pan_update=lambda event: pad.move(*_place(event)),
                drag_interval=DRAG_MS,
                content=ft.Container(width=pad.width, height=pad.height),
            ),
        ),
        width=pad.width,
        height=pad.height,
        bgcolor=PAPER,
        border=ft.Border.all(scene.look.line_px, scene.palette.ink_soft),
        border_radius=RADIUS_PX,
        clip_behavior=ft.ClipBehavior.HARD_EDGE,
    )


def _drawn(
    pad: Pad, before: Sequence[tuple[Sequence[Point], cv.Path]]
) -> list[tuple[Sequence[Point], cv.Path]]:
    """Return each piece with its path, that of before where the piece is the same."""
    kept = {id(piece): path for piece, path in before}
    return [(piece, kept.get(id(piece)) or _path(piece)) for piece in pad.pieces]


def _path(piece: Sequence[Point]) -> cv.Path:
    (x, y, _), *others = piece
    # A pen that only touches leaves a mark as well: a line to where it begins.
    lines = [cv.Path.LineTo(x, y) for x, y, _ in others or piece]
    return cv.Path([cv.Path.MoveTo(x, y), *lines], paint=_pen())


def _pen() -> ft.Paint:
    return ft.Paint(
        color=INK,
        stroke_width=PEN_PX,
        style=ft.PaintingStyle.STROKE,
        stroke_cap=ft.StrokeCap.ROUND,
        stroke_join=ft.StrokeJoin.ROUND,
    )


def _place(event: Any) -> tuple[float, float]:  # noqa: ANN401 - Flet's event
    return event.local_position.x, event.local_position.y
