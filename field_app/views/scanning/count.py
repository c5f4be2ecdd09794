"""The van's inventory: how many were counted, what is missing, what is there besides."""

from collections.abc import Mapping
from typing import Final

import flet as ft

from field_app.ports import Recorded
from field_app.state.equipment.device_records import name_of
from field_app.state.place import Place
from field_app.state.scanning.count import Counted, Found, VanCount
from field_app.state.workspace import Workspace
from field_app.theme import Tone
from field_app.views.boundary import screen, use_model
from field_app.views.equipment.device import TYPE_ICONS, type_words
from field_app.views.scanning.scanner import ScannerScreen
from field_app.views.scene import Scene
from field_app.views.widgets import buttons, cards, chips, notices, page, text
from field_app.views.widgets.named import identified

_I: Final = ft.Icons
_FOUND: Final[Mapping[Found, tuple[ft.IconData, Tone]]] = {
    Found.EXPECTED: (_I.CHECK_CIRCLE, Tone.GOOD),
    Found.LOOSE: (_I.ADD_CIRCLE, Tone.INFO),
    Found.ELSEWHERE: (_I.WARNING_AMBER, Tone.WARN),
    Found.UNKNOWN: (_I.NEW_RELEASES, Tone.INFO),
}


@screen
def CountScreen(scene: Scene, workspace: Workspace, _place: Place) -> ft.Control:  # noqa: N802 - components are named like controls
    """Draw the count, or the scanner over it."""
    model = use_model(lambda: VanCount(workspace), workspace)
    words = scene.words
    if model.scanner:
        scanner = ScannerScreen(scene, workspace, model.scanner, _sum(scene, model))
        return page.stage("scanner", scanner)
    is_read = model.expected is not None
    return page.frame(
        scene,
        "count",
        head=page.header(
            scene, words("count.title"), subtitle=_sum(scene, model), back=model.leave
        ),
        content=page.scroll(*_content(scene, model)) if is_read else notices.waiting(scene),
        foot=_foot(scene, model) if is_read else None,
    )


def _sum(scene: Scene, model: VanCount) -> str:
    """Say how far the count has come."""
    found = sum(one.found is Found.EXPECTED for one in model.counted)
    expected = len(model.expected or ())
    last = f" · {model.counted[-1].label}" if model.counted and model.scanner else ""
    return scene.words("count.sum", found=found, expected=expected) + last


def _content(scene: Scene, model: VanCount) -> list[ft.Control]:
    words = scene.words
    shown: list[ft.Control] = []
    if model.problem:
        shown.append(notices.problem(scene, model.problem))
    if model.is_full:
        said = words("count.full")
        shown.append(notices.banner(scene, "count-full", said, Tone.WARN, _I.INFO_OUTLINE))
    if not model.counted and not model.expected:
        empty = words("count.empty"), words("count.empty.hint")
        return [*shown, notices.empty(scene, "count-empty", _I.INVENTORY_2_OUTLINED, *empty)]
    if model.missing:
        rows = [_missing(scene, record) for record in model.missing]
        key = "count.missing" if model.counted else "count.expected"
        shown.append(cards.group(scene, *rows, title=words.count(key, len(rows))))
    if model.counted:
        ordered = sorted(model.counted, key=lambda one: one.found is Found.EXPECTED)
        rows = [_counted(scene, model, one) for one in ordered]
        shown.append(cards.group(scene, *rows, title=words.count("count.counted", len(rows))))
        shown.append(
            buttons.quiet(
                scene, "count-again", words("count.again"), model.begin_again, icon=_I.DELETE
            )
        )
    return shown


def _missing(scene: Scene, record: Recorded) -> ft.Control:
    kind = type_words(scene, record.equipment_type)
    name, mac = name_of(record), record.mac_address or ""
    facts = [" · ".join(part for part in (kind, record.model) if part), mac if mac != name else ""]
    icon = TYPE_ICONS.get(record.equipment_type, _I.DEVICE_UNKNOWN)
    return cards.tile(scene, f"missing-{record.key}", name, None, icon=icon, facts=facts)


def _counted(scene: Scene, model: VanCount, one: Counted) -> ft.Control:
    words = scene.words
    icon, tone = _FOUND[one.found]
    record = one.record
    where = ""
    if one.found is Found.ELSEWHERE and record:
        where = record.place or record.location or words("count.other-van")
    mark = next((mark for mark in one.marks if mark), "")
    drop = buttons.icon_only(
        scene, f"drop-{mark}", words("count.drop"), _I.CLOSE, lambda: model.drop(one)
    )
    return cards.tile(
        scene,
        f"counted-{mark}",
        one.label,
        None,
        facts=[where, mark if mark != one.label else ""],
        marks=[chips.chip(scene, words(f"count.found.{one.found}"), icon, tone)],
        trailing=drop,
    )


def _foot(scene: Scene, model: VanCount) -> ft.Control:
    words, count = scene.words, model.differences
    scan = buttons.primary if not count else buttons.secondary
    opened = scan(
        scene,
        "count-scan",
        words("scan.short"),
        model.open_scanner,
        icon=_I.QR_CODE_SCANNER,
        expand=True,
    )
    if not count:
        said = words("count.even") if model.counted else ""
        line = [identified("count-even", text.soft(scene, said))] if said else []
        return page.foot(scene, ft.Column([*line, ft.Row([opened])], tight=True))
    send = buttons.primary(
        scene,
        "count-settle",
        words.count("count.settle", count),
        model.settle,
        icon=_I.SEND,
        expand=True,
    )
    return page.bottom_bar(scene, opened, send)
