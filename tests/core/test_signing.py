"""What is signed, and whether it still is what the job says (T-17)."""

# ruff: noqa: ANN401 - JSON of any shape

from typing import Any

import pytest

from field_core.canon import Body
from field_core.signing import (
    changes_since,
    facts_of,
    fingerprint,
    is_changed_since,
    is_signed,
    is_taken_out,
)


def job(**fields: Any) -> Body:
    return {
        "subject": "Installation",
        "customer": "CUST-1",
        "status": "On Site",
        "checklist": [{"id": "s1", "step": "rx", "value": -19.5, "done": True, "label_fr": "Rx"}],
        "materials": [
            {"id": "m1", "item": "FIBRE", "qty": 2.0, "rate": 3.5},
            {"id": "m2", "item": "PLATE", "qty": 0},
        ],
        **fields,
    }


def signed(**fields: Any) -> Body:
    body = job(**fields)
    return {
        **body,
        "signature": "ab",
        "signed_language": "fr",
        "signed_text_sha256": fingerprint(facts_of(body, "fr")),
    }


def test_facts_are_what_the_customer_sees_and_nothing_of_the_office() -> None:
    assert facts_of(job(), "fr") == {
        "language": "fr",
        "subject": "Installation",
        "customer": "CUST-1",
        "checklist": [{"id": "s1", "step": "rx", "value": "-19.5", "done": True}],
        "equipment": [],
        "materials": [{"id": "m1", "item": "FIBRE", "qty": "2"}],
        "readings": [],
    }


def test_fingerprint_is_the_sha256_of_canonical_json() -> None:
    assert fingerprint({"b": 1, "a": "é"}) == (
        "aa58fba8483623bed37c1b02edfccbdd9a53123837c20bfa4cb4049993a2872e"
    )


DONE_HERE = "0197a000-0000-7000-8000-00000000e001"


@pytest.mark.parametrize(
    "later",
    [
        {"status": "Completed"},
        {"notes": [{"id": "n1", "text": "rangé"}]},
        {"scheduled_date": "2026-05-01"},
        {"equipment": [{"id": "abc123def0", "action": "Remove"}]},  # the office's plan, not done
        {"materials": [{"id": "m1", "item": "FIBRE", "qty": 2, "rate": 9.0}]},
    ],
)
def test_what_was_not_signed_may_change(later: Any) -> None:
    assert not is_changed_since({**signed(), **later})


@pytest.mark.parametrize(
    ("later", "names"),
    [
        ({"subject": "Réparation"}, ("subject",)),
        ({"materials": []}, ("materials",)),
        ({"checklist": [{"id": "s1", "step": "rx", "value": -27.0}]}, ("checklist",)),
        ({"equipment": [{"id": DONE_HERE, "action": "Install"}]}, ("equipment",)),
        ({"checklist": "?"}, ("checklist",)),
    ],
)
def test_change_of_what_was_signed_is_told_and_named(later: Any, names: tuple[str, ...]) -> None:
    body = {**signed(), **later}

    assert is_changed_since(body)
    assert changes_since(facts_of(job(), "fr"), body) == names


def test_job_without_a_signature_is_not_changed_since() -> None:
    assert not is_signed(job())
    assert not is_changed_since(job())
    assert not is_changed_since({**job(), "signature": "ab"})


def test_language_is_part_of_what_is_signed() -> None:
    assert is_changed_since({**signed(), "signed_language": None})
    assert changes_since({"subject": "Installation"}, job(checklist=[], materials=[])) != ()


@pytest.mark.parametrize(
    ("row", "is_out"),
    [
        ({"qty": 0}, True),
        ({"qty": 1.5}, False),
        ({"item": "X"}, False),
        ({"value": 4.0, "verdict": "ok"}, False),
        ({"value": 4.0, "verdict": "withdrawn"}, True),
    ],
)
def test_row_that_says_so_of_itself_is_taken_out(row: Any, *, is_out: bool) -> None:
    assert is_taken_out(row) is is_out
