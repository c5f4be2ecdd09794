"""What a label told: the identity first, then every code with what it gave."""

from collections.abc import Sequence
from typing import Final

import flet as ft

from field_app.state.scanning.identified import SHOWN, CodeLine, Identified
from field_app.state.scanning.scanner import Phase, Scanner
from field_app.theme import GAP_M, GAP_S, RADIUS_PX, Tone
from field_app.views.job.part import stretched
from field_app.views.look import MONO
from field_app.views.scene import Scene
from field_app.views.widgets import buttons, cards, chips, notices, page, text
from field_app.views.widgets.named import identified
from field_core.identity import gpon_in_hex
from field_core.labels import Field

_I: Final = ft.Icons
CROP_PX: Final = 150


def result(scene: Scene, model: Scanner) -> ft.Control:
    """Draw what was read, or that nothing was."""
    parts: list[ft.Control] = [*_crop(model)]
    if model.found:
        parts.append(_identity(scene, model.found))
    else:
        parts.append(_nothing(scene, model))
    if model.lines:
        parts.append(_codes(scene, model.lines))
    if model.doubtful:
        said = scene.words("scan.doubtful", texts=", ".join(model.doubtful))
        parts.append(notices.banner(scene, "scan-doubtful", said, Tone.WARN, _I.HELP_OUTLINE))
    return page.scroll(stretched(*parts))


def _crop(model: Scanner) -> list[ft.Control]:
    if model.crop is None:
        return []
    picture = ft.Image(
        src=model.crop, height=CROP_PX, fit=ft.BoxFit.CONTAIN, border_radius=RADIUS_PX
    )
    return [identified("scan-crop", ft.Container(picture, alignment=ft.Alignment.CENTER))]


def _identity(scene: Scene, found: Identified) -> ft.Control:
    """Draw the values, largest the one that names the device."""
    words = scene.words
    rows: list[ft.Control] = [
        chips.chip(scene, words("scan.by.barcode"), _I.QR_CODE, Tone.GOOD),
        text.soft(scene, words(f"label.{found.best_field}")),
        identified("scan-best", text.display(scene, found.best or "")),
    ]
    for name in SHOWN:
        if name in found.values and (name is Field.GPON or name is not found.best_field):
            rows += _value(scene, name, found.values[name])
    return cards.card(
        scene, ft.Column(rows, spacing=GAP_S, tight=True), name="scan-found", tone=Tone.GOOD
    )


def _value(scene: Scene, name: Field, value: str) -> list[ft.Control]:
    lines = [value]
    if name is Field.GPON:
        lines.append(gpon_in_hex(value))
    label = text.soft(scene, scene.words(f"label.{name.value}"))
    coded = [
        ft.Text(line, size=scene.look.body, font_family=MONO, color=scene.palette.ink)
        for line in lines
    ]
    return [ft.Column([label, *coded], spacing=0, tight=True)]


def _nothing(scene: Scene, model: Scanner) -> ft.Control:
    words = scene.words
    key = "scan.none.codes" if model.lines else "scan.none"
    hint = "scan.none.hint.photo" if model.takes_photo_alone else "scan.none.hint"
    return notices.empty(scene, "scan-nothing", _I.SEARCH_OFF, words(key), words(hint))


def _codes(scene: Scene, lines: Sequence[CodeLine]) -> ft.Control:
    rows = [_code(scene, number, line) for number, line in enumerate(lines)]
    title = scene.words.count("scan.codes", len(lines))
    return cards.group(scene, *rows, title=title)


def _code(scene: Scene, number: int, line: CodeLine) -> ft.Control:
    """Draw one code: what it says, and what of that was taken."""
    words = scene.words
    said = [f"{words(f'label.{name.value}')} : {value}" for name, value in line.gave]
    if words.language == "en":
        said = [sentence.replace(" : ", ": ") for sentence in said]
    said += [one.problem.sentence(words.language) for one in line.refused]
    if not said:
        said = [words("scan.code.other")]
    drawn: list[ft.Control] = [
        ft.Text(
            _visible(line.text),
            size=scene.look.small,
            font_family=MONO,
            color=scene.palette.ink,
            max_lines=2,
            overflow=ft.TextOverflow.ELLIPSIS,
        ),
        *(text.soft(scene, sentence) for sentence in said),
    ]
    icon = _I.QR_CODE_2 if line.symbology in ("QR", "DataMatrix", "MicroQR") else _I.VIEW_WEEK
    tone = scene.palette.primary if line.gave else scene.palette.ink_soft
    return identified(
        f"scan-code-{number}",
        ft.Container(
            ft.Row(
                [
                    ft.Icon(icon, color=tone, size=22),
                    ft.Column(drawn, spacing=2, tight=True, expand=True),
                    text.soft(scene, line.symbology),
                ],
                spacing=GAP_M,
                vertical_alignment=ft.CrossAxisAlignment.START,
            ),
            padding=ft.Padding.symmetric(horizontal=GAP_M, vertical=GAP_S),
        ),
    )


def _visible(code: str) -> str:
    """Return a code without what no font draws: separators of ISO 15434 and the like."""
    return "".join(c if c.isprintable() else "·" for c in code)


def result_foot(scene: Scene, model: Scanner) -> ft.Control:
    """Draw what can be done with it, at thumb height."""
    words = scene.words
    again = buttons.secondary(
        scene, "scan-again", words("scan.again"), model.again, icon=_I.REPLAY, expand=True
    )
    if model.phase is Phase.FOUND:
        use = buttons.primary(
            scene, "scan-use", words("scan.use"), model.use, icon=_I.CHECK, expand=True
        )
        return page.bottom_bar(scene, again, use)
    if not model.takes_photo_alone:
        return page.bottom_bar(scene, again)
    keep = buttons.primary(
        scene,
        "scan-keep-photo",
        words("scan.keep-photo"),
        model.use_photo,
        icon=_I.PHOTO,
        expand=True,
    )
    rows = [ft.Row([ft.Container(button, expand=True)]) for button in (keep, again)]
    return page.foot(scene, ft.Column([*rows], spacing=GAP_S, tight=True))
