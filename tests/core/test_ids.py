"""Identifiers: RFC 9562's bits, order by time, and keys that are the same each time."""

import uuid

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from field_core.ids import RANDOM_BYTES, erp_key, is_uuid, review_key, uuid7

MOMENTS = st.integers(0, 2**48 - 1)
NOISE = st.binary(min_size=RANDOM_BYTES, max_size=RANDOM_BYTES)


@given(MOMENTS, NOISE)
def test_uuid7_then_time_version_and_variant_stand_where_the_rfc_puts_them(
    ms: int, noise: bytes
) -> None:
    made = uuid.UUID(uuid7(ms, noise))

    assert made.int >> 80 == ms
    assert made.version == 7
    assert made.variant == uuid.RFC_4122
    assert made.int >> 64 & 0xFFF == int.from_bytes(noise, "big") >> 64 & 0xFFF
    assert made.int & (1 << 62) - 1 == int.from_bytes(noise, "big") & (1 << 62) - 1


def test_uuid7_of_the_rfc_example() -> None:
    """RFC 9562, appendix A.6: 017F22E2-79B0-7CC3-98C4-DC0C0C07398F."""
    noise = (0xCC3 << 64 | 0x18C4DC0C0C07398F).to_bytes(10, "big")

    assert uuid7(0x017F22E279B0, noise) == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"


@given(MOMENTS, NOISE, MOMENTS, NOISE)
def test_uuid7_then_text_sorts_by_time(ms: int, noise: bytes, later: int, other: bytes) -> None:
    assume(ms < later)

    assert uuid7(ms, noise) < uuid7(later, other)


def test_uuid7_with_too_few_random_bytes_is_a_programmer_mistake() -> None:
    with pytest.raises(AssertionError, match="ten random bytes"):
        uuid7(1, b"short")


@given(MOMENTS, NOISE)
def test_is_uuid_then_only_the_usual_spelling_counts(ms: int, noise: bytes) -> None:
    text = uuid7(ms, noise)

    assert is_uuid(text)
    assert not is_uuid(text.upper() + "x")
    assert not is_uuid("{" + text + "}")
    assert not is_uuid(text.replace("-", ""))


def test_erp_key_then_a_name_used_again_is_another_document() -> None:
    first = erp_key("Dispatch Job", "DJ-00012", "2026-04-27 09:00:00.000000")
    again = erp_key("Dispatch Job", "DJ-00012", "2026-04-28 09:00:00.000000")

    assert first == erp_key("Dispatch Job", "DJ-00012", "2026-04-27 09:00:00.000000")
    assert first != again
    assert is_uuid(first)


def test_review_key_then_one_loss_has_one_review_however_often_it_is_found() -> None:
    assert review_key("op", "subject") == review_key("op", "subject")
    assert len({review_key("op", "a"), review_key("op", "b"), review_key("po", "a")}) == 3
