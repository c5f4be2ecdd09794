"""The notes of a job: the feed, newest on top, and the field under the thumb."""

from collections.abc import Sequence

import flet as ft

from field_app.ports import NoteRow
from field_app.state.job.notes import Notes
from field_app.state.place import Place
from field_app.state.workspace import Workspace
from field_app.theme import GAP_S, GAP_XS, ROWS_LIVE_MAX, Tone
from field_app.views.boundary import screen, use_model
from field_app.views.job.part import part, stretched
from field_app.views.scene import Scene
from field_app.views.widgets import buttons, cards, chips, notices, page, text, typed

QUOTED_MAX = 60
"""Letters of a note that a correction quotes: enough to tell it from the others."""
LINES_MAX = 6


@screen
def NotesScreen(scene: Scene, workspace: Workspace, place: Place) -> ft.Control:  # noqa: N802 - components are named like controls
    """Draw the notes."""
    model = use_model(
        lambda: Notes(workspace, str(place.key), undone=scene.words("undo.reason")),
        workspace,
        place.key,
    )
    ft.use_effect(lambda: None, [model], cleanup=model.leave_writing)
    return part(
        scene,
        model,
        content=lambda: _content(scene, model),
        foot=lambda: _foot(scene, model),
    )


def _content(scene: Scene, model: Notes) -> Sequence[ft.Control]:
    if not model.rows:
        words = scene.words
        return [
            notices.empty(
                scene,
                "notes-empty",
                ft.Icons.STICKY_NOTE_2_OUTLINED,
                words("notes.none"),
                words("notes.none.hint"),
            )
        ]
    newest = [*reversed(model.rows)][:ROWS_LIVE_MAX]
    return [_note(scene, model, row) for row in newest]


def _note(scene: Scene, model: Notes, row: NoteRow) -> ft.Control:
    words = scene.words
    who = model.facts.who(row.by) if model.facts else ""
    when = words.moment(row.at) if row.at else ""
    original = model.original(row)
    state = model.state_of(row.id)
    head = ft.Row(
        [
            ft.Container(
                text.soft(scene, " · ".join(part for part in (who, when) if part)), expand=True
            ),
            *([_corrected(scene)] if row.is_corrected else []),
            buttons.icon_only(
                scene,
                f"correct-{row.id}",
                words("notes.correct"),
                ft.Icons.EDIT_NOTE,
                lambda: model.correct(row),
                is_enabled=not row.is_corrected,
            ),
        ],
        spacing=GAP_S,
    )
    lines: list[ft.Control] = [head]
    if original:
        lines.append(text.soft(scene, words("notes.corrects", text=_quoted(original.text))))
    lines.append(text.body(scene, row.text))
    if state:
        lines.append(ft.Row([chips.send(scene, state)], wrap=True))
    return cards.card(scene, stretched(*lines, gap=GAP_XS), name=f"note-{row.id}")


def _corrected(scene: Scene) -> ft.Control:
    return chips.chip(scene, scene.words("notes.corrected"), ft.Icons.EDIT, Tone.NEUTRAL)


def _quoted(written: str) -> str:
    line = " ".join(written.split())
    return line if len(line) <= QUOTED_MAX else f"{line[:QUOTED_MAX].rstrip()}…"


def _foot(scene: Scene, model: Notes) -> ft.Control:
    words = scene.words
    field = typed.typed(
        scene,
        "note-text",
        words("notes.write"),
        model.text,
        model.type,
        multiline=True,
        min_lines=1,
        max_lines=LINES_MAX,
    )
    add = buttons.primary(scene, "note-add", words("notes.add"), model.save, icon=ft.Icons.SEND)
    row = ft.Row(
        [ft.Container(field, expand=True), add],
        spacing=GAP_S,
        vertical_alignment=ft.CrossAxisAlignment.END,
    )
    writing = stretched(field, add, gap=GAP_S) if scene.is_stacked else row
    correcting = [_correcting(scene, model, model.corrects)] if model.corrects else []
    return page.foot(scene, ft.Column([*correcting, writing], spacing=GAP_S, tight=True))


def _correcting(scene: Scene, model: Notes, row: NoteRow) -> ft.Control:
    words = scene.words
    return notices.banner(
        scene,
        "correcting",
        words("notes.correcting", text=_quoted(row.text)),
        Tone.INFO,
        ft.Icons.EDIT_NOTE,
        action=buttons.icon_only(
            scene,
            "drop-correction",
            words("notes.drop-correction"),
            ft.Icons.CLOSE,
            model.drop_correction,
        ),
        is_beside=True,
    )
