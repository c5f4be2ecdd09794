"""The history of a job: other visits to the address, how it moved, what was done on this device."""

from collections.abc import Sequence

import flet as ft

from field_app.ports import MoveRow, OutboxLine, Visit
from field_app.saying import say
from field_app.state.job.history import History
from field_app.state.place import Place
from field_app.state.workspace import Workspace
from field_app.theme import GAP_L, GAP_S, ROWS_LIVE_MAX
from field_app.views.boundary import screen, use_model
from field_app.views.job.part import part, titled
from field_app.views.scene import Scene
from field_app.views.widgets import cards, chips, notices, text

VISITS_SHOWN_MAX = 20


@screen
def HistoryScreen(scene: Scene, workspace: Workspace, place: Place) -> ft.Control:  # noqa: N802 - components are named like controls
    """Draw the history."""
    model = use_model(lambda: History(workspace, str(place.key)), workspace, place.key)
    return part(scene, model, content=lambda: _content(scene, model))


def _content(scene: Scene, model: History) -> Sequence[ft.Control]:
    return [*_visits(scene, model), _moves(scene, model), _done(scene, model)]


def _visits(scene: Scene, model: History) -> list[ft.Control]:
    words = scene.words
    if not model.earlier and not model.later:
        hint = words("history.none.hint")
        icon = ft.Icons.HISTORY_TOGGLE_OFF
        return [notices.empty(scene, "visits-empty", icon, words("history.none"), hint)]
    sections = ((model.later, "history.later"), (model.earlier, "history.earlier"))
    return [
        titled(
            scene,
            words(key),
            cards.group(
                scene, *(_visit(scene, model, visit) for visit in visits[:VISITS_SHOWN_MAX])
            ),
        )
        for visits, key in sections
        if visits
    ]


def _visit(scene: Scene, model: History, visit: Visit) -> ft.Control:
    words = scene.words
    when = words.full_day(visit.day) if visit.day else words("today.no-time")
    about = " · ".join(part for part in (visit.label, visit.technician) if part)
    return cards.tile(
        scene,
        f"visit-{visit.label}",
        visit.subject,
        lambda: model.visit(visit),
        facts=[f"{when} {visit.time or ''}".strip(), about, visit.last_note or ""],
        trailing=chips.status(scene, visit.status),
    )


def _moves(scene: Scene, model: History) -> ft.Control:
    words = scene.words
    moves = model.data.moves if model.data else ()
    rows = [_move(scene, model, move) for move in moves[:ROWS_LIVE_MAX]]
    if not rows:
        rows = [_nothing(scene, words("history.moves.none"))]
    return titled(scene, words("history.moves"), cards.group(scene, *rows))


def _move(scene: Scene, model: History, move: MoveRow) -> ft.Control:
    """Say when the work was done and, for what was done here, when the office heard of it."""
    words = scene.words
    who = model.facts.who(move.by) if model.facts else ""
    at = words.moment(move.at) if move.at else ""
    received = (
        words("history.received", at=words.moment_ms(move.received_ms))
        if move.received_ms is not None
        else ""
    )
    state = model.state_of(move.id)
    icon, _ = chips.STATUS.get(move.to_status, (ft.Icons.ARROW_FORWARD, None))
    return cards.tile(
        scene,
        f"move-{move.id}",
        words.state(move.to_status),
        None,
        icon=icon,
        facts=[" · ".join(fact for fact in (at, who) if fact), received, move.reason or ""],
        trailing=chips.send(scene, state) if state else None,
    )


def _done(scene: Scene, model: History) -> ft.Control:
    words = scene.words
    rows = [_operation(scene, row) for row in (model.data.done if model.data else ())]
    if not rows:
        rows = [_nothing(scene, words("history.done.none"))]
    return titled(scene, words("history.done"), cards.group(scene, *rows[:ROWS_LIVE_MAX]))


def _operation(scene: Scene, line: OutboxLine) -> ft.Control:
    return cards.tile(
        scene,
        f"operation-{line.id}",
        say(scene.words, line.sentence),
        None,
        facts=[scene.words.moment_ms(line.made_ms)],
        trailing=chips.send(scene, line.state),
    )


def _nothing(scene: Scene, sentence: str) -> ft.Control:
    return ft.Container(
        text.soft(scene, sentence), padding=ft.Padding.symmetric(horizontal=GAP_L, vertical=GAP_S)
    )
