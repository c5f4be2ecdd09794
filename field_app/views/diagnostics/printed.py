"""A run as a sheet of paper: the same words, in the same order as on the screen."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from field_app.ports import Mood, PrintedLine, PrintedSection, PrintedVerdict, Sheet
from field_app.views.diagnostics.limits import limits_said
from field_app.views.diagnostics.results import named_quantity, noted, valued
from field_app.views.scene import Scene
from field_core.cpe import Grade, Verdict
from field_core.diagnosis import Result, Run
from field_core.diagnosis.quantities import PROBES, said

MOODS: Final[dict[Grade, Mood]] = {
    Grade.OK: "good",
    Grade.WATCH: "warn",
    Grade.BAD: "bad",
    Grade.UNKNOWN: "neutral",
}


def sheet_of(scene: Scene, run: Run, *, about: Sequence[str]) -> Sheet:
    """Return what is printed; `about` are the job, its place, the device."""
    words = scene.words
    when = words("diag.pdf.when", when=words.moment(run.ended_at or run.started_at))
    return Sheet(
        title=words("diag.pdf.title"),
        facts=[*about, when, *limits_said(scene, run)],
        verdicts=[
            _verdict(scene, one)
            for number, one in enumerate(run.verdicts)
            if number == 0 or one.grade is not Grade.OK
        ],
        sections=[*_sections(scene, run.results)],
        foot=words("diag.pdf.foot", run=run.id[-8:]),
    )


def _verdict(scene: Scene, verdict: Verdict) -> PrintedVerdict:
    is_english = scene.words.language == "en"
    action = verdict.action_en if is_english else verdict.action_fr
    return PrintedVerdict(
        state=scene.words(f"diag.grade.{verdict.grade}"),
        sentence=verdict.en if is_english else verdict.fr,
        action=scene.words("diag.todo", action=action),
        mood=MOODS[verdict.grade],
    )


def _sections(scene: Scene, results: Sequence[Result]) -> Iterator[PrintedSection]:
    for probe, found in groupby(results, key=lambda result: result.probe):
        lines = [_line(scene, result) for result in found]
        yield PrintedSection(said(PROBES[probe], scene.words.language), lines)


def _line(scene: Scene, result: Result) -> PrintedLine:
    state = f"{scene.words(f'diag.grade.{result.grade}')} · " if result.grade else ""
    return PrintedLine(
        named_quantity(scene, result),
        f"{state}{valued(scene, result)}",
        noted(scene, result),
        MOODS[result.grade] if result.grade else "neutral",
    )
