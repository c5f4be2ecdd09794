"""What the page says while no app draws on it, in the language and the colours of its reader."""

from importlib.resources import files

import pytest

from field_app.i18n import Language, Words
from field_app.theme import DARK, LIGHT, Palette
from field_app.views.standing_page import dressed

FLETS = (files("flet_web") / "web" / "index.html").read_bytes()


def page(language: Language = "fr", palette: Palette = LIGHT) -> str:
    return dressed(FLETS, Words(language), palette).decode()


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("fr", ("Un instant…", "L’application s’est arrêtée", "L’application a redémarré")),
        ("en", ("One moment…", "The app has stopped", "The app has restarted")),
    ],
)
def test_page_speaks_its_readers_language(language: Language, said: tuple[str, ...]) -> None:
    drawn = page(language)

    assert all(f"<h1>{one}</h1>" in drawn for one in said)
    assert f'<html lang="{language}-CA">' in drawn
    assert f"<title>{Words(language)('app.title')}</title>" in drawn


def test_page_says_nothing_of_flets_own() -> None:
    """Every mark that is looked for in Flet's page is there in the release that is pinned."""
    drawn = page()

    assert "<title>Flet</title>" not in drawn
    assert 'aria-label="Loading"' not in drawn


def test_page_is_watched_before_the_client_opens_a_connection() -> None:
    drawn = page()

    assert drawn.index("window.WebSocket = class") < drawn.index("flutter_bootstrap.js")
    assert drawn.index('id="field-sheet"') < drawn.index("flutter_bootstrap.js")


def test_times_are_written_into_the_script() -> None:
    assert "_MS" not in page()


def test_page_wears_the_colours_that_were_chosen() -> None:
    assert (DARK.background in page(palette=DARK), DARK.ink in page()) == (True, False)


def test_words_are_no_markup(monkeypatch: pytest.MonkeyPatch) -> None:
    words = Words("fr")
    monkeypatch.setattr(Words, "__call__", lambda _self, key: f"<b>{key}</b>")

    assert "<b>" not in dressed(b"<html><body>", words, LIGHT).decode()
