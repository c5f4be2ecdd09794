"""Time on a job: what runs, the sums, the entries."""

from collections.abc import Sequence

import flet as ft

from field_app.ports import RunningTime, TimeRow
from field_app.state.job.time_entries import ACTIVITIES, TimeEntries
from field_app.state.place import Place
from field_app.state.workspace import Workspace
from field_app.theme import GAP_M, GAP_S, GAP_XS, ROWS_LIVE_MAX, Tone
from field_app.views.boundary import screen, use_model
from field_app.views.job.part import part, stretched, titled
from field_app.views.job.time_form import ICONS, TimeFormScreen
from field_app.views.scene import Scene
from field_app.views.ticking import use_ticks
from field_app.views.widgets import buttons, cards, chips, notices, page, text


def TimePart(scene: Scene, workspace: Workspace, place: Place) -> ft.Control:  # noqa: N802 - named like the screens it chooses from
    """Draw the entries, or the form that the place's row names."""
    chosen = TimeFormScreen if place.row else TimeScreen
    drawn: ft.Control = chosen(scene, workspace, place)
    return drawn


@screen
def TimeScreen(scene: Scene, workspace: Workspace, place: Place) -> ft.Control:  # noqa: N802 - components are named like controls
    """Draw the entries."""
    words = scene.words
    model = use_model(
        lambda: TimeEntries(workspace, str(place.key), undone=words("undo.reason")),
        workspace,
        place.key,
    )
    use_ticks(model, is_ticking=model.running is not None or bool(model.elsewhere))
    return part(
        scene,
        model,
        content=lambda: _content(scene, model),
        foot=lambda: _foot(scene, model),
        actions=[
            buttons.icon_only(scene, "time-add", words("time.add"), ft.Icons.MORE_TIME, model.add)
        ],
    )


def _foot(scene: Scene, model: TimeEntries) -> ft.Control:
    words = scene.words
    if model.running:
        main = buttons.primary(
            scene, "time-stop", words("time.stop"), model.stop, icon=ft.Icons.STOP, expand=True
        )
    else:
        activity = model.suggested
        label = words("time.start", activity=words(f"activity.{activity}"))
        main = buttons.primary(
            scene,
            f"time-start-{activity}",
            label,
            lambda: model.start(activity),
            icon=ft.Icons.PLAY_ARROW,
            expand=True,
        )
    return page.bottom_bar(scene, main)


def _content(scene: Scene, model: TimeEntries) -> Sequence[ft.Control]:
    words = scene.words
    shown: list[ft.Control] = [_elsewhere(scene, model, running) for running in model.elsewhere]
    if model.running:
        shown.append(_running(scene, model, model.running))
    shown.append(_others(scene, model))
    if not model.rows:
        hint = words("time.none.hint")
        return [
            *shown,
            notices.empty(scene, "time-empty", ft.Icons.TIMER_OUTLINED, words("time.none"), hint),
        ]
    if model.totals:
        shown.append(_totals(scene, model))
    ended = [row for row in model.rows if row is not model.running]
    rows = [_row(scene, model, row) for row in ended[:ROWS_LIVE_MAX]]
    if rows:
        shown.append(titled(scene, words("time.entries"), cards.group(scene, *rows)))
    return shown


def _running(scene: Scene, model: TimeEntries, row: TimeRow) -> ft.Control:
    words = scene.words
    activity, hour = words(f"activity.{row.activity}"), words.hour(row.started_at)
    day = words.local_day(row.started_at)
    since = (
        words("time.since", activity=activity, hour=hour)
        if day == model.workspace.today()
        else words("time.since-day", activity=activity, hour=hour, date=words.full_day(day))
    )
    state = model.state_of(row.id)
    lines: list[ft.Control] = [
        text.display(scene, words.duration(model.length_ms(row)), tone=Tone.ACTIVE),
        text.body(scene, since),
        *([ft.Row([chips.send(scene, state)], wrap=True)] if state else []),
    ]
    symbol = ICONS.get(row.activity, ft.Icons.SCHEDULE)
    icon = ft.Icon(symbol, color=scene.palette.ink_of(Tone.ACTIVE), size=40)
    return cards.card(
        scene,
        ft.Row([icon, ft.Column(lines, spacing=GAP_XS, tight=True, expand=True)], spacing=GAP_M),
        name="time-running",
        tone=Tone.ACTIVE,
    )


def _others(scene: Scene, model: TimeEntries) -> ft.Control:
    """Offer what is not under the thumb: to switch what runs, or to start something else."""
    words, running = scene.words, model.running
    left_out = running.activity if running else model.suggested
    starts = [
        buttons.secondary(
            scene,
            f"time-start-{activity}",
            words(f"activity.{activity}"),
            lambda activity=activity: model.start(activity),  # type: ignore[misc]  # bound now
            icon=ICONS[activity],
            expand=True,
        )
        for activity in ACTIVITIES
        if activity != left_out
    ]
    title = words("time.switch" if running else "time.other")
    row = ft.Row([ft.Container(start, expand=True) for start in starts], spacing=GAP_S)
    return stretched(text.soft(scene, title), row, gap=GAP_XS)


def _elsewhere(scene: Scene, model: TimeEntries, running: RunningTime) -> ft.Control:
    words = scene.words
    sentence = words(
        "time.elsewhere",
        activity=words(f"activity.{running.activity}"),
        job=running.label,
        hour=words.hour(running.started_at),
    )
    stop = buttons.quiet(
        scene,
        f"time-stop-{running.label}",
        words("time.stop"),
        lambda: model.stop_elsewhere(running),
        icon=ft.Icons.STOP,
        tone=Tone.WARN,
    )
    return notices.banner(
        scene, f"elsewhere-{running.label}", sentence, Tone.WARN, ft.Icons.TIMER, action=stop
    )


def _totals(scene: Scene, model: TimeEntries) -> ft.Control:
    words = scene.words
    facts = (
        cards.fact(scene, words(f"activity.{activity}"), words.duration(ms))
        for activity, ms in model.totals.items()
    )
    return titled(scene, words("time.totals"), cards.group(scene, *facts))


def _row(scene: Scene, model: TimeEntries, row: TimeRow) -> ft.Control:
    words = scene.words
    day = words.short_day(words.local_day(row.started_at))
    end = words.hour(row.ended_at) if row.ended_at else words("time.running")
    who = model.facts.who(row.by) if model.facts else ""
    state = model.state_of(row.id)
    length = words.duration(model.length_ms(row))
    is_mine = model.is_mine(row)
    return cards.tile(
        scene,
        f"time-{row.id}",
        f"{words(f'activity.{row.activity}')} · {length}",
        (lambda: model.correct(row)) if is_mine else None,
        icon=ICONS.get(row.activity, ft.Icons.SCHEDULE),
        facts=[f"{day} · {words.hour(row.started_at)}–{end}", "" if is_mine else who],
        marks=[chips.send(scene, state)] if state else (),
    )
