"""Small drawings: a course over time with its limit, and a bar for each station.

Flet's own canvas: a chart of sixty points is one message of some 5 kB, and needs no extension.
"""

from collections.abc import Sequence
from typing import Final

import flet as ft
import flet.canvas as cv

from field_app.theme import GAP_M, GAP_S, GAP_XS, Tone
from field_app.views.diagnostics.grades import GRADES
from field_app.views.scene import Scene
from field_app.views.widgets import text
from field_app.views.widgets.named import identified
from field_core.cpe import Grade
from field_core.diagnosis import Result

HEIGHT_PX: Final = 84
WIDTH_PHONE_PX, WIDTH_WIDE_PX = 300, 560
POINTS_MAX: Final = 80
"""More than a phone's screen can tell apart."""
LIMIT_SHOWN: Final = 4
"""A limit further up than so many times the highest value would press the course flat."""
SIGNAL_DBM: Final = (-90.0, -40.0)
"""From unusable to beside the antenna: the length of a bar."""


def course_chart(scene: Scene, result: Result) -> ft.Control:
    """Draw a value over time, with its highest value and its limit in words below."""
    points = _thinned(result.series)
    width = WIDTH_WIDE_PX if scene.is_wide else WIDTH_PHONE_PX
    most = max(value for _, value in points)
    limit = result.limit if result.limit and result.limit < LIMIT_SHOWN * most else None
    top = max(most, limit or 0.0) or 1.0
    span = max(points[-1][0] - points[0][0], 0.001)

    def at(point: tuple[float, float]) -> tuple[float, float]:
        x = (point[0] - points[0][0]) / span * width
        return x, HEIGHT_PX - point[1] / top * (HEIGHT_PX - 6)

    shapes: list[cv.Shape] = [_axis(scene, width), _course(scene, [at(point) for point in points])]
    if limit is not None:
        shapes.append(_limit(scene, at((points[0][0], limit))[1], width))
    said = scene.words(
        "diag.chart",
        seconds=scene.words.number(round(span, 1)),
        most=scene.words.number(round(most, 2)),
        unit=result.unit or "",
    )
    return identified(
        f"chart-{result.quantity}",
        ft.Column(
            [cv.Canvas(shapes, width=width, height=HEIGHT_PX), text.soft(scene, said)],
            spacing=GAP_XS,
            tight=True,
        ),
    )


def _course(scene: Scene, points: Sequence[tuple[float, float]]) -> cv.Shape:
    first, *rest = points
    elements: list[cv.Path.PathElement] = [
        cv.Path.MoveTo(*first),
        *(cv.Path.LineTo(*point) for point in rest),
    ]
    ink = scene.palette.primary
    paint = ft.Paint(stroke_width=2.5, style=ft.PaintingStyle.STROKE, color=ink)
    return cv.Path(elements, paint=paint)


def _axis(scene: Scene, width: float) -> cv.Shape:
    paint = ft.Paint(stroke_width=1, color=scene.palette.line)
    return cv.Line(0, HEIGHT_PX, width, HEIGHT_PX, paint=paint)


def _limit(scene: Scene, y: float, width: float) -> cv.Shape:
    ink = scene.palette.ink_of(Tone.WARN)
    paint = ft.Paint(stroke_width=1.5, color=ink, stroke_dash_pattern=[6, 4])
    return cv.Line(0, y, width, y, paint=paint)


def _thinned(series: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    every = -(-len(series) // POINTS_MAX)
    points = [*series[::every]]
    return points if len(points) > 1 else [*points, *points]


def signal_bars(scene: Scene, results: Sequence[Result]) -> ft.Control:
    """Draw how well each station is heard: name, bar, value; the weakest first."""
    low, high = SIGNAL_DBM
    rows = []
    for result in results:
        assert isinstance(result.value, int | float), "only what has a value is drawn"
        share = min(max((float(result.value) - low) / (high - low), 0.02), 1.0)
        rows.append(_bar(scene, result, share))
    return ft.Column(rows, spacing=GAP_S, tight=True)


def _bar(scene: Scene, result: Result, share: float) -> ft.Control:
    icon, tone = GRADES[result.grade or Grade.UNKNOWN]
    ink = scene.palette.ink_of(tone)
    whole = 100
    filled = round(share * whole)
    bar = ft.Row(
        [
            ft.Container(bgcolor=ink, height=10, border_radius=5, expand=filled),
            ft.Container(height=10, expand=max(whole - filled, 1)),
        ],
        spacing=0,
    )
    value = scene.words.number(float(result.value)) if isinstance(result.value, int | float) else ""
    head = ft.Row(
        [
            ft.Icon(icon, size=18, color=ink),
            ft.Container(text.body(scene, str(result.details.get("name", ""))), expand=True),
            text.strong(scene, f"{value} dBm"),
        ],
        spacing=GAP_M,
    )
    ground = ft.Container(bar, bgcolor=scene.palette.line, border_radius=5)
    return ft.Column([head, ground], spacing=GAP_XS, tight=True)
