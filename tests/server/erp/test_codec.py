"""One canonical form, and times that survive the hour that happens twice."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from field_core.doctypes import DOCTYPES
from field_core.instants import ms_to_text
from server_sync.erp.codec import Codec
from server_sync.erp.plan import insert_payload
from server_sync.erp.site_time import SiteTime, earlier
from server_sync.sync.remerge import is_same

TORONTO = SiteTime(ZoneInfo("America/Toronto"))
CODEC = Codec(TORONTO)
JOB = DOCTYPES["Dispatch Job"]


def test_document_comes_out_canonical() -> None:
    decoded = CODEC.decode(
        JOB,
        {
            "name": "DJ-00001",
            "modified": "2026-07-14 09:00:00.000001",
            "creation": "c",
            "subject": "Poser",
            "description": "",
            "scheduled_time": "9:05:00",
            "duration_minutes": 90.0,
            "signed_at": "2026-07-14 09:00:00",
            "owner": "x",
            "checklist": [
                {
                    "name": "r1",
                    "step": "a",
                    "kind": "number",
                    "required": 1,
                    "min_value": -28.0,
                    "max_value": -8.0,
                    "value": "-18.5",
                },
                {
                    "name": "r2",
                    "sync_key": "k2",
                    "kind": "confirm",
                    "value": "1",
                    "min_value": 0.0,
                    "max_value": 0.0,
                },
                {
                    "name": "r3",
                    "kind": "number",
                    "value": "beaucoup",
                    "min_value": 3.0,
                    "max_value": -1.0,
                },
            ],
            "tags": [],
        },
    )
    assert decoded.body == {
        "name": "DJ-00001",
        "subject": "Poser",
        "scheduled_time": "09:05:00",
        "duration_minutes": 90,
        "signed_at": "2026-07-14T13:00:00.000000Z",
        "checklist": [
            {
                "id": "r1",
                "step": "a",
                "kind": "number",
                "required": True,
                "min_value": -28.0,
                "max_value": -8.0,
                "value": -18.5,
            },
            {"id": "k2", "kind": "confirm", "value": True},
            {"id": "r3", "kind": "number", "value": "beaucoup"},
        ],
    }
    assert decoded.row_names == {"checklist": {"r1": "r1", "k2": "r2", "r3": "r3"}}
    assert decoded.modified == "2026-07-14 09:00:00.000001"


def test_signature_drawn_in_the_desk_is_kept_as_its_fingerprint() -> None:
    raw = {"name": "DJ-1", "signature": "data:image/png;base64,aGVsbG8="}
    assert CODEC.decode(JOB, raw).body["signature"] == (
        "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
    )
    broken = {"name": "DJ-1", "signature": "data:image/png;base64,?"}
    assert len(str(CODEC.decode(JOB, broken).body["signature"])) == 64


def test_unreadable_times_and_numbers_are_left_out() -> None:
    raw = {
        "name": "DJ-1",
        "signed_at": "hier",
        "scheduled_time": "midi",
        "duration_minutes": "une heure",
    }
    assert CODEC.decode(JOB, raw).body == {"name": "DJ-1", "duration_minutes": 0}


@given(st.integers(min_value=1_700_000_000_000, max_value=1_900_000_000_000))
def test_time_written_by_us_comes_back_as_itself(unix_ms: int) -> None:
    text = ms_to_text(unix_ms)
    assert TORONTO.to_utc(TORONTO.to_site(text), text) == text


@pytest.mark.parametrize(
    ("held", "read"),
    [
        (None, "2026-11-01T05:30:00.000000Z"),
        ("2026-11-01T05:30:00.000000Z", "2026-11-01T05:30:00.000000Z"),
        ("2026-11-01T06:30:00.000000Z", "2026-11-01T06:30:00.000000Z"),
        ("2026-11-01T06:31:00.000000Z", "2026-11-01T05:30:00.000000Z"),
        ("jamais", "2026-11-01T05:30:00.000000Z"),
    ],
)
def test_hour_that_repeats_is_the_first_one_unless_ours_says_the_same(
    held: str | None, read: str
) -> None:
    assert TORONTO.to_utc("2026-11-01 01:30:00", held) == read


def test_hour_that_spring_leaves_out_is_read_with_the_offset_before() -> None:
    assert TORONTO.to_utc("2026-03-08 02:30:00") == "2026-03-08T07:30:00.000000Z"


def test_clock_change_is_known_hours_ahead() -> None:
    around = 1_793_512_800_000  # 2026-11-01 06:00 UTC, the moment itself
    hour = 3_600_000
    assert [TORONTO.changes_near(around + h * hour) for h in (-4, -2, 0, 2, 4)] == [
        False,
        True,
        True,
        True,
        False,
    ]


def test_watermark_that_is_no_time_is_left_as_it_is() -> None:
    assert earlier("", timedelta(minutes=10)) == ""
    assert earlier("2026-01-01 00:05:00.5", timedelta(minutes=10)) == "2025-12-31 23:55:00.500000"


def test_new_document_is_written_whole_with_its_keys_and_without_files() -> None:
    payload = insert_payload(
        JOB,
        {
            "subject": "Poser",
            "signature": "a" * 64,
            "signed_at": "2026-07-14T13:00:00.000000Z",
            "unknown": 1,
            "checklist": [{"id": "r1", "value": 12.0, "done": True}],
        },
        "the-key",
        CODEC,
    )
    assert payload == {
        "subject": "Poser",
        "signed_at": "2026-07-14 09:00:00.000000",
        "sync_key": "the-key",
        "checklist": [{"value": "12", "done": 1, "sync_key": "r1"}],
    }


@pytest.mark.parametrize(
    ("sent", "held", "same"),
    [
        ("a\r\nb <b>c</b>", "a\nb c", True),
        ("x <script>alert(1)</script> & y", "x  &amp; y", True),
        ("5 < 6", "5 < 6", True),
        ("voir <ONT>", "voir < ONT>", True),
        ('<div class="ql-editor"><p>a</p></div>', "a", True),
        ("a", "b", False),
        (12.5, "12.5", True),
        (True, "1", True),
        (12, "13", False),
        (0.0, None, False),
        ([{"id": "1", "text": "a<br>"}], [{"id": "1", "text": "a", "done": False}], True),
        ([{"id": "1"}], [], False),
    ],
)
def test_what_the_erp_makes_of_a_value_is_recognised(
    sent: object, held: object, *, same: bool
) -> None:
    assert is_same(sent, held) is same  # type: ignore[arg-type]  # JSON, spelled as literals
