"""A photo that is not on this device: where it is, how far it has come, how to have it."""

from typing import Final

import flet as ft

from field_app.ports import PhotoCard, PhotoState
from field_app.state.photos.looked_at import LookedAt
from field_app.theme import GAP_M
from field_app.views.scene import Scene
from field_app.views.widgets import buttons
from field_app.views.widgets.named import identified
from field_core.problems import Problem

WIDTH_PX: Final = 420
_OWN_WORDS: Final = {
    "blob-missing": "photos.not-at-server",
    "blob-mismatch": "photos.not-this-one",
}
"""What is said to people who look at a photo, not to those who send one."""


def away(scene: Scene, model: LookedAt, card: PhotoCard) -> ft.Control:
    """Draw it on the black that photos lie on."""
    if model.is_fetching:
        drawn = _coming(scene, model, card)
    elif model.problem:
        drawn = [
            *_why(scene, model.problem, card),
            _ask(scene, model, scene.words("view.retry"), ft.Icons.REFRESH),
        ]
    else:
        show = scene.words("photos.fetch", size=scene.words.size(card.size))
        drawn = [
            _where(scene, card),
            *_waiting(scene, model),
            _ask(scene, model, show, ft.Icons.CLOUD_DOWNLOAD),
        ]
    return identified(
        "photo-away",
        ft.Container(
            ft.Column(
                drawn,
                spacing=GAP_M,
                tight=True,
                width=WIDTH_PX,
                horizontal_alignment=ft.CrossAxisAlignment.CENTER,
            ),
            alignment=ft.Alignment.CENTER,
            padding=GAP_M,
        ),
    )


def _coming(scene: Scene, model: LookedAt, card: PhotoCard) -> list[ft.Control]:
    words = scene.words
    said = words("photos.fetching", got=words.size(model.got), size=words.size(card.size))
    share = model.got / card.size if model.got else None
    return [_said(scene, said), _bar(share)]


def _bar(share: float | None) -> ft.Control:
    return ft.ProgressBar(
        value=share, bar_height=6, color=ft.Colors.WHITE, bgcolor=ft.Colors.WHITE_24
    )


def _where(scene: Scene, card: PhotoCard) -> ft.Control:
    is_in_office = card.state is PhotoState.IN_OFFICE
    said = "photos.elsewhere" if is_in_office else "photos.elsewhere.other"
    return _said(scene, scene.words(said))


def _waiting(scene: Scene, model: LookedAt) -> list[ft.Control]:
    """Say why it does not come by itself."""
    if not model.has_link:
        return [_said(scene, scene.words("photos.away.no-link"))]
    return [_said(scene, scene.words("photos.away.held"))] if model.is_held else []


def _why(scene: Scene, problem: Problem, card: PhotoCard) -> list[ft.Control]:
    """Say why it did not come; a link that fails does not change where it is."""
    own = _OWN_WORDS.get(problem.code)
    if own:
        return [_said(scene, scene.words(own))]
    return [_where(scene, card), _said(scene, problem.sentence(scene.words.language))]


def _said(scene: Scene, sentence: str) -> ft.Control:
    return ft.Text(
        sentence, color=ft.Colors.WHITE, size=scene.look.body, text_align=ft.TextAlign.CENTER
    )


def _ask(scene: Scene, model: LookedAt, label: str, icon: ft.IconData) -> ft.Control:
    return buttons.primary(scene, "fetch-photo", label, model.fetch, icon=icon)
