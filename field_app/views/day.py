"""The day: the sync line, the jobs, one job, the outbox."""

import functools
from collections.abc import Awaitable, Callable
from typing import Any, Final

import flet as ft

from field_app import theme
from field_app.i18n import Words
from field_app.ports import JobDetail, JobRow, OutboxRow, SendState, StepRow
from field_app.state.today import Shown, Today
from field_app.views.boundary import identified, screen, use_screen

Now = Callable[[], int]

_STATUS_ICONS: Final = {
    "Dispatched": ft.Icons.ASSIGNMENT,
    "Accepted": ft.Icons.THUMB_UP,
    "En Route": ft.Icons.DIRECTIONS_CAR,
    "On Site": ft.Icons.BUILD,
    "Paused": ft.Icons.PAUSE_CIRCLE,
    "Completed": ft.Icons.CHECK_CIRCLE,
    "Incomplete": ft.Icons.ERROR,
    "Cancelled": ft.Icons.CANCEL,
}
_SEND_ICONS: Final = {
    SendState.ON_DEVICE: ft.Icons.SMARTPHONE,
    SendState.RECEIVED: ft.Icons.CLOUD_DONE,
    SendState.IN_OFFICE: ft.Icons.DOMAIN,
    SendState.NEEDS_YOU: ft.Icons.PRIORITY_HIGH,
    SendState.NEEDS_REVIEW: ft.Icons.RULE,
    SendState.CLOSED: ft.Icons.BLOCK,
}


@screen
def DayScreen(words: Words, model: Today, now_ms: Now) -> ft.Control:  # noqa: N802 - components are named like controls
    """Draw the sync line and the screen in front."""
    use_screen(model, model.follow)

    async def load() -> None:  # Flet awaits an effect only if it is a coroutine function itself
        await model.load()
        model.changed()

    ft.use_effect(load, [model.news])
    parts: list[ft.Control] = [_sync_line(words, model, now_ms), _tabs(words, model)]
    if model.problem:
        sentence = model.problem.sentence(words.language)
        parts.append(identified("problem", ft.Text(sentence, color=ft.Colors.ERROR)))
    elif model.is_saved:
        parts.append(identified("saved", ft.Text(words("view.saved"))))
    match model.shown:
        case Shown.JOBS:
            parts.append(_jobs(words, model))
        case Shown.JOB:
            parts.append(JobScreen(words, model, key=model.job.row.key if model.job else None))
        case Shown.OUTBOX:
            parts.append(_outbox(words, model, now_ms))
    return ft.Column(parts, expand=True, spacing=theme.GAP_PX)


def _sync_line(words: Words, model: Today, now_ms: Now) -> ft.Control:
    """Draw when the server was last heard, what is unsent, and what is wrong: never just green."""
    standing = model.standing
    heard = (
        words("view.never")
        if standing.contact_ms is None
        else words("view.contact", age=words.age(now_ms() - standing.contact_ms))
    )
    left = standing.unsent + standing.blobs_left
    texts = [heard, words.count("view.unsent", left) if left else ""]
    if model.failure:
        texts.append(model.failure.sentence(words.language))
    busy = model.is_syncing or standing.phase == "syncing"
    return ft.Row(
        [
            identified(
                "sync-line", ft.Text(" · ".join(text for text in texts if text), expand=True)
            ),
            identified(
                "sync",
                ft.Button(
                    words("view.syncing") if busy else words("view.sync"),
                    icon=ft.Icons.SYNC,
                    on_click=_press(model.sync),
                    disabled=model.is_syncing,
                    height=theme.TARGET_PX,
                ),
            ),
        ],
        wrap=True,
    )


def _press(work: Callable[[], Awaitable[None]]) -> Callable[[Any], Awaitable[None]]:
    async def pressed(_: object) -> None:
        await work()

    return pressed


def _go(model: Today, to: Shown, key: str | None = None) -> Callable[[Any], Awaitable[None]]:
    return _press(lambda: model.go(to, key))


def _tabs(words: Words, model: Today) -> ft.Control:
    return ft.Row(
        [
            identified(
                f"tab-{shown}",
                ft.TextButton(
                    words(f"view.{shown}"), on_click=_go(model, shown), height=theme.TARGET_PX
                ),
            )
            for shown in (Shown.JOBS, Shown.OUTBOX)
        ]
    )


def _jobs(words: Words, model: Today) -> ft.Control:
    rows = model.jobs[: theme.ROWS_LIVE_MAX]
    if not rows:
        return identified("jobs", ft.Text(words("jobs.none", day=model.day)))
    return ft.ListView([_job_tile(words, model, row) for row in rows], expand=True)


def _job_tile(words: Words, model: Today, row: JobRow) -> ft.Control:
    unsent = words.count("view.unsent", row.unsent) if row.unsent else ""
    facts = (row.time, words.state(row.status), row.place, unsent)
    return identified(
        f"job-{row.label}",
        ft.ListTile(
            key=row.key,
            leading=ft.Icon(_STATUS_ICONS.get(row.status, ft.Icons.EVENT)),
            title=ft.Text(f"{row.label} {row.subject}"),
            subtitle=ft.Text(" · ".join(fact for fact in facts if fact)),
            on_click=_go(model, Shown.JOB, row.key),
        ),
    )


@screen
def JobScreen(words: Words, model: Today) -> ft.Control:  # noqa: N802 - components are named like controls
    """Draw one job: its facts and steps, the next moves, and a field for a note."""
    note: Any = ft.use_ref(None)
    job = model.job
    if job is None:
        return ft.Text(words("view.loading"))

    async def add_note(_: object = None) -> None:
        await model.note(note.current.value)
        if model.is_saved:
            note.current.value = ""
            note.current.update()

    return ft.ListView(
        [
            *_facts(words, job),
            *(_step(words, step) for step in job.steps),
            *(
                identified(
                    f"move-{to}",
                    ft.Button(
                        words("view.move", state=words.state(to)),
                        height=theme.TARGET_PX,
                        on_click=_press(functools.partial(model.move, to)),
                    ),
                )
                for to in model.moves
            ),
            identified("note", ft.TextField(ref=note, label=words("view.note"), multiline=True)),
            identified(
                "add-note",
                ft.Button(words("view.add-note"), on_click=add_note, height=theme.TARGET_PX),
            ),
            identified(
                "back",
                ft.TextButton(
                    words("view.back"), on_click=_go(model, Shown.JOBS), height=theme.TARGET_PX
                ),
            ),
        ],
        expand=True,
        spacing=theme.GAP_PX,
    )


def _facts(words: Words, job: JobDetail) -> list[ft.Control]:
    row = job.row
    lines = [
        words.state(row.status),
        f"{row.day or ''} {row.time or ''}".strip(),
        row.place,
        str(job.body.get("description") or ""),
        str(job.body.get("access_notes") or ""),
    ]
    return [
        ft.Text(f"{row.label} {row.subject}", size=22, weight=ft.FontWeight.BOLD),
        *(ft.Text(line) for line in lines if line),
    ]


def _step(words: Words, step: StepRow) -> ft.Control:
    done = step.is_done or bool(step.skip_reason)
    icon = ft.Icons.CHECK_BOX if done else ft.Icons.CHECK_BOX_OUTLINE_BLANK
    value = "" if step.value is None else f"{step.value} {step.unit or ''}".strip()
    locked = "" if step.is_open or done else words("step.locked")
    facts = (value, step.skip_reason, locked)
    return ft.ListTile(
        leading=ft.Icon(icon),
        title=ft.Text(step.label(words.language)),
        subtitle=ft.Text(" · ".join(fact for fact in facts if fact)),
    )


def _outbox(words: Words, model: Today, now_ms: Now) -> ft.Control:
    rows = model.outbox[: theme.ROWS_LIVE_MAX]
    if not rows:
        return identified("outbox", ft.Text(words("outbox.empty")))
    return ft.ListView([_outbox_tile(words, row, now_ms) for row in rows], expand=True)


def _outbox_tile(words: Words, row: OutboxRow, now_ms: Now) -> ft.Control:
    facts = (words(f"send.{row.state}"), words.age(now_ms() - row.made_ms))
    return identified(
        f"outbox-{row.id}",
        ft.ListTile(
            key=row.id,
            leading=ft.Icon(_SEND_ICONS[row.state]),
            title=ft.Text(f"{row.document}: {words(f'kind.{row.kind}')} {row.what}"),
            subtitle=ft.Text(" · ".join(facts)),
        ),
    )
