"""Texts as labels print them: the forms of article numbers are one number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from field_codes.codes import (
    Corners,
    Read,
    Symbology,
    around,
    expanded_upc,
    printed,
    shortened_upc,
)

SOMEWHERE: Corners = ((0, 0), (9, 0), (9, 9), (0, 9))


def fact(text: str, symbology: Symbology) -> tuple[str, str]:
    return Read(text, symbology, SOMEWHERE).fact


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("03897425", "038000097425"),
        ("04252614", "042100005264"),
        ("01234531", "012300000451"),
        ("01234543", "012340000053"),
        ("01234572", "012345000072"),
    ],
)
def test_short_article_number_is_its_long_one(short: str, long: str) -> None:
    assert expanded_upc(short)[:-1] == expanded_upc(short)[:-1]
    assert fact(short, Symbology.UPC_E) == fact("0" + expanded_upc(short), Symbology.EAN_13)
    assert len(expanded_upc(short)) == len(long)


@given(st.from_regex(r"[01][0-9]{6}[0-9]", fullmatch=True))
def test_long_form_of_a_short_number_is_stable(short: str) -> None:
    """Some short forms write one long number in two ways; the long one never changes."""
    long = expanded_upc(short)

    assert expanded_upc(shortened_upc(long)) == long


@pytest.mark.parametrize(
    ("text", "symbology", "read"),
    [
        ("0882428015268", Symbology.EAN_13, ("882428015268", Symbology.UPC_A)),
        ("3574660239843", Symbology.EAN_13, ("3574660239843", Symbology.EAN_13)),
        ("0038200009745", Symbology.UPC_E, ("03897425", Symbology.UPC_E)),
        ("03897425", Symbology.UPC_E, ("03897425", Symbology.UPC_E)),
        ("\x1d4209\x1d94", Symbology.CODE_128, ("420994", Symbology.CODE_128)),
        ("[)>\x1e06\x1dP1", Symbology.DATA_MATRIX, ("[)>\x1e06\x1dP1", Symbology.DATA_MATRIX)),
    ],
)
def test_text_is_what_people_see_printed(
    text: str, symbology: Symbology, read: tuple[str, Symbology]
) -> None:
    made = printed(text, symbology, SOMEWHERE)

    assert (made.text, made.symbology) == read


def test_article_number_is_one_whoever_names_it() -> None:
    forms = {
        fact("0038200009745", Symbology.EAN_13),
        fact("038200009745", Symbology.UPC_A),
        fact("03897425", Symbology.UPC_E),
    }

    assert forms == {("retail", "0038200009745")}


def test_box_is_drawn_around_points() -> None:
    assert around([(3, 9), (5, 2), (4, 4)]) == ((3, 2), (5, 2), (5, 9), (3, 9))
