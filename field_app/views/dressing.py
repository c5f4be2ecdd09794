"""What the page itself wears: title, theme and the language of Material's own words."""

from typing import Any

import flet as ft

from field_app.i18n import Words
from field_app.theme import Look
from field_app.views.look import theme_mode_of, theme_of


def use_dressing(page: ft.Page, words: Words, look: Look) -> None:
    """Dress the page before it is first drawn, and again whenever words or look change."""
    worn: Any = ft.use_ref(None)
    wanted = (words.language, look)
    if worn.current is None:
        dress(page, words, look)
        worn.current = wanted

    def change() -> None:
        if worn.current != wanted:
            worn.current = wanted
            dress(page, words, look)
            page.update()

    ft.use_effect(change, [words.language, look])


def dress(page: ft.Page, words: Words, look: Look) -> None:
    """Set what the page wears."""
    page.title = words("app.title")
    page.theme = page.dark_theme = theme_of(look)
    page.theme_mode = theme_mode_of(look)
    tag = ft.Locale(words.language, "CA")
    page.locale_configuration = ft.LocaleConfiguration(supported_locales=[tag], current_locale=tag)
