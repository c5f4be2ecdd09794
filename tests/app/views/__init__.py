"""Screens on a page without a client: drawn, pressed, read again."""

from field_app.i18n import Language, Words
from field_app.theme import Look
from field_app.views.scene import Scene
from tests.app.making import NOON_MS


def scene(language: Language = "fr", *, is_wide: bool = False, look: Look | None = None) -> Scene:
    """Return how to draw in a test."""
    return Scene(Words(language), look or Look(), is_wide, lambda: NOON_MS)
