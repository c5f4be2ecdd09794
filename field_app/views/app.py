"""The window: one page a client, all on the one account that this machine has open."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import flet as ft

from field_app import theme
from field_app.i18n import Words
from field_app.ports import Entry
from field_app.state.shell import Shell
from field_app.views.boundary import screen, use_screen
from field_app.views.day import DayScreen
from field_app.views.sign_in import SignInScreen

_log: Final = logging.getLogger(__name__)
ASSETS: Final = str(Path(__file__).resolve().parents[2] / "assets")


@screen
def Root(words: Words, shell: Shell, now_ms: Callable[[], int]) -> ft.Control:  # noqa: N802 - components are named like controls
    """Draw what the shell holds."""
    use_screen(shell)
    ft.use_effect(shell.open, [])
    if shell.sign_in:
        return ft.SafeArea(SignInScreen(words, shell.sign_in), expand=True)
    if shell.day:
        return ft.SafeArea(DayScreen(words, shell.day, now_ms), expand=True)
    return ft.Text(words("view.loading"))


def make_main(entry: Entry, words: Words, now_ms: Callable[[], int]) -> Callable[[ft.Page], None]:
    """Return what Flet calls for each client."""

    def main(page: ft.Page) -> None:
        page.title = words("app.title")
        page.theme = ft.Theme(color_scheme_seed=theme.SEED)
        tag = ft.Locale(words.language, "CA")
        page.locale_configuration = ft.LocaleConfiguration(
            supported_locales=[tag], current_locale=tag
        )
        guard: Any = page.session
        guard.error = _report(page, words)
        page.render(Root, words, Shell(entry, today=lambda: words.today(now_ms())), now_ms)

    return main


def _report(page: ft.Page, words: Words) -> Callable[[str], None]:
    """Replace Flet's red panel, which would cover the whole app, by a line and a log entry."""

    def report(message: str) -> None:
        _log.error("handler failed: %s", message)
        page.show_dialog(ft.SnackBar(ft.Text(words("app.wrong"))))

    return report


def open_window(entry: Entry, words: Words, now_ms: Callable[[], int]) -> None:
    """Open the app's own window; returns when it is closed."""
    ft.run(make_main(entry, words, now_ms), assets_dir=ASSETS)


def serve(entry: Entry, words: Words, now_ms: Callable[[], int], *, host: str, port: int) -> None:
    """Serve the app to browsers; returns when the program is ended."""
    ft.run(
        make_main(entry, words, now_ms),
        view=None,
        host=host,
        port=port,
        no_cdn=True,
        assets_dir=ASSETS,
    )
