"""Drawing again as time passes, for what shows how long something has run."""

import asyncio
from typing import Final

import flet as ft

from field_app.state.screen import Screen

TICK_S: Final = 15.0
"""Minutes are shown; a quarter of one late is not seen, and a phone is let to rest."""


def use_ticks(model: Screen, *, is_ticking: bool) -> None:
    """Have a model's screen drawn again now and then while something on it runs."""

    async def tick() -> None:
        while is_ticking:
            await asyncio.sleep(TICK_S)
            model.changed()

    # The cleanup is what makes Flet end the task when the screen goes, not only when it changes.
    ft.use_effect(tick, [model, is_ticking], cleanup=lambda: None)
