"""Numbers as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from field_core.numbers import read_number, write_number

LANGUAGES = ["fr", "en"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("-24,1", -24.1),
        ("-24.1", -24.1),
        ("−24,1", -24.1),
        ("–24.1", -24.1),
        (" 1 250 ", 1250.0),
        ("1\N{NO-BREAK SPACE}250,5", 1250.5),
        ("+7", 7.0),
        (",5", 0.5),
        ("5,", 5.0),
    ],
)
def test_number_is_read_as_it_is_typed(language: str, typed: str, number: float) -> None:
    assert read_number(typed, language) == number


def test_comma_parts_thousands_only_in_english() -> None:
    assert (read_number("1,250", "fr"), read_number("1,250", "en")) == (1.25, 1250.0)
    assert read_number("1,250,000.5", "en") == 1_250_000.5


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "typed",
    [
        "",
        "-",
        ",",
        "abc",
        "nan",
        "NaN",
        "inf",
        "-inf",
        "1e5",
        "1_000",
        "1,2,3",
        "--1",
        "٣",
        "0x1f",
        "9" * 16,
        "1.2.3",
        "12a",
    ],
)
def test_what_is_no_plain_number_is_none(language: str, typed: str) -> None:
    assert read_number(typed, language) is None


@given(st.integers(-(10**8), 10**8), st.sampled_from(LANGUAGES))
def test_number_that_is_written_reads_the_same(thousandths: int, language: str) -> None:
    value = thousandths / 1000
    written = write_number(value, language)

    assert read_number(written.replace(",", "."), language) == value
    assert ("," in written) is (language == "fr" and not value.is_integer())


@given(st.text(max_size=20))
def test_any_text_is_read_without_an_accident(typed: str) -> None:
    number = read_number(typed)

    assert number is None or abs(number) < 10**15
