"""The catalogue: every failure with a status, a retry class and a sentence in both languages."""

import json
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from field_core.problems import CATALOGUE, Problem, ProblemError, Retry
from tests.core.strategies import JSON

CODES = sorted(CATALOGUE)


def details_of(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


@pytest.mark.parametrize("code", CODES)
def test_every_problem_has_a_sentence_in_both_languages_about_the_same_details(code: str) -> None:
    kind = CATALOGUE[code]

    assert details_of(kind.fr) == details_of(kind.en)
    for sentence in (Problem(code).sentence("fr-CA"), Problem(code).sentence("en-CA")):
        assert sentence[-1] in ".—"
        assert "{" not in sentence
    assert kind.fr != kind.en


@pytest.mark.parametrize("code", CODES)
def test_every_problem_has_a_stable_code_and_a_failing_status(code: str) -> None:
    assert code == code.lower().replace("_", "-").strip()
    assert 400 <= CATALOGUE[code].status < 600
    assert CATALOGUE[code].retry in Retry


@pytest.mark.parametrize("code", CODES)
def test_french_follows_the_typography_of_quebec(code: str) -> None:
    """No space before a semicolon, curly apostrophes, guillemets (OQLF)."""
    text = CATALOGUE[code].fr

    assert " ;" not in text
    assert "'" not in text
    assert '"' not in text


def test_sentence_then_details_stand_in_it() -> None:
    problem = Problem("illegal-transition", {"current": "Completed", "to": "Open"})

    assert problem.sentence() == "On ne passe pas de « Completed » à « Open »."
    assert problem.sentence("en") == "A job does not go from “Completed” to “Open”."


def test_sentence_then_a_missing_detail_is_a_dash() -> None:
    assert Problem("rate-limited").sentence() == "Trop de demandes; réessayez dans — s."


def test_as_json_has_the_members_of_rfc_9457() -> None:
    problem = Problem("gap", {"expected": 7})

    assert problem.as_json("en") == {
        "type": "urn:gigafibre:problem:gap",
        "title": "Operations are missing before number 7.",
        "status": 409,
        "code": "gap",
        "retry": "later",
        "expected": 7,
    }


@given(
    st.sampled_from(CODES),
    st.dictionaries(st.sampled_from(["status", "type", "title", "code", "retry", "field"]), JSON),
)
def test_as_json_then_no_detail_replaces_a_member(code: str, details: dict[str, object]) -> None:
    written = Problem(code, details).as_json()  # type: ignore[arg-type]  # drawn as JSON

    assert written["type"] == f"urn:gigafibre:problem:{code}"
    assert (written["code"], written["status"]) == (code, CATALOGUE[code].status)
    assert json.loads(json.dumps(written)) == written


def test_problem_error_carries_the_problem() -> None:
    with pytest.raises(ProblemError) as caught:
        raise ProblemError("blob-offset", offset=12)

    assert caught.value.problem == Problem("blob-offset", {"offset": 12})


def test_problem_error_of_an_unknown_code_is_a_programmer_mistake() -> None:
    with pytest.raises(AssertionError, match="no such problem: oops"):
        ProblemError("oops")
