"""What goes into which frame of a snapshot."""

from datetime import date

from field_core.canon import Body
from field_core.snapshot_format import Stored
from server_sync.sync.frames import DAY_DOCUMENTS_MAX, FRAME_TEXT_MAX, Day, Sized, pieces

TODAY = date(2026, 3, 2)


def document(key: str, doctype: str = "Customer", size: int = 10, **body: str) -> Sized:
    named: Body = {"name": key, **body}
    return Stored(key, doctype, 1, named), size


def job(key: str, day: str, customer: str = "") -> Sized:
    return document(key, "Dispatch Job", scheduled_date=day, customer=customer)


def keys(documents: list[Stored]) -> list[str]:
    return [one.key for one in documents]


def test_day_takes_todays_jobs_and_what_they_point_at() -> None:
    jobs = [job("J1", "2026-03-02", customer="C1"), job("J2", "2026-03-03", customer="C2")]
    day = Day((one for one, _ in jobs), TODAY)
    left = list(day.leave_out([document("C1"), document("C2"), *jobs]))
    assert keys(day.documents) == ["J1", "C1"]
    assert keys([one for one, _ in left]) == ["C2", "J2"]


def test_day_without_jobs_is_the_next_one_that_has_any() -> None:
    jobs = [job("J0", "2026-03-01"), job("J1", "2026-03-09"), job("J2", "2026-03-05")]
    assert keys(Day((one for one, _ in jobs), TODAY).documents) == ["J2"]


def test_day_of_past_jobs_alone_is_the_first_of_them() -> None:
    jobs = [job("J1", "2026-02-09"), job("J2", "2026-02-05")]
    assert keys(Day((one for one, _ in jobs), TODAY).documents) == ["J2"]


def test_day_without_any_job_is_empty_and_leaves_everything() -> None:
    day = Day([], TODAY)
    assert len(list(day.leave_out([document("C1")]))) == 1
    assert day.documents == []


def test_day_that_is_full_leaves_the_rest_to_other_frames() -> None:
    jobs = [job(f"J{n}", "2026-03-02") for n in range(DAY_DOCUMENTS_MAX + 5)]
    day = Day((one for one, _ in jobs), TODAY)
    assert len(list(day.leave_out(jobs))) == 5
    assert len(day.documents) == DAY_DOCUMENTS_MAX


def test_pieces_end_before_they_grow_too_large() -> None:
    half = FRAME_TEXT_MAX // 2
    found = list(pieces([document("A", size=half), document("B", size=half), document("C")]))
    assert [keys(piece) for piece in found] == [["A", "B"], ["C"]]


def test_document_larger_than_a_piece_stands_alone() -> None:
    huge = document("B", size=2 * FRAME_TEXT_MAX)
    found = list(pieces([document("A"), huge, document("C")]))
    assert [keys(piece) for piece in found] == [["A"], ["B"], ["C"]]


def test_nothing_makes_no_pieces() -> None:
    assert list(pieces([])) == []
