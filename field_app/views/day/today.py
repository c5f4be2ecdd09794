"""The jobs of a day: now and next on top, then the rest; all open ones, and offers."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

import flet as ft

from field_app import theme
from field_app.ports import DayJob
from field_app.state.day.listing import Choice
from field_app.state.day.today import Today
from field_app.state.place import Place, Room
from field_app.state.workspace import Workspace
from field_app.theme import GAP_L, GAP_M, GAP_S, GAP_XS, Tone
from field_app.views.boundary import screen, use_changes, use_model
from field_app.views.day.offers import until
from field_app.views.look import BOLD
from field_app.views.scene import Scene
from field_app.views.widgets import buttons, cards, chips, lists, notices, page, text
from field_app.views.widgets.named import identified
from field_core.offers import ACCEPT, DECLINE

_ANSWERS: Final[Mapping[str, tuple[str, ft.IconData, Tone]]] = {
    ACCEPT: ("offer.chip.requested", ft.Icons.HOURGLASS_TOP, Tone.WARN),
    DECLINE: ("offer.chip.declined", ft.Icons.DO_NOT_DISTURB_ON, Tone.NEUTRAL),
}
ROW_PX: Final = 144
"""One height for every row of the long list, so that the stretch that is drawn can move."""
RESTORE_PAUSES_S: Final = (0.05, 0.25)
"""A client that has not laid the list out yet ignores where to scroll it: it is asked twice."""


@screen
def TodayScreen(scene: Scene, workspace: Workspace) -> ft.Control:  # noqa: N802 - components are named like controls
    """Draw the list of jobs."""
    model = use_model(lambda: Today(workspace, row_px=_row_px(scene)), workspace)
    use_changes(workspace.navigator)
    at = _use_offset(model)
    return page.frame(
        scene,
        "today",
        head=ft.Column([_head(scene, model), _choices(scene, model)], spacing=GAP_S, tight=True),
        content=_content(scene, model, workspace, at),
    )


def _head(scene: Scene, model: Today) -> ft.Control:
    words = scene.words
    if model.choice is not Choice.DAY:
        return page.header(scene, words(f"today.{model.choice}"))
    jobs = model.jobs or ()
    done = words.count("today.done", model.done, total=len(jobs)) if jobs else ""
    return page.header(
        scene,
        words.day(model.day, today=model.is_today),
        subtitle=done,
        actions=[
            buttons.icon_only(
                scene,
                "day-before",
                words("today.before"),
                ft.Icons.CHEVRON_LEFT,
                lambda: model.turn(-1),
            ),
            buttons.icon_only(
                scene, "day-today", words("today.today"), ft.Icons.TODAY, lambda: model.turn(0)
            ),
            buttons.icon_only(
                scene,
                "day-after",
                words("today.after"),
                ft.Icons.CHEVRON_RIGHT,
                lambda: model.turn(1),
            ),
        ],
    )


def _choices(scene: Scene, model: Today) -> ft.Control:
    labels = {
        Choice.DAY: scene.words("today.day"),
        Choice.ALL: scene.words("today.all"),
        Choice.OFFERS: scene.words.count("today.offers", model.offers_total),
    }
    return ft.Container(
        ft.Row(
            [_choice(scene, model, choice, label) for choice, label in labels.items()],
            wrap=True,
            spacing=GAP_S,
            run_spacing=GAP_S,
        ),
        padding=ft.Padding.symmetric(horizontal=GAP_L),
    )


def _choice(scene: Scene, model: Today, choice: Choice, label: str) -> ft.Control:
    is_chosen = model.choice is choice
    palette = scene.palette
    return identified(
        f"choice-{choice}",
        ft.Container(
            ft.Row(
                [
                    ft.Text(
                        label,
                        size=scene.look.small,
                        font_family=BOLD,
                        color=palette.on_selected if is_chosen else palette.ink_soft,
                    )
                ],
                tight=True,
            ),
            bgcolor=palette.selected if is_chosen else palette.surface,
            border=ft.Border.all(
                scene.look.line_px, palette.on_selected if is_chosen else palette.line
            ),
            border_radius=24,
            height=theme.ICON_TARGET_PX,
            padding=ft.Padding.symmetric(horizontal=GAP_L),
            on_click=buttons.press(lambda: model.choose(choice)),
            ink=True,  # without it the keyboard does not stop there
        ),
        is_button=True,
    )


def _use_offset(model: Today) -> Any:  # noqa: ANN401 - the hook's reference
    """Bring the long list back to where one left it; returns the reference to put it into."""
    at: Any = ft.use_ref(None)
    is_drawn = bool(model.jobs) and model.choice is Choice.ALL

    async def restore() -> None:
        wanted = model.offset_px
        for pause_s in RESTORE_PAUSES_S:
            await asyncio.sleep(pause_s)
            if is_drawn and at.current and wanted and model.offset_px == wanted:
                await at.current.scroll_to(offset=wanted, duration=0)

    ft.use_effect(restore, [is_drawn], cleanup=lambda: None)
    return at


def _content(scene: Scene, model: Today, workspace: Workspace, at: Any) -> ft.Control:  # noqa: ANN401 - as above
    if model.jobs is None:
        return notices.problem(scene, model.problem) if model.problem else notices.waiting(scene)
    if not model.jobs:
        return _nothing(scene, model)
    if model.choice is Choice.ALL:
        return _long_list(scene, model, workspace, at)
    return _day_list(scene, model, workspace)


def _nothing(scene: Scene, model: Today) -> ft.Control:
    words = scene.words
    icons = {
        Choice.DAY: ft.Icons.EVENT_AVAILABLE,
        Choice.ALL: ft.Icons.INBOX,
        Choice.OFFERS: ft.Icons.VOLUNTEER_ACTIVISM,
    }
    return notices.empty(
        scene,
        "jobs",
        icons[model.choice],
        words(f"today.none.{model.choice}"),
        words(f"today.none.{model.choice}.hint"),
    )


def _day_list(scene: Scene, model: Today, workspace: Workspace) -> ft.Control:
    rows: list[ft.Control] = []
    for title, job in (("today.now", model.now), ("today.next", model.next)):
        if job is not None:
            rows += [
                text.soft(scene, scene.words(title).upper()),
                _card(scene, job, workspace, is_big=True),
            ]
    if rows and model.others:
        rows.append(text.soft(scene, scene.words("today.others").upper()))
    is_offer = model.choice is Choice.OFFERS
    rows += [
        _card(scene, job, workspace, shows_state=not is_offer)
        for job in model.others[: theme.ROWS_LIVE_MAX]
    ]
    padding = ft.Padding.only(left=GAP_L, right=GAP_L, top=GAP_M, bottom=GAP_L)
    return identified("jobs", ft.ListView(rows, expand=True, spacing=GAP_S, padding=padding))


def _row_px(scene: Scene) -> float:
    return ROW_PX * max(1.0, scene.look.scale)


def _long_list(scene: Scene, model: Today, workspace: Workspace, at: Any) -> ft.Control:  # noqa: ANN401 - the hook's reference
    """Draw the stretch at hand; the rest of the list is there as empty chunks."""
    row_px = _row_px(scene)
    window = model.window

    async def scrolled(event: ft.OnScrollEvent) -> None:
        await model.scrolled(event.pixels, row_px=row_px)

    rows: list[ft.Control] = [
        ft.Container(
            _card(scene, job, workspace, shows_day=True),
            height=row_px,
            padding=ft.Padding.only(left=GAP_L, right=GAP_L, bottom=GAP_S),
            key=job.key,
        )
        for job in model.jobs or ()
    ]
    return identified(
        "jobs",
        ft.ListView(
            lists.chunks(rows, first=window.first, total=window.total),
            ref=at,
            key="long",
            expand=True,
            item_extent=row_px * lists.CHUNK,
            on_scroll=scrolled,
            scroll_interval=100,
            padding=ft.Padding.only(top=GAP_M),
        ),
    )


def _card(
    scene: Scene,
    job: DayJob,
    workspace: Workspace,
    *,
    is_big: bool = False,
    shows_day: bool = False,
    shows_state: bool = True,
) -> ft.Control:
    """Draw one job; that an offer is open goes without saying (`shows_state`)."""
    place = workspace.navigator.place
    facts = [job.customer, job.place]
    when = job.time or _without_time(scene, job)
    flags = _compact(scene, job) if shows_day else []
    state = [chips.status(scene, job.status)] if shows_state else []
    if shows_day and job.day:
        when = f"{scene.words.short_day(job.day)} · {when}"
    title = text.heading if is_big else text.strong
    return cards.card(
        scene,
        ft.Column(
            [
                ft.Row(
                    [
                        text.display(scene, when) if is_big else text.strong(scene, when),
                        ft.Row([*flags, *state], spacing=GAP_XS, tight=True),
                    ],
                    wrap=True,
                    spacing=GAP_S,
                    run_spacing=GAP_XS,
                    alignment=ft.MainAxisAlignment.SPACE_BETWEEN,
                ),
                title(scene, job.subject or job.label, lines_max=2 if is_big else 1),
                text.soft(scene, " · ".join(f for f in facts if f), lines_max=2 if is_big else 1),
                *(
                    [_flags(scene, job)]
                    if is_big or (not shows_day and (job.unsent or job.needs_you or job.answer))
                    else []
                ),
            ],
            spacing=GAP_XS,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
        name=f"job-{job.label}",
        work=lambda: workspace.navigator.go(Place(Room.TODAY, job.key)),
        is_selected=place.key == job.key,
    )


def _compact(scene: Scene, job: DayJob) -> list[ft.Control]:
    """Say by icon and number what a row of one height has no room to say in words."""
    if job.needs_you:
        return [chips.chip(scene, "", ft.Icons.PRIORITY_HIGH, Tone.BAD)]
    if job.unsent:
        return [chips.chip(scene, str(job.unsent), ft.Icons.SMARTPHONE, Tone.WARN)]
    return []


def _without_time(scene: Scene, job: DayJob) -> str:
    if job.offered_until:
        return scene.words("offer.until", until=until(scene.words, job.offered_until))
    return scene.words("today.no-time")


def _flags(scene: Scene, job: DayJob) -> ft.Control:
    words = scene.words
    flags: list[ft.Control] = []
    if job.answer is not None and job.answer in _ANSWERS:
        key, icon, tone = _ANSWERS[job.answer]
        flags.append(chips.chip(scene, words(key), icon, tone))
    if job.needs_you:
        flags.append(chips.chip(scene, words("send.needs-you"), ft.Icons.PRIORITY_HIGH, Tone.BAD))
    if job.unsent:
        flags.append(chips.unsent(scene, job.unsent))
    if job.steps_total:
        steps = words("today.steps", done=job.steps_done, total=job.steps_total)
        flags.append(chips.chip(scene, steps, ft.Icons.CHECKLIST, Tone.NEUTRAL))
    ready = (
        chips.chip(scene, words("ready.yes"), ft.Icons.DOWNLOAD_DONE, Tone.GOOD)
        if job.is_ready
        else chips.chip(scene, words("ready.no"), ft.Icons.DOWNLOADING, Tone.WARN)
    )
    return ft.Row([*flags, ready], wrap=True, spacing=GAP_S, run_spacing=GAP_XS)
