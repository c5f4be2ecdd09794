"""The parts of a job as its screen lists them, each with what is in it."""

from collections.abc import Mapping
from typing import Final

import flet as ft

from field_app.ports import JobDetail
from field_app.state.job.job import Job
from field_app.state.place import Part
from field_app.views.scene import Scene
from field_app.views.widgets import cards

_PARTS: Final[Mapping[Part, ft.IconData]] = {
    Part.STEPS: ft.Icons.CHECKLIST,
    Part.EQUIPMENT: ft.Icons.ROUTER,
    Part.DIAGNOSTICS: ft.Icons.TROUBLESHOOT,
    Part.PHOTOS: ft.Icons.PHOTO_CAMERA,
    Part.MATERIALS: ft.Icons.INVENTORY_2,
    Part.NOTES: ft.Icons.STICKY_NOTE_2,
    Part.TIME: ft.Icons.SCHEDULE,
    Part.SIGNATURE: ft.Icons.DRAW,
    Part.PAYMENT: ft.Icons.QR_CODE_2,
    Part.HISTORY: ft.Icons.HISTORY,
}


def parts_card(scene: Scene, model: Job, detail: JobDetail) -> ft.Control:
    """Draw the list."""
    return cards.group(
        scene,
        *(
            cards.tile(
                scene,
                f"part-{part}",
                scene.words(f"part.{part}"),
                lambda part=part: model.open(part),  # type: ignore[misc]  # bound now
                icon=icon,
                facts=[
                    _owed(scene, model) if part is Part.PAYMENT else _part_fact(scene, part, detail)
                ],
            )
            for part, icon in _PARTS.items()
        ),
    )


def _owed(scene: Scene, model: Job) -> str:
    """Say what is owed; an unknown amount is no amount."""
    words = scene.words
    if not model.owed:
        return words("part.payment.none")
    return words("part.payment.owed", amount=words.money(model.owed))


def _part_fact(scene: Scene, part: Part, detail: JobDetail) -> str:
    words, body = scene.words, detail.body

    def rows(field: str) -> int:
        table = body.get(field)
        return len(table) if isinstance(table, list) else 0

    tables = {
        Part.PHOTOS: "photos",
        Part.MATERIALS: "materials",
        Part.NOTES: "notes",
        Part.TIME: "time_entries",
    }
    if part in tables:
        count = rows(tables[part])
        return words.count("part.items", count) if count else words("part.items.none")
    match part:
        case Part.STEPS:
            steps = [step for step in detail.steps if step.is_applicable]
            done = sum(1 for step in steps if step.is_settled)
            return words("today.steps", done=done, total=len(steps))
        case Part.EQUIPMENT:
            return words.count("part.equipment.here", len(detail.equipment_here))
        case Part.SIGNATURE if body.get("signed_by"):
            return words("part.signed", by=body["signed_by"])
        case Part.SIGNATURE:
            return words("part.unsigned")
        case _:
            return ""
