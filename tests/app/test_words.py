"""Every text exists in both languages with the same parameters, and none is missing or unused."""

import re
import string
from pathlib import Path

import pytest

from field_app.i18n import Language, Words, catalogue, language_of
from field_app.ports import SendState
from field_app.settings import Settings, as_markdown
from field_core.status import JobStatus

ROOT = Path(__file__).resolve().parents[2]
KEY = re.compile(r"""words(?:\.count)?\(\s*f?"([^"]+)\"""")


def parameters(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_both_languages_have_the_same_keys() -> None:
    assert set(catalogue("fr")) == set(catalogue("en"))


@pytest.mark.parametrize("key", sorted(catalogue("fr")))
def test_both_languages_name_the_same_parameters(key: str) -> None:
    assert parameters(catalogue("fr")[key]) == parameters(catalogue("en")[key])


def used_keys() -> list[tuple[str, str]]:
    files = sorted((ROOT / "field_app").rglob("*.py"))
    return [
        (path.name, key) for path in files for key in KEY.findall(path.read_text(encoding="utf-8"))
    ]


@pytest.mark.parametrize(("file", "key"), used_keys())
def test_key_used_in_the_code_exists(file: str, key: str) -> None:
    """A key with a part filled in needs at least one text that fits."""
    pattern = re.compile(re.sub(r"\\\{[^}]*\\\}", ".+", re.escape(key)) + r"(\.one|\.other)?")

    assert any(pattern.fullmatch(known) for known in catalogue("fr")), file


@pytest.mark.parametrize("state", JobStatus)
def test_every_job_status_has_words(state: JobStatus) -> None:
    assert Words("fr").state(state) == catalogue("fr")[f"status.{state}"]


@pytest.mark.parametrize("state", SendState)
def test_every_send_state_has_words(state: SendState) -> None:
    assert f"send.{state}" in catalogue("fr")


@pytest.mark.parametrize(
    ("language", "count", "said"),
    [
        ("fr", 0, "0 élément à envoyer"),
        ("fr", 1, "1 élément à envoyer"),
        ("fr", 2, "2 éléments à envoyer"),
        ("en", 0, "0 items to send"),
        ("en", 1, "1 item to send"),
    ],
)
def test_plural_follows_the_language(language: Language, count: int, said: str) -> None:
    assert Words(language).count("view.unsent", count) == said


@pytest.mark.parametrize(
    ("ms", "said"),
    [(0, "à l’instant"), (60_000, "1 minute"), (7_200_000, "2 heures"), (86_400_000, "1 jour")],
)
def test_age_is_said_in_the_largest_unit(ms: int, said: str) -> None:
    assert Words("fr").age(ms) == said


def test_moment_is_written_in_the_sites_time_zone() -> None:
    assert Words("fr").moment("2026-04-27T02:00:00.000000Z") == "2026-04-26 22:00"


def test_size_is_written_as_people_write_it() -> None:
    assert [Words("fr").size(n) for n in (1, 999_000, 1_500_000)] == ["1 Ko", "999 Ko", "1,5 Mo"]
    assert Words("en").size(1_500_000) == "1.5 MB"


@pytest.mark.parametrize(("tag", "language"), [("fr-CA", "fr"), ("en", "en"), ("xx", "fr")])
def test_unknown_language_is_french(tag: str, language: str) -> None:
    assert language_of(tag) == language


def test_documentation_holds_every_setting() -> None:
    page = (ROOT / "docs" / "field-app.md").read_text(encoding="utf-8")

    assert as_markdown() in page
    assert len(Settings.model_fields) == page.count("| `GIGAFIELD_")
