"""One job: where, for whom, how to get in, what is missing, and each part of it."""

import flet as ft

from field_app.ports import JobDetail
from field_app.state.job.job import Job
from field_app.state.place import Place
from field_app.state.workspace import Workspace
from field_app.theme import Tone
from field_app.views.boundary import screen, use_model
from field_app.views.day import offers
from field_app.views.job.moves import foot, other_moves
from field_app.views.job.parts import parts_card
from field_app.views.job.ready import ready_card
from field_app.views.job.visit import access, who_and_where
from field_app.views.scene import Scene
from field_app.views.widgets import buttons, chips, notices, page
from field_core.status import JobStatus


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
        foot=foot(scene, model),
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
        who_and_where(
            scene, detail, to_customer=model.to_customer if model.has_customer_page else None
        ),
        access(scene, detail),
        None if model.is_closed else ready_card(scene, model.checks),
        parts_card(scene, model, detail),
        other_moves(scene, model),
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
