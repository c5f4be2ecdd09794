"""The diagnosis of a job: verdict first, then the parts, the numbers, the raw."""

import asyncio
import json
import logging
from typing import Final

import flet as ft

from field_app.state.diagnostics.comparing import Change
from field_app.state.diagnostics.course import Course, Stage
from field_app.state.diagnostics.diagnosis import Diagnosis
from field_app.state.place import Place
from field_app.state.workspace import Workspace
from field_app.theme import GAP_L, GAP_M, GAP_S, Tone
from field_app.views.boundary import screen, use_changes, use_model
from field_app.views.diagnostics.grades import finding, headline
from field_app.views.diagnostics.limits import limits_said
from field_app.views.diagnostics.office import OfficeCard
from field_app.views.diagnostics.printed import sheet_of
from field_app.views.diagnostics.results import groups, named_quantity, valued
from field_app.views.equipment.device import type_words
from field_app.views.job.part import part, stretched, titled
from field_app.views.look import MONO
from field_app.views.scene import Scene
from field_app.views.widgets import buttons, cards, choices, notices, page, text
from field_app.views.widgets.named import identified
from field_core.cpe import Grade
from field_core.cpe.redaction import redact
from field_core.diagnosis import Run
from field_core.diagnosis.quantities import PROBES, TARGETS, said

_I: Final = ft.Icons
_log: Final = logging.getLogger(__name__)
RAW_CHARACTERS_MAX: Final = 6_000
"""What a person scrolls through; the file on the job has all of it."""
QUICK: Final = "quick"


@screen
def DiagnosisScreen(scene: Scene, workspace: Workspace, place: Place) -> ft.Control:  # noqa: N802 - components are named like controls
    """Draw it."""
    model = use_model(
        lambda: Diagnosis(workspace, str(place.key), place.row), workspace, place.key, place.row
    )
    return part(
        scene,
        model,
        content=lambda: [DiagnosisBody(scene, model)],
        foot=lambda: DiagnosisFoot(scene, model),
    )


@screen
def DiagnosisBody(scene: Scene, model: Diagnosis) -> ft.Control:  # noqa: N802 - same
    """Draw the run that goes on, else the last one; then the device as the office knows it."""
    use_changes(model)
    is_raw, show_raw = ft.use_state(initial=False)
    shown: list[ft.Control] = []
    course = model.course
    if model.step is not None:
        label = model.step.label(scene.words.language)
        said_for = scene.words("diag.for-step", step=label)
        shown.append(notices.banner(scene, "for-step", said_for, Tone.INFO, _I.CHECKLIST))
    if course is not None and course.is_running:
        shown.append(RunningCard(scene, course))
    elif model.run is not None:
        shown += _run(scene, model, model.run)
    else:
        shown.append(_nothing(scene))
    shown += _office(scene, model)
    if model.run is not None and not model.is_running:
        shown += groups(scene, model.run.results)
        shown += _raw(scene, model.run, is_raw=is_raw, toggle=lambda: show_raw(not is_raw))
    return stretched(*shown, gap=GAP_L)


def _nothing(scene: Scene) -> ft.Control:
    words = scene.words
    return notices.empty(
        scene, "diag-empty", _I.TROUBLESHOOT, words("diag.empty"), words("diag.empty.hint")
    )


# --- while it runs


@screen
def RunningCard(scene: Scene, course: Course) -> ft.Control:  # noqa: N802 - same
    """Draw what each probe is at, and what the results mean so far."""
    use_changes(course)
    rows = [_stage(scene, stage) for stage in course.stages]
    card = cards.group(scene, *rows, title=scene.words("diag.running"))
    note = scene.words("diag.so-far")
    return stretched(
        *(headline(scene, verdict, note=note) for verdict in course.verdicts[:1]),
        identified("diag-running", card),
        *groups(scene, course.results),
        gap=GAP_L,
    )


def _stage(scene: Scene, stage: Stage) -> ft.Control:
    label = text.body(scene, said(PROBES[stage.probe], scene.words.language))
    if stage.is_over:
        mark: ft.Control = ft.Icon(_I.CHECK, color=scene.palette.primary, size=20)
    elif stage.share is None:
        mark = text.soft(scene, scene.words("diag.stage.waits"))
    else:
        mark = ft.ProgressBar(value=stage.share or None, width=96)
    return ft.Container(
        ft.Row([ft.Container(label, expand=True), mark], spacing=GAP_M),
        padding=ft.Padding.symmetric(horizontal=GAP_L, vertical=GAP_S),
    )


# --- when it is over


def _run(scene: Scene, model: Diagnosis, run: Run) -> list[ft.Control]:
    words = scene.words
    first, *more = run.verdicts
    others = [one for one in more if one.grade is not Grade.OK]
    when = words("diag.when", when=words.moment(run.ended_at or run.started_at))
    shown = [headline(scene, first, note=when)]
    if model.is_attached:
        said_kept = words("diag.is-attached")
        shown.append(notices.banner(scene, "attached", said_kept, Tone.GOOD, _I.ATTACH_FILE))
    if others:
        rows = [finding(scene, one) for one in others]
        shown.append(cards.group(scene, *rows, title=words("diag.others")))
    if model.changes:
        shown.append(_changes(scene, model))
    limits = [identified("diag-limits", text.soft(scene, one)) for one in limits_said(scene, run)]
    return [*shown, *limits, _handing(scene, model)]


def _changes(scene: Scene, model: Diagnosis) -> ft.Control:
    rows = [_change(scene, change) for change in model.changes]
    return identified("diag-changes", cards.group(scene, *rows, title=scene.words("diag.changes")))


def _change(scene: Scene, change: Change) -> ft.Control:
    words = scene.words
    before, after = valued(scene, change.before), valued(scene, change.after)
    icon, tone, key = {
        True: (_I.TRENDING_UP, Tone.GOOD, "better"),
        False: (_I.TRENDING_DOWN, Tone.BAD, "worse"),
        None: (_I.TRENDING_FLAT, Tone.NEUTRAL, "same"),
    }[change.is_better]
    ink = scene.palette.ink_of(tone)
    of_whom = said(TARGETS[change.after.target], words.language)
    lines = [
        text.body(scene, named_quantity(scene, change.after)),
        text.strong(scene, words("diag.change", before=before, after=after)),
        text.soft(scene, f"{of_whom} · {words(f'diag.change.{key}')}"),
    ]
    return ft.Container(
        ft.Row(
            [
                ft.Icon(icon, color=ink, size=24),
                ft.Column([*lines], spacing=2, tight=True, expand=True),
            ],
            spacing=GAP_M,
        ),
        padding=ft.Padding.symmetric(horizontal=GAP_L, vertical=GAP_S),
    )


def _handing(scene: Scene, model: Diagnosis) -> ft.Control:
    async def share() -> None:
        await hand_over(scene, model)

    return buttons.secondary(
        scene, "diag-pdf", scene.words("diag.share"), share, icon=_I.PICTURE_AS_PDF
    )


def _raw(scene: Scene, run: Run, *, is_raw: bool, toggle: buttons.Work) -> list[ft.Control]:
    words = scene.words
    key = "diag.raw.hide" if is_raw else "diag.raw.show"
    press = buttons.quiet(scene, "diag-raw", words(key), toggle, icon=_I.CODE)
    if not is_raw:
        return [press]
    whole = json.dumps(redact(run.model_dump(mode="json")), indent=1, ensure_ascii=False)
    shown = ft.Text(
        whole[:RAW_CHARACTERS_MAX], font_family=MONO, size=scene.look.small, color=scene.palette.ink
    )
    return [press, cards.card(scene, shown)]


async def hand_over(scene: Scene, model: Diagnosis) -> None:
    """Make a PDF off the loop, and let the person choose where it goes."""
    run, facts = model.run, model.facts
    if run is None or facts is None:
        return
    device = model.device
    about = [f"{facts.label} · {facts.place}"]
    about += [f"{device.model or type_words(scene, device.equipment_type)}"] if device else []
    sheet = sheet_of(scene, run, about=about)
    content = await asyncio.to_thread(model.workspace.account.printing.pdf, sheet)
    name = f"diagnostic-{facts.label}.pdf"
    try:
        chosen = await ft.FilePicker().save_file(file_name=name, src_bytes=content)
    except Exception:  # noqa: BLE001 - Linux without zenity, a phone without a documents app
        _log.warning("no dialog to save a file", exc_info=True)
        model.workspace.notices.say("diag.not-shared")
        return
    if chosen or ft.context.page.web:
        model.workspace.notices.say("diag.shared", file=name)


# --- the office


def _office(scene: Scene, model: Diagnosis) -> list[ft.Control]:
    words, device, office = scene.words, model.device, model.office
    if device is None or office is None:
        return [text.soft(scene, words("diag.no-device"))]
    name = device.model or type_words(scene, device.equipment_type)
    shown: list[ft.Control] = []
    if len(model.devices) > 1:
        options = [
            choices.Option(one.label, one.model or type_words(scene, one.equipment_type))
            for one in model.devices
        ]
        keys = {one.label: one.key for one in model.devices}
        shown.append(
            choices.pills(
                scene,
                "diag-device",
                options,
                chosen=device.label,
                choose=lambda label: model.choose(keys[label]),
            )
        )
    shown.append(OfficeCard(scene, office))
    return [titled(scene, words("diag.office", device=name), stretched(*shown, gap=GAP_M))]


# --- at thumb height


@screen
def DiagnosisFoot(scene: Scene, model: Diagnosis) -> ft.Control:  # noqa: N802 - same
    """Draw the next thing to do: start, stop, or keep it on the job."""
    use_changes(model)
    words, course = scene.words, model.course
    if course is not None:
        use_changes(course)
    if model.is_running:
        stop = buttons.secondary(
            scene, "diag-cancel", words("diag.cancel"), model.cancel, icon=_I.STOP, tone=Tone.BAD
        )
        return page.bottom_bar(scene, stop)
    again = buttons.secondary if model.run else buttons.primary
    key = "diag.again" if model.run else "diag.start"
    start = again(scene, "diag-start", words(key), model.start, icon=_I.PLAY_ARROW)
    if model.run is None or model.is_attached:
        return page.bottom_bar(scene, start)
    keep = buttons.primary(
        scene, "diag-attach", _attach_words(scene, model), model.attach, icon=_I.ATTACH_FILE
    )
    if model.answer is None or scene.is_wide:
        return page.bottom_bar(scene, start, keep)
    # What is noted is said on the button: half a phone's width would cut it off.
    rows = [ft.Row([ft.Container(button, expand=True)]) for button in (keep, start)]
    return page.foot(scene, ft.Column([*rows], spacing=GAP_S, tight=True))


def _attach_words(scene: Scene, model: Diagnosis) -> str:
    answer = model.answer
    if answer is None:
        return scene.words("diag.attach")
    return scene.words("diag.attach.step", value=valued(scene, answer))
