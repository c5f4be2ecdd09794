"""What is known of a device whose label was read for a step: how, what else, where recorded."""

import json
from typing import Any, Final

import flet as ft

from field_app.ports import Recorded
from field_app.state.equipment.device_records import name_of
from field_app.state.job.step import StepRunner
from field_app.theme import GAP_XS, Tone
from field_app.views.look import MONO
from field_app.views.scene import Scene
from field_app.views.widgets import chips, notices, text
from field_app.views.widgets.named import identified

_I: Final = ft.Icons
_TOLD: Final = ("mac_address", "gpon_serial", "gpon_serial_hex", "serial_no", "model")
_BY: Final = {"barcode": _I.QR_CODE, "ocr": _I.AUTO_AWESOME, "typed": _I.KEYBOARD}


def scanned(scene: Scene, model: StepRunner) -> list[ft.Control]:
    """Draw it below the verdict."""
    source = model.entry.source
    drawn: list[ft.Control] = []
    if source in _BY:
        said = scene.words(f"scan.by.{source}")
        drawn.append(identified("provenance", chips.chip(scene, said, _BY[source], Tone.NEUTRAL)))
    drawn += told(scene, model.entry.identity, besides=str(model.answer.value))
    drawn += [_recorded(scene, model, record) for record in model.recorded[:1]]
    return drawn


def told(scene: Scene, identity: str | None, *, besides: str) -> list[ft.Control]:
    """Draw each thing that a label told besides one, in letters that are told apart."""
    fields: dict[str, Any] = json.loads(identity) if identity else {}
    lines: list[ft.Control] = []
    for name in _TOLD:
        held = fields.get(name)
        value = held.get("value") if isinstance(held, dict) else held
        if value and value != besides:
            lines.append(text.soft(scene, scene.words(f"label.{name}")))
            lines.append(
                ft.Text(str(value), size=scene.look.body, font_family=MONO, color=scene.palette.ink)
            )
    column = ft.Column(lines, spacing=GAP_XS / 2, tight=True)
    return [identified("told", column)] if lines else []


def _recorded(scene: Scene, model: StepRunner, record: Recorded) -> ft.Control:
    """Say where the device is recorded: here, in a van, or with another customer (T-11)."""
    words, name = scene.words, name_of(record)
    location = model.detail.body.get("service_location") if model.detail else None
    if record.location is None:
        said, tone = words("scan.recorded.stock", equipment=name), Tone.INFO
    elif record.location == location:
        said, tone = words("scan.recorded.here", equipment=name), Tone.INFO
    else:
        place = f"{record.location} ({record.place})" if record.place else record.location
        since = words.full_day(record.since) if record.since else "—"
        said = words("alarm.elsewhere.where", equipment=name, location=place, since=since)
        tone = Tone.BAD
    icon = _I.WARNING_AMBER if tone is Tone.BAD else _I.INFO_OUTLINE
    return notices.banner(scene, "recorded", said, tone, icon)
