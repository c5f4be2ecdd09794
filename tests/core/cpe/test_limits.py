"""Whose limits are in use: a device judges by the document as the server judges by its file."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from field_core.canon import Body, Json
from field_core.cpe.limits import BUILT_IN, InUse, LimitsUsed, Origin, document_of, in_use
from field_core.cpe.thresholds import read_thresholds

RURAL: Body = {"olt_profiles": {"RURAL": {"pon_class": "GPON C+"}}, "hysteresis_db": 1.0}


def test_device_judges_by_the_limits_that_the_server_read() -> None:
    found = in_use(document_of(RURAL))

    assert found.thresholds == read_thresholds(RURAL)
    assert (found.used.origin, found.used.version) == (
        Origin.OPERATOR,
        document_of(RURAL)["version"],
    )


@given(st.floats(0, 5), st.floats(0, 5))
def test_version_tells_one_set_of_entries_from_another(one: float, other: float) -> None:
    versions = [document_of({"hysteresis_db": db})["version"] for db in (one, other)]

    assert (versions[0] == versions[1]) == (one == other)


def test_version_does_not_follow_the_order_of_entries() -> None:
    assert document_of(dict(reversed(RURAL.items()))) == document_of(RURAL)


@pytest.mark.parametrize("document", [None, {}, {"settings": None}, {"settings": 5}])
def test_without_entries_the_built_in_limits_are_used(document: Body | None) -> None:
    assert in_use(document) == BUILT_IN


@pytest.mark.parametrize(
    "settings",
    ["{", "[]", '{"of_a_newer_server": 1}', '{"default_class": "none such"}'],
)
def test_entries_that_cannot_be_read_are_used_not_even_in_part(settings: str) -> None:
    found = in_use({"settings": settings})

    assert found == InUse(used=LimitsUsed(origin=Origin.UNREADABLE, version=found.used.version))
    assert found.used.version


@pytest.mark.parametrize("overrides", [{"hysteresis": 1}, {"bias_ma": {"ok": 5}}])
def test_wrong_entries_are_told_to_nobody(overrides: dict[str, Json]) -> None:
    with pytest.raises(ValueError, match="validation error"):
        document_of(overrides)


def test_document_holds_the_entries_as_text() -> None:
    assert json.loads(str(document_of(RURAL)["settings"])) == RURAL
