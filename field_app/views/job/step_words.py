"""What is said of steps on both of their screens: kinds, answers, bounds, what is wrong."""

from collections import defaultdict
from typing import Final

import flet as ft

from field_app.ports import StepRow
from field_app.views.scene import Scene
from field_app.views.widgets import dialogs
from field_core.checklist import TEXT_MAX
from field_core.problems import Problem

KINDS: Final[defaultdict[str, ft.IconData]] = defaultdict(
    lambda: ft.Icons.TASK_ALT,
    {
        "confirm": ft.Icons.TASK_ALT,
        "text": ft.Icons.EDIT_NOTE,
        "number": ft.Icons.NUMBERS,
        "choice": ft.Icons.RULE,
        "photo": ft.Icons.PHOTO_CAMERA,
        "scan": ft.Icons.QR_CODE_SCANNER,
        "reading": ft.Icons.SPEED,
        "signature": ft.Icons.DRAW,
    },
)
"""A kind that this version does not know is confirmed."""


def measure(scene: Scene, value: float, unit: str | None) -> str:
    """Write a number with its unit."""
    return f"{scene.words.number(value)} {unit or ''}".rstrip()


def value_of(scene: Scene, step: StepRow) -> str:
    """Write what was answered; a step that was just done has nothing to say."""
    value = step.value
    if step.kind == "photo":
        return scene.words.count("step.photos", step.photos) if step.photos else ""
    if step.kind in ("confirm", "signature") or value is None:
        return ""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return measure(scene, value, step.unit)
    return str(value)


def bounds_of(scene: Scene, step: StepRow) -> str:
    """Say between which bounds a number must lie; nothing when there are none."""
    words, unit = scene.words, step.unit
    if step.low is not None and step.high is not None:
        low, high = words.number(step.low), measure(scene, step.high, unit)
        return words("step.bounds.both", low=low, high=high)
    if step.low is not None:
        return words("step.bounds.low", low=measure(scene, step.low, unit))
    if step.high is not None:
        return words("step.bounds.high", high=measure(scene, step.high, unit))
    return unit or ""


def sentence(scene: Scene, problem: Problem) -> str:
    """Say what is wrong with an answer, with the limit that it passes."""
    wrong, limit = problem.details.get("wrong"), problem.details.get("limit")
    if wrong is None:
        return problem.sentence(scene.words.language)
    unit = problem.details.get("unit")
    shown = measure(scene, limit, str(unit or "")) if isinstance(limit, (int, float)) else ""
    example = problem.details.get("example")
    like = scene.words.number(example) if isinstance(example, (int, float)) else ""
    return scene.words(f"step.wrong.{wrong}", limit=shown, example=like)


async def closing_reason(scene: Scene) -> str | None:
    """Ask why a job ends without being done."""
    words = scene.words
    return await dialogs.ask_text(
        scene,
        "reason",
        title=words("move.Incomplete"),
        label=words("view.reason"),
        confirm=words("view.confirm"),
        is_required=True,
    )


async def skipping_reason(scene: Scene) -> str | None:
    """Ask why a step is left out."""
    words = scene.words
    reason = await dialogs.ask_text(
        scene,
        "skip-reason",
        title=words("step.skip"),
        label=words("view.reason"),
        hint=words("step.skip.hint"),
        confirm=words("step.skip"),
        is_required=True,
    )
    return reason[:TEXT_MAX] if reason else None
