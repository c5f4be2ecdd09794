"""One job: where, for whom, how to get in, what is missing, and each part of it."""

from collections.abc import Awaitable, Mapping, Sequence
from typing import Final
from urllib.parse import quote

import flet as ft

from field_app.ports import JobDetail, ReadyCheck, StepRow
from field_app.state.job.job import Job
from field_app.state.place import Part, Place
from field_app.state.workspace import Workspace
from field_app.theme import GAP_S, Tone
from field_app.views.boundary import screen, use_model
from field_app.views.day import offers
from field_app.views.job.step_words import KINDS
from field_app.views.scene import Scene
from field_app.views.widgets import buttons, cards, chips, dialogs, notices, page, text
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
_PARTS: Final[Mapping[Part, ft.IconData]] = {
    Part.STEPS: ft.Icons.CHECKLIST,
    Part.EQUIPMENT: ft.Icons.ROUTER,
    Part.PHOTOS: ft.Icons.PHOTO_CAMERA,
    Part.MATERIALS: ft.Icons.INVENTORY_2,
    Part.NOTES: ft.Icons.STICKY_NOTE_2,
    Part.TIME: ft.Icons.SCHEDULE,
    Part.SIGNATURE: ft.Icons.DRAW,
    Part.PAYMENT: ft.Icons.QR_CODE_2,
    Part.HISTORY: ft.Icons.HISTORY,
}


@screen
def JobScreen(scene: Scene, workspace: Workspace, place: Place) -> ft.Control:  # noqa: N802 - components are named like controls
    """Draw a job."""
    model = use_model(lambda: Job(workspace, str(place.key)), workspace, place.key)
    detail = model.detail
    if detail is None:
        return page.frame(
            scene,
            "job",
            head=page.header(scene, "", back=None if scene.is_wide else workspace.navigator.back),
            content=_gone(scene) if model.is_gone else notices.waiting(scene),
        )
    return page.frame(
        scene,
        "job",
        head=_head(scene, model, detail),
        content=page.scroll(*_sections(scene, model, detail)),
        foot=_foot(scene, model),
    )


def _gone(scene: Scene) -> ft.Control:
    return notices.empty(
        scene,
        "job-gone",
        ft.Icons.SEARCH_OFF,
        scene.words("job.gone"),
        scene.words("job.gone.hint"),
    )


def _head(scene: Scene, model: Job, detail: JobDetail) -> ft.Control:
    row = detail.row
    back = None if scene.is_wide else model.workspace.navigator.back
    return page.header(
        scene,
        row.subject or row.label,
        subtitle=f"{row.label} · {scene.words.short_day(row.day) if row.day else ''}"
        f" {row.time or ''}".rstrip(" ·"),
        back=back,
        actions=[chips.status(scene, row.status)],
    )


def _sections(scene: Scene, model: Job, detail: JobDetail) -> list[ft.Control]:
    found = [
        _cancelled(scene, detail),
        _attention(scene, model),
        offers.banner(scene, model.offer) if model.offer else None,
        _who_and_where(scene, detail),
        _access(scene, detail),
        None if model.is_closed else _ready(scene, model.checks),
        _parts(scene, model, detail),
        _other_moves(scene, model),
    ]
    return [section for section in found if section is not None]


def _attention(scene: Scene, model: Job) -> ft.Control | None:
    """Lead to what waits for a person; the job may be closed all the same (T-16)."""
    waits = model.attention
    if not (waits.needs_you or waits.reviews):
        return None
    words = scene.words
    key, tone = ("needs-you", Tone.BAD) if waits.needs_you else ("review", Tone.WARN)
    return notices.banner(
        scene,
        "attention",
        words(f"job.attention.{key}"),
        tone,
        ft.Icons.RULE,
        action=buttons.quiet(
            scene, "see-attention", words("job.attention.see"), model.look, tone=tone
        ),
    )


def _cancelled(scene: Scene, detail: JobDetail) -> ft.Control | None:
    if detail.row.status != JobStatus.CANCELLED:
        return None
    at, by = detail.body.get("cancelled_at"), detail.body.get("cancelled_by")
    when = scene.words.moment(str(at)) if at else scene.words("job.some-time")
    return notices.banner(
        scene,
        "cancelled",
        scene.words("job.cancelled", at=when, by=by or scene.words("job.office")),
        Tone.BAD,
        ft.Icons.CANCEL,
    )


def _who_and_where(scene: Scene, detail: JobDetail) -> ft.Control:
    words = scene.words
    rows = [
        cards.tile(
            scene,
            "address",
            detail.row.place or words("job.no-address"),
            None,
            icon=ft.Icons.PLACE,
            trailing=_link(scene, "navigate", "job.navigate", ft.Icons.NAVIGATION, _map(detail)),
        ),
        cards.tile(
            scene,
            "customer",
            str(detail.customer.get("customer_name") or detail.body.get("customer") or "—")
            if detail.customer
            else str(detail.body.get("customer") or "—"),
            None,
            icon=ft.Icons.PERSON,
            facts=[_phone(detail)],
            trailing=_calls(scene, detail),
        ),
    ]
    return cards.group(scene, *rows)


def _phone(detail: JobDetail) -> str:
    customer = detail.customer or {}
    return str(customer.get("mobile_no") or customer.get("phone") or "")


def _map(detail: JobDetail) -> str:
    place = detail.location or {}
    if place.get("latitude") and place.get("longitude"):
        return f"https://www.google.com/maps/dir/?api=1&destination={place['latitude']},{place['longitude']}"
    return f"https://www.google.com/maps/dir/?api=1&destination={quote(detail.row.place)}"


def _calls(scene: Scene, detail: JobDetail) -> ft.Control | None:
    phone = _phone(detail)
    if not phone:
        return None
    number = "".join(c for c in phone if c.isdigit() or c == "+")
    return ft.Row(
        [
            _link(scene, "call", "job.call", ft.Icons.CALL, f"tel:{number}"),
            _link(scene, "sms", "job.sms", ft.Icons.SMS, f"sms:{number}"),
        ],
        spacing=GAP_S,
        tight=True,
    )


def _link(scene: Scene, name: str, key: str, icon: ft.IconData, url: str) -> ft.Control:
    def follow() -> Awaitable[None]:
        return ft.UrlLauncher().launch_url(url)

    return buttons.icon_only(scene, name, scene.words(key), icon, follow)


def _access(scene: Scene, detail: JobDetail) -> ft.Control | None:
    notes = [
        str(source.get(field) or "").strip()
        for source, field in (
            (detail.body, "access_notes"),
            (detail.location or {}, "access_notes"),
            (detail.body, "description"),
        )
    ]
    lines = [*dict.fromkeys(note for note in notes if note)]
    if not lines:
        return None
    return cards.card(
        scene,
        ft.Column(
            [
                ft.Row(
                    [
                        ft.Icon(ft.Icons.KEY, color=scene.palette.primary),
                        text.strong(scene, scene.words("job.access")),
                    ],
                    spacing=GAP_S,
                ),
                *(text.body(scene, line) for line in lines),
            ],
            spacing=GAP_S,
            tight=True,
        ),
        name="access",
    )


def _ready(scene: Scene, checks: Sequence[ReadyCheck]) -> ft.Control:
    """Say whether the visit can be done without signal, and what stands against it."""
    is_ready = all(check.is_met for check in checks)
    tone, icon = (
        (Tone.GOOD, ft.Icons.DOWNLOAD_DONE) if is_ready else (Tone.WARN, ft.Icons.DOWNLOADING)
    )
    title = scene.words("ready.yes" if is_ready else "ready.no")
    lines = [
        ft.Row(
            [
                ft.Icon(
                    ft.Icons.CHECK if check.is_met else ft.Icons.WARNING_AMBER,
                    size=18,
                    color=scene.palette.ink_of(Tone.GOOD if check.is_met else Tone.WARN),
                ),
                ft.Container(text.body(scene, _check_words(scene, check)), expand=True),
            ],
            spacing=GAP_S,
        )
        for check in checks
    ]
    return cards.card(
        scene,
        ft.Column(
            [
                ft.Row(
                    [
                        ft.Icon(icon, color=scene.palette.ink_of(tone)),
                        text.strong(scene, title),
                    ],
                    spacing=GAP_S,
                ),
                *lines,
            ],
            spacing=GAP_S,
            tight=True,
        ),
        name="ready",
    )


def _check_words(scene: Scene, check: ReadyCheck) -> str:
    words, details = scene.words, check.details
    suffix = "yes" if check.is_met else "no"
    match check.code:
        case "storage":
            return words(f"ready.storage.{suffix}", free=words.size(int(str(details["free"]))))
        case "outbox" if details["count"]:
            return words.count(
                "ready.outbox.some",
                int(str(details["count"])),
                age=words.age(int(str(details["age_ms"]))),
            )
        case code:
            return words(f"ready.{code}.{suffix}")


def _parts(scene: Scene, model: Job, detail: JobDetail) -> ft.Control:
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


def _other_moves(scene: Scene, model: Job) -> ft.Control | None:
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


def _foot(scene: Scene, model: Job) -> ft.Control | None:
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
