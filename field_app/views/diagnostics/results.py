"""The numbers of a run: by probe, each with its unit, its limit and how it was measured."""

from collections.abc import Iterable, Sequence
from itertools import groupby

import flet as ft

from field_app.theme import GAP_L, GAP_M, GAP_S
from field_app.views.diagnostics.charts import course_chart
from field_app.views.diagnostics.grades import grade_chip
from field_app.views.scene import Scene
from field_app.views.widgets import cards, text
from field_core.diagnosis import QUANTITIES, Probe, Result
from field_core.diagnosis.quantities import METHODS, PROBES, TARGETS, said, value_said

_DURATIONS = frozenset({"wan-uptime", "snmp-uptime", "device-uptime", "line-uptime"})
_STATES = frozenset({"line-status", "wan-status", "link-kind"})


def groups(scene: Scene, results: Iterable[Result]) -> list[ft.Control]:
    """Draw results on one card per probe; those of the office stand with the device."""
    own = [result for result in results if result.probe is not Probe.ACS]
    return [
        cards.group(
            scene,
            *(row for result in found for row in _rows(scene, result)),
            title=said(PROBES[probe], scene.words.language),
        )
        for probe, found in groupby(own, key=lambda result: result.probe)
    ]


def lines(scene: Scene, results: Sequence[Result]) -> list[ft.Control]:
    """Draw results as rows, for a card of somebody else's."""
    return [row for result in results for row in _rows(scene, result)]


def _rows(scene: Scene, result: Result) -> list[ft.Control]:
    row = line(scene, result)
    if not result.series:
        return [row]
    chart = course_chart(scene, result)
    return [
        row,
        ft.Container(chart, padding=ft.Padding.symmetric(horizontal=GAP_L, vertical=GAP_S)),
    ]


def line(scene: Scene, result: Result) -> ft.Control:
    """Draw one result: its name, where from, its value and grade."""
    value = text.strong(scene, valued(scene, result))
    marks: list[ft.Control] = [grade_chip(scene, result.grade)] if result.grade else []
    named = ft.Column(
        [
            text.body(scene, named_quantity(scene, result)),
            *([text.soft(scene, note)] if (note := noted(scene, result)) else []),
        ],
        spacing=2,
        tight=True,
        expand=True,
    )
    if result.absence is not None:
        why = text.soft(scene, result.absence.sentence(scene.words.language))
        content: ft.Control = ft.Column([named, why], spacing=2, tight=True)
        named.expand = None
    else:
        at_end = ft.Column(
            [value, *marks],
            spacing=2,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.END,
        )
        content = ft.Row(
            [named, at_end], spacing=GAP_M, vertical_alignment=ft.CrossAxisAlignment.START
        )
    return ft.Container(content, padding=ft.Padding.symmetric(horizontal=GAP_L, vertical=GAP_S))


def named_quantity(scene: Scene, result: Result) -> str:
    """Name a result, with the station, band or node that it is of."""
    name = QUANTITIES[result.quantity].said(scene.words.language)
    of = result.details.get("name")
    return f"{name} · {band_said(scene, str(of))}" if of else name


def band_said(scene: Scene, band: str) -> str:
    """Write a band as people do, `2,4 GHz`; other names stay as they are."""
    number, unit, rest = band.partition("GHz")
    if not unit or rest:
        return band
    return f"{number.replace('.', ',') if scene.words.language == 'fr' else number}\u00a0GHz"


def valued(scene: Scene, result: Result) -> str:
    """Write a result's value for people: a time as one, a state in words."""
    words, value = scene.words, result.value
    if result.quantity in _DURATIONS and isinstance(value, int | float):
        return words.age(int(value * 1000))
    key = f"diag.state.{value}"
    if result.quantity in _STATES and words.has(key):
        return words(key)
    return value_said(result, words.language)


def noted(scene: Scene, result: Result) -> str:
    """Say what stands beside a value: of whom, the limit, how it was measured."""
    words, parts = scene.words, []
    if result.probe is not Probe.ACS:
        parts.append(said(TARGETS[result.target], words.language))
    if result.limit is not None:
        parts.append(words("diag.limit", limit=words.number(result.limit), unit=result.unit or ""))
    if result.method in METHODS and result.probe is not Probe.ACS:
        parts.append(said(METHODS[result.method], words.language))
    return " · ".join(part.strip() for part in parts)
