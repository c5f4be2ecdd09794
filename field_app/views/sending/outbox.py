"""Everything done here and where each thing stands; what sync has to say stands above it."""

from collections.abc import Mapping
from typing import Final

import flet as ft

from field_app.ports import OutboxEntry, OutboxLine, ReviewLine, Section
from field_app.saying import say, say_problem
from field_app.state.sending.outbox import Heading, Outbox
from field_app.state.workspace import Workspace
from field_app.theme import GAP_L, GAP_M, GAP_S, GAP_XS, Tone
from field_app.views.boundary import screen, use_changes, use_model
from field_app.views.scene import Scene
from field_app.views.sending.label_readings import LabelReadingsPart
from field_app.views.sending.sync_summary import summary
from field_app.views.widgets import buttons, cards, chips, notices, page, text
from field_app.views.widgets.named import identified

ROW_PX: Final = 128
"""One height for every entry at the usual size of text, so that the stretch can move."""
HEADING_PX: Final = 48
_ICONS: Final[Mapping[Section, tuple[ft.IconData, Tone]]] = {
    Section.NEEDS_YOU: (ft.Icons.PRIORITY_HIGH, Tone.BAD),
    Section.REVIEW: (ft.Icons.RULE, Tone.WARN),
    Section.WAITING: (ft.Icons.SMARTPHONE, Tone.WARN),
    Section.RECEIVED: (ft.Icons.CLOUD_DONE, Tone.INFO),
    Section.OFFICE: (ft.Icons.DOMAIN, Tone.GOOD),
}


@screen
def OutboxScreen(scene: Scene, workspace: Workspace) -> ft.Control:  # noqa: N802 - components are named like controls
    """Draw the outbox."""
    model = use_model(lambda: Outbox(workspace), workspace)
    use_changes(workspace.navigator)
    use_changes(workspace.sync)
    return page.frame(
        scene,
        "outbox-screen",
        head=page.header(scene, scene.words("view.outbox")),
        content=_content(scene, model, workspace),
        foot=page.bottom_bar(scene, _sync(scene, model)),
    )


def _sync(scene: Scene, model: Outbox) -> ft.Control:
    line = model.sync
    label = scene.words("view.syncing" if line.is_asked else "view.sync")
    return buttons.primary(
        scene,
        "sync-now",
        label,
        line.sync,
        icon=ft.Icons.SYNC,
        is_enabled=not line.is_asked,
        expand=True,
    )


def _content(scene: Scene, model: Outbox, workspace: Workspace) -> ft.Control:
    if model.page is None:
        return notices.problem(scene, model.problem) if model.problem else notices.waiting(scene)
    row_px = ROW_PX * scene.look.scale
    window = model.window

    async def scrolled(event: ft.OnScrollEvent) -> None:
        await model.scrolled(event.pixels, row_px=row_px + GAP_S)

    above = window.first * (row_px + GAP_S)
    return identified(
        "outbox",
        ft.ListView(
            [
                ft.Container(summary(scene, model), key="summary"),
                ft.Container(LabelReadingsPart(scene, workspace), key="label-readings"),
                *([_nothing(scene)] if model.is_empty else []),
                ft.Container(height=above, key="above"),
                *(_row(scene, model, row, workspace, row_px) for row in model.rows),
                ft.Container(height=window.after * (row_px + GAP_S), key="below"),
            ],
            expand=True,
            spacing=GAP_S,
            on_scroll=scrolled,
            scroll_interval=100,
            padding=ft.Padding.only(left=GAP_L, right=GAP_L, top=GAP_M, bottom=GAP_L),
        ),
    )


def _nothing(scene: Scene) -> ft.Control:
    words = scene.words
    return notices.empty(
        scene, "outbox", ft.Icons.DONE_ALL, words("outbox.empty"), words("outbox.empty.hint")
    )


def _row(
    scene: Scene, model: Outbox, row: Heading | OutboxEntry, workspace: Workspace, row_px: float
) -> ft.Control:
    if isinstance(row, Heading):
        return _heading(scene, model, row)
    is_open = workspace.navigator.place.key == row.id
    return ft.Container(_entry(scene, model, row, row_px, is_selected=is_open), key=row.id)


def _heading(scene: Scene, model: Outbox, row: Heading) -> ft.Control:
    icon, tone = _ICONS[row.section]
    title = ft.Row(
        [
            ft.Icon(icon, size=20, color=scene.palette.ink_of(tone)),
            ft.Container(
                text.strong(scene, scene.words(f"outbox.section.{row.section}", count=row.count)),
                expand=True,
            ),
            *(
                [_fold(scene, model, is_folded=row.is_folded)]
                if row.section is Section.OFFICE
                else []
            ),
        ],
        spacing=GAP_S,
    )
    return identified(
        f"section-{row.section}",
        ft.Container(title, height=HEADING_PX * scene.look.scale, key=f"section-{row.section}"),
    )


def _fold(scene: Scene, model: Outbox, *, is_folded: bool) -> ft.Control:
    words = scene.words
    return buttons.icon_only(
        scene,
        "fold-office",
        words("outbox.unfold" if is_folded else "outbox.fold"),
        ft.Icons.EXPAND_MORE if is_folded else ft.Icons.EXPAND_LESS,
        model.toggle_office,
    )


def _entry(
    scene: Scene, model: Outbox, entry: OutboxEntry, row_px: float, *, is_selected: bool
) -> ft.Control:
    return cards.card(
        scene,
        ft.Column(
            [
                text.strong(scene, say(scene.words, entry.sentence), lines_max=2),
                text.soft(scene, place_words(scene, entry), lines_max=1),
                _foot(scene, entry),
            ],
            spacing=GAP_XS,
            alignment=ft.MainAxisAlignment.SPACE_BETWEEN,
        ),
        name=f"entry-{entry.id}",
        work=lambda: model.open(entry),
        is_selected=is_selected,
        height=row_px,
    )


def _foot(scene: Scene, entry: OutboxEntry) -> ft.Control:
    """Draw why something is refused, in a line of its own; else the state and what it waits for."""
    why = why_words(scene, entry)
    if isinstance(entry, OutboxLine) and entry.problem is not None:
        icon, tone = _ICONS[entry.section]
        ink = scene.palette.ink_of(tone)
        first: ft.Control = ft.Icon(icon, size=18, color=ink)
        sentence = text.soft(scene, why, lines_max=1)
        sentence.color = ink
    else:
        first, sentence = state_chip(scene, entry), text.soft(scene, why, lines_max=1)
    return ft.Row([first, ft.Container(sentence, expand=True)], spacing=GAP_S)


# --- words that the entry's own screen uses too


def place_words(scene: Scene, entry: OutboxEntry) -> str:
    """Say how long ago something was done, and on which job."""
    job = entry.job
    where = ""
    if job is not None:
        parts = [job.label, job.subject if job.key else scene.words("outbox.job-gone")]
        where = " · ".join(part for part in parts if part)
    age = scene.ago(entry.made_ms) if isinstance(entry, OutboxLine) else ""
    return " · ".join(part for part in (age, where) if part)


def why_words(scene: Scene, entry: OutboxEntry) -> str:
    """Say in short what stands in the way."""
    words = scene.words
    if isinstance(entry, ReviewLine):
        return words("entry.office-decides") if entry.is_open else words("entry.settled")
    if entry.problem is not None:
        return say_problem(words, entry.problem)
    if entry.sent:
        return words("entry.sent-share", percent=int(entry.sent * 100))
    return say(words, entry.blocks) if entry.blocks else ""


def state_chip(scene: Scene, entry: OutboxEntry) -> ft.Control:
    """Draw where it stands."""
    if isinstance(entry, OutboxLine):
        return chips.send(scene, entry.state)
    key, icon, tone = (
        ("review.open", ft.Icons.RULE, Tone.WARN)
        if entry.is_open
        else ("review.closed", ft.Icons.GAVEL, Tone.GOOD)
    )
    return chips.chip(scene, scene.words(key), icon, tone)
