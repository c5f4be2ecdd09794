"""One entry of the outbox: what was done, where it stands, who decides, what one can do."""

from collections.abc import Sequence

import flet as ft

from field_app.ports import OutboxLine, ReviewLine
from field_app.saying import Instant, Part, say, say_problem
from field_app.state.place import Place
from field_app.state.sending.review import Review
from field_app.state.workspace import Workspace
from field_app.theme import GAP_S, ROWS_LIVE_MAX, Tone
from field_app.views.boundary import screen, use_model
from field_app.views.scene import Scene
from field_app.views.sending.outbox import place_words, state_chip, why_words
from field_app.views.widgets import buttons, cards, dialogs, notices, page, text


@screen
def EntryScreen(scene: Scene, workspace: Workspace, place: Place) -> ft.Control:  # noqa: N802 - components are named like controls
    """Draw one entry."""
    model = use_model(lambda: Review(workspace, str(place.key)), workspace, place.key)
    detail = model.detail
    back = None if scene.is_wide else workspace.navigator.back
    if detail is None:
        return page.frame(
            scene,
            "entry",
            head=page.header(scene, "", back=back),
            content=_gone(scene) if model.is_gone else notices.waiting(scene),
        )
    return page.frame(
        scene,
        "entry",
        head=page.header(
            scene,
            say(scene.words, detail.entry.sentence),
            subtitle=place_words(scene, detail.entry),
            back=back,
        ),
        content=page.scroll(*_sections(scene, model)),
        foot=_foot(scene, model),
    )


def _gone(scene: Scene) -> ft.Control:
    words = scene.words
    return notices.empty(
        scene, "entry-gone", ft.Icons.DONE_ALL, words("entry.gone"), words("entry.gone.hint")
    )


def _sections(scene: Scene, model: Review) -> list[ft.Control]:
    found = [
        _standing(scene, model),
        _both_values(scene, model.review) if model.review else None,
        _decided(scene, model.review) if model.review else None,
        _parts(scene, model),
        _more(scene, model),
    ]
    return [section for section in found if section is not None]


def _standing(scene: Scene, model: Review) -> ft.Control | None:
    """Say where it stands, and why it stands there."""
    act = model.act
    if act is None:
        return _about_review(scene, model)
    why = why_words(scene, act)
    lines: list[ft.Control] = [ft.Row([state_chip(scene, act)])]
    if act.problem is not None:
        lines.append(text.toned(scene, why, Tone.BAD))
        hint = "entry.needs-you.hint" if model.needs_person else "entry.review.hint"
        lines.append(text.body(scene, scene.words(hint)))
    elif why:
        lines.append(text.body(scene, why))
    return cards.card(scene, ft.Column(lines, spacing=GAP_S, tight=True), name="standing")


def _about_review(scene: Scene, model: Review) -> ft.Control | None:
    review, detail, words = model.review, model.detail, scene.words
    if review is None or detail is None:
        return None
    lines: list[ft.Control] = [ft.Row([state_chip(scene, review)])]
    if review.reason == "late-work":
        count = sum(part.operations for part in detail.parts)
        lines += [
            text.body(scene, words("entry.late-work.hint")),
            text.strong(
                scene,
                words("entry.late-work.count", acts=count, files=detail.files),
            ),
        ]
    else:
        is_ocr = review.reason == "ocr-disagreement"
        hint = "entry.ocr.hint" if is_ocr else "entry.conflict.hint"
        lines.append(text.body(scene, words(hint)))
    if review.message:
        lines.append(text.strong(scene, words("review.erp-said", message=review.message)))
    return cards.card(scene, ft.Column(lines, spacing=GAP_S, tight=True), name="standing")


def _both_values(scene: Scene, review: ReviewLine) -> ft.Control | None:
    """Draw what was kept beside what lost, each with who and when."""
    if review.kept is None and review.lost is None:
        return _received(scene, review)
    words = scene.words
    who = review.kept_by or words("job.office")
    return cards.group(
        scene,
        _value(scene, "kept", words("review.kept"), review.kept, _who(scene, who, review.kept_at)),
        _value(scene, "lost", words("review.lost"), review.lost, _who(scene, review.by, review.at)),
        title=words("review.values"),
    )


def _received(scene: Scene, review: ReviewLine) -> ft.Control:
    words = scene.words
    return cards.group(
        scene,
        cards.fact(scene, words("review.done"), _who(scene, review.by, review.at)),
        cards.fact(scene, words("review.received"), say(words, Instant(review.received_at))),
    )


def _value(scene: Scene, name: str, label: str, value: Part | None, who: str) -> ft.Control:
    said = scene.words("value.none") if value is None else say(scene.words, value)
    return cards.tile(scene, f"value-{name}", said, None, facts=[f"{label} — {who}"])


def _who(scene: Scene, who: str, at: str | None) -> str:
    when = say(scene.words, Instant(at)) if at else ""
    return ", ".join(part for part in (who, when) if part)


def _decided(scene: Scene, review: ReviewLine) -> ft.Control | None:
    words = scene.words
    if review.is_open:
        return notices.banner(
            scene, "office-decides", words("review.waits"), Tone.WARN, ft.Icons.HOURGLASS_TOP
        )
    if review.resolution is None:
        return None
    return notices.banner(
        scene,
        "decided",
        words(
            "review.decided",
            how=words(f"option.{review.resolution}"),
            who=_who(scene, review.resolved_by or words("job.office"), review.resolved_at),
        ),
        Tone.GOOD,
        ft.Icons.GAVEL,
    )


def _parts(scene: Scene, model: Review) -> ft.Control | None:
    """List what an act consists of, or the late work."""
    parts: Sequence[OutboxLine] = model.detail.parts if model.detail else ()
    if not parts:
        return None
    title = "entry.parts" if model.act else "entry.late-work.list"
    return cards.group(
        scene,
        *(
            cards.tile(
                scene,
                f"part-{part.id}",
                say(scene.words, part.sentence),
                None,
                facts=[_part_fact(scene, part)],
                trailing=state_chip(scene, part),
            )
            for part in parts[:ROWS_LIVE_MAX]
        ),
        title=scene.words(title),
    )


def _part_fact(scene: Scene, part: OutboxLine) -> str:
    if part.problem is not None:
        return say_problem(scene.words, part.problem)
    share = "" if part.sent is None else why_words(scene, part)
    return " · ".join(fact for fact in (scene.ago(part.made_ms), share) if fact)


# --- what one can do


def _more(scene: Scene, model: Review) -> ft.Control | None:
    rows: list[ft.Control] = []
    words = scene.words
    if model.can_open_job and not model.needs_person:
        rows.append(
            cards.tile(
                scene, "open-job", words("entry.open-job"), model.open_job, icon=ft.Icons.WORK
            )
        )
    if model.can_try_file_again:
        rows.append(
            cards.tile(
                scene,
                "file-again",
                words("entry.try-file"),
                model.try_file_again,
                icon=ft.Icons.REPLAY,
            )
        )
    if model.needs_person:
        rows.append(
            cards.tile(
                scene,
                "set-aside",
                words("entry.set-aside"),
                lambda: _set_aside(scene, model),
                icon=ft.Icons.DONE,
                facts=[words("entry.set-aside.hint")],
            )
        )
    return cards.group(scene, *rows) if rows else None


async def _set_aside(scene: Scene, model: Review) -> None:
    words = scene.words
    reason = await dialogs.ask_text(
        scene,
        "set-aside-reason",
        title=words("entry.set-aside"),
        label=words("entry.set-aside.reason"),
        hint=words("entry.set-aside.explain"),
        confirm=words("view.confirm"),
    )
    if reason is not None:
        await model.set_aside(reason)


def _foot(scene: Scene, model: Review) -> ft.Control | None:
    words = scene.words
    if model.needs_person and model.can_open_job:
        return page.bottom_bar(
            scene,
            buttons.primary(
                scene,
                "edit-again",
                words("entry.edit-again"),
                model.open_job,
                icon=ft.Icons.EDIT,
                expand=True,
            ),
        )
    if model.can_send:
        line = model.workspace.sync
        return page.bottom_bar(
            scene,
            buttons.primary(
                scene, "sync-now", words("view.sync"), line.sync, icon=ft.Icons.SYNC, expand=True
            ),
        )
    return None
