"""What may be done with a job as a whole: the one next thing at thumb height, and the others."""

from collections.abc import Mapping
from typing import Final

import flet as ft

from field_app.ports import StepRow
from field_app.state.job.job import Job
from field_app.state.place import Part
from field_app.views.day import offers
from field_app.views.job.step_words import KINDS
from field_app.views.scene import Scene
from field_app.views.widgets import buttons, cards, dialogs, page
from field_core.status import JobStatus

MOVES: Final[Mapping[JobStatus, ft.IconData]] = {
    JobStatus.ACCEPTED: ft.Icons.THUMB_UP,
    JobStatus.EN_ROUTE: ft.Icons.DIRECTIONS_CAR,
    JobStatus.ON_SITE: ft.Icons.HANDYMAN,
    JobStatus.PAUSED: ft.Icons.PAUSE,
    JobStatus.COMPLETED: ft.Icons.CHECK_CIRCLE,
    JobStatus.INCOMPLETE: ft.Icons.ASSIGNMENT_LATE,
    JobStatus.SCHEDULED: ft.Icons.REPLAY,
}


def other_moves(scene: Scene, model: Job) -> ft.Control | None:
    """Draw the moves that the day's way does not propose."""
    if not model.other_moves:
        return None
    rows = [
        cards.tile(
            scene,
            f"move-{to}",
            _move_words(scene, model, to),
            lambda to=to: _ask_to_move(scene, model, to),  # type: ignore[misc]  # bound now
            icon=MOVES.get(to, ft.Icons.ARROW_FORWARD),
        )
        for to in model.other_moves
    ]
    return cards.group(scene, *rows, title=scene.words("job.other-moves"))


def _move_words(scene: Scene, model: Job, to: JobStatus) -> str:
    """Name a move; from a job that is closed, the same state is one to go back to."""
    again = f"reopen.{to}"
    return scene.words(again if model.is_closed and scene.words.has(again) else f"move.{to}")


async def _ask_to_move(scene: Scene, model: Job, to: JobStatus) -> None:
    """Move at once, or ask for the reason that the table wants first."""
    if not model.needs_reason(to):
        await model.move(to)
        return
    reason = await dialogs.ask_text(
        scene,
        "reason",
        title=_move_words(scene, model, to),
        label=scene.words("view.reason"),
        confirm=scene.words("view.confirm"),
        is_required=True,
    )
    if reason is not None:
        await model.move(to, reason=reason)


def foot(scene: Scene, model: Job) -> ft.Control | None:
    """Draw the one next thing: an offer's answers, the step to do, or the move."""
    if model.offer:
        return offers.answers(scene, model.offer)
    if step := model.next_step:
        return page.bottom_bar(scene, _next_step(scene, model, step))
    to = model.next_move
    if to is None:
        return None
    return page.bottom_bar(
        scene,
        buttons.primary(
            scene,
            f"move-{to}",
            scene.words(f"move.{to}"),
            lambda: model.move(to),
            icon=MOVES.get(to),
            expand=True,
        ),
    )


def _next_step(scene: Scene, model: Job, step: StepRow) -> ft.Control:
    """Lead to the step to do: the work cannot be called done without it."""
    label = scene.words("steps.next", number=step.number, label=step.label(scene.words.language))
    return buttons.primary(
        scene,
        "next-step",
        label,
        lambda: model.open(Part.STEPS, step.id),
        icon=KINDS[step.kind],
        expand=True,
    )
