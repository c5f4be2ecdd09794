"""The locations of a customer with the equipment that stands at each (FA-06)."""

from collections.abc import Sequence
from typing import Final

import flet as ft

from field_app.state.billing.customer import (
    ListOf,
    PanelOf,
)
from field_app.state.diagnostics.diagnosis import ON_THE_ACS
from field_app.theme import GAP_M
from field_app.views.billing.pieces import (
    SERVICE_LOOKS,
    nothing,
    parted,
    row,
    state,
)
from field_app.views.diagnostics.folded import FoldedDevice
from field_app.views.scene import Scene
from field_app.views.widgets import text
from field_core.office import (
    Equipment,
    Location,
    Locations,
)

Rows = Sequence[ft.Control]
DEVICES_MAX: Final = 12


def locations(scene: Scene, model: PanelOf | ListOf, _: str) -> Rows:
    """Draw every location with what is installed there."""
    found = model.value
    assert isinstance(found, Locations), "the panel's own shape"
    if not found.rows:
        return [nothing(scene, "panel.locations.none")]
    return parted(scene, *(_location(scene, model, place) for place in found.rows))


def _location(scene: Scene, model: PanelOf | ListOf, place: Location) -> ft.Control:
    town = " ".join(part for part in (place.city, place.postal_code) if part)
    about = " · ".join(part for part in (place.connection_type, place.olt_port) if part)
    devices = [
        control
        for number, one in enumerate(place.equipment[:DEVICES_MAX])
        for control in (_device(scene, place, number), *_diagnosis(scene, model, one))
    ]
    head = row(
        scene,
        f"location-{place.name}",
        place.address or place.name,
        facts=[" · ".join(part for part in (town, place.name) if part), about],
        marks=[state(scene, place.status, SERVICE_LOOKS)] if place.status else (),
    )
    none = [] if devices else [nothing(scene, "panel.locations.no-equipment")]
    return ft.Column([head, *devices, *none], spacing=0, tight=True)


def _diagnosis(scene: Scene, model: PanelOf | ListOf, one: Equipment) -> Rows:
    """Offer what the office knows of a device, where it is of a kind that speaks (DX-01)."""
    if one.equipment_type not in ON_THE_ACS:
        return ()
    return [FoldedDevice(scene, model.workspace, one.name)]


def _device(scene: Scene, place: Location, number: int) -> ft.Control:
    one, words = place.equipment[number], scene.words
    kind = f"option.{one.equipment_type}"
    named = words(kind) if words.has(kind) else one.equipment_type
    marks = " · ".join(part for part in (one.mac_address, one.serial_no) if part)
    about = " ".join(part for part in (named, one.model) if part) or one.name
    return ft.Row(
        [
            ft.Icon(ft.Icons.ROUTER, size=20, color=scene.palette.ink_soft),
            ft.Column(
                [text.body(scene, about), *([text.soft(scene, marks)] if marks else [])],
                spacing=0,
                tight=True,
                expand=True,
            ),
        ],
        spacing=GAP_M,
    )
