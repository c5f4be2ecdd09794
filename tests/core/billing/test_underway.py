"""A termination that goes on, as it is told between server and app."""

from datetime import date

from field_core.office import EndingTrouble, EndingUnderway
from field_core.problems import Problem


def trouble(code: str, *, is_refused: bool = True) -> EndingTrouble:
    return EndingTrouble(
        step="fee",
        is_refused=is_refused,
        code=code,
        details={"message": "no such Item"},
        since_ms=1,
        tried_ms=2,
    )


def underway(found: EndingTrouble | None) -> EndingUnderway:
    return EndingUnderway(
        contract="CTR-1", customer="CUST-1", end=date(2026, 4, 23), decided_ms=1, trouble=found
    )


def test_trouble_is_told_in_the_words_of_its_problem() -> None:
    found = trouble("erp-refused").problem

    assert found == Problem("erp-refused", {"message": "no such Item"})
    assert found.sentence("en") == "ERPNext refused: no such Item"


def test_trouble_that_only_a_newer_server_knows_is_told_as_a_busy_one() -> None:
    assert trouble("of-next-year").problem.code == "busy"


def test_only_what_was_refused_waits_for_a_person() -> None:
    assert underway(trouble("erp-refused")).is_refused
    assert not underway(trouble("erp-unreachable", is_refused=False)).is_refused
    assert not underway(None).is_refused
