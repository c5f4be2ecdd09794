"""What sync has to say, in full: how much is left, when the server was heard, what went wrong."""

import flet as ft

from field_app.ports import Progress
from field_app.saying import say_problem
from field_app.state.sending.outbox import Outbox
from field_app.state.sending.sync_line import SyncState
from field_app.theme import GAP_M, GAP_S, Tone
from field_app.views.scene import Scene
from field_app.views.sending.sync_line import LOOKS
from field_app.views.widgets import cards, text
from field_app.views.widgets.named import identified


def summary(scene: Scene, model: Outbox) -> ft.Control:
    """Draw the facts; nothing is green that was not confirmed (T-25)."""
    icon, tone = LOOKS[model.sync.state]
    standing, words = model.standing, scene.words
    heard = standing.contact_ms
    contact = words("view.never") if heard is None else words("view.contact", age=scene.ago(heard))
    lines: list[ft.Control] = [
        ft.Row(
            [
                ft.Icon(icon, color=scene.palette.ink_of(tone)),
                ft.Container(text.strong(scene, _left(scene, model)), expand=True),
            ],
            spacing=GAP_M,
        ),
        text.soft(scene, contact),
        *_failure(scene, model),
    ]
    if standing.progress is not None:
        lines.append(_progress(scene, standing.progress))
    return cards.card(
        scene,
        ft.Column(lines, spacing=GAP_S, tight=True),
        name="sync-summary",
        tone=Tone.BAD if model.sync.state is SyncState.FAILING else None,
    )


def _left(scene: Scene, model: Outbox) -> str:
    """Say how much is left: acts, and files with the bytes they still need."""
    words, found = scene.words, model.page
    if found is None or not (model.left or found.files_left):
        never = model.standing.contact_ms is None
        return words("outbox.nothing-left" if never else "sync.all-received")
    parts = [words.count("outbox.left", model.left)]
    if found.files_left:
        size = words.size(found.bytes_left)
        parts.append(words.count("outbox.files-left", found.files_left, size=size))
    return " · ".join(parts)


def _failure(scene: Scene, model: Outbox) -> list[ft.Control]:
    problem = model.sync.result or model.sync.failure
    if problem is None:
        return []
    sentence = say_problem(scene.words, problem)
    when = model.standing.failure_ms
    if when is not None and model.sync.failure is not None:
        sentence = f"{sentence} ({scene.words('outbox.failed-at', at=scene.words.moment_ms(when))})"
    return [identified("sync-failure", text.toned(scene, sentence, Tone.BAD))]


def _progress(scene: Scene, progress: Progress) -> ft.Control:
    words = scene.words
    share = progress.bytes / progress.bytes_total if progress.bytes_total else None
    return identified(
        "sync-progress",
        ft.Column(
            [
                ft.ProgressBar(
                    value=share, color=scene.palette.primary, bgcolor=scene.palette.line
                ),
                text.soft(
                    scene,
                    words(
                        "sync.progress",
                        documents=progress.documents,
                        total=progress.documents_total,
                        got=words.size(progress.bytes),
                        size=words.size(progress.bytes_total),
                    ),
                ),
            ],
            spacing=GAP_S,
            tight=True,
        ),
    )
