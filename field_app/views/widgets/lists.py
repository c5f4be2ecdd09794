"""Long lists: every row has a place, few are drawn.

The list is cut in chunks of equal height. Flutter then knows where each chunk lies without laying
out those before it; one empty space of changing height above the rows would leave it lost after a
quick scroll, with nothing on the screen.
"""

from collections.abc import Sequence
from typing import Final

import flet as ft

CHUNK: Final = 5
"""Rows of a chunk: 2,000 rows are 400 chunks, and the list ends at most four rows early."""


def chunks(rows: Sequence[ft.Control], *, first: int, total: int) -> list[ft.Control]:
    """Cut a list of `total` rows, of which `rows` from the one numbered `first` are drawn.

    first: a multiple of CHUNK.
    """
    assert first % CHUNK == 0, "a stretch begins with a chunk"
    return [_chunk(rows, start - first, start) for start in range(0, total, CHUNK)]


def _chunk(rows: Sequence[ft.Control], at: int, start: int) -> ft.Control:
    mine = rows[at : at + CHUNK] if at >= 0 else ()
    content = ft.Column([*mine], spacing=0, tight=True) if mine else None
    return ft.Container(content, key=f"chunk-{start}", alignment=ft.Alignment.TOP_LEFT)
