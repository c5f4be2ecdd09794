"""A device as the office knows it, in three units that stand by themselves (DX-01).

Used by the technician's diagnosis and by a customer's page alike: each is a card of its own.
"""

from collections.abc import Callable, Mapping
from typing import Final

import flet as ft

from field_app.state.diagnostics.office import OfficeDevice
from field_app.theme import GAP_L, GAP_S
from field_app.views.diagnostics.charts import signal_bars
from field_app.views.diagnostics.grades import finding
from field_app.views.diagnostics.results import lines
from field_app.views.scene import Scene
from field_app.views.widgets import cards, text
from field_app.views.widgets.named import identified
from field_core.diagnosis import Result
from field_core.diagnosis.remote import Unit


def unit_card(scene: Scene, model: OfficeDevice, unit: Unit) -> ft.Control:
    """Draw one unit: what was found about it, then its values."""
    verdicts, results = model.unit(unit)
    rows = [finding(scene, verdict) for verdict in verdicts]
    rows += _VALUES[unit](scene, results)
    if not rows:
        said = text.soft(scene, scene.words("diag.unit.empty"))
        rows = [ft.Container(said, padding=GAP_L)]
    card = cards.group(scene, *rows, title=scene.words(f"diag.unit.{unit}"))
    return identified(f"unit-{unit}", card)


def _plain(scene: Scene, results: list[Result]) -> list[ft.Control]:
    return lines(scene, results)


def _wifi(scene: Scene, results: list[Result]) -> list[ft.Control]:
    """Draw bands and mesh as lines, stations as bars."""
    stations = [result for result in results if result.quantity == "client-signal"]
    others = [result for result in results if result.quantity != "client-signal"]
    rows = lines(scene, others)
    if stations:
        bars = signal_bars(scene, stations)
        padding = ft.Padding.symmetric(horizontal=GAP_L, vertical=GAP_S)
        rows.append(ft.Container(bars, padding=padding))
    return rows


_VALUES: Final[Mapping[Unit, Callable[[Scene, list[Result]], list[ft.Control]]]] = {
    Unit.DEVICE: _plain,
    Unit.WIFI: _wifi,
    Unit.MODEM: _plain,
}
