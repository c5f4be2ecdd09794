"""Whatever happens to a document: no error, no secret, no reading out of nowhere."""

import copy
from collections.abc import Iterator
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from field_core.cpe import judge, normalise
from field_core.cpe.model import CpeSnapshot, Quality
from field_core.cpe.redaction import is_hidden
from tests.core.cpe.samples import CASES, NOW, read
from tests.core.strategies import JSON

DOCUMENTS: Final[dict[str, Any]] = {case: read("devices", case) for case in CASES}
ODD: Final = st.one_of(
    st.sampled_from(
        [
            "", "-", "0", 0, -0.0, -1, 255, 65_535, 2**31, 2**32 - 1, 10**400, float("nan"),
            float("-inf"), "NaN", "1e999", "\ud800", "\x00", "0.0.0.1", "9" * 5000, True, b"x",
        ]
    ),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    JSON,
)  # fmt: skip


def leaves(node: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:  # noqa: ANN401 - any JSON
    """Yield the path of every parameter."""
    for name, item in node.items():
        if isinstance(item, dict):
            if "_value" in item:
                yield (*path, name)
            yield from leaves(item, (*path, name))


PATHS: Final = {case: sorted(leaves(document)) for case, document in DOCUMENTS.items()}


def put(document: Any, path: tuple[str, ...], value: object) -> None:  # noqa: ANN401 - any JSON
    for part in path:
        document = document[part]
    document["_value"] = value


def readings(snapshot: CpeSnapshot) -> dict[str, float | None]:
    """Return every quantity that a technician would act on."""
    optical = snapshot.optical
    found = {
        "rx": optical.rx_dbm,
        "tx": optical.tx_dbm,
        "temperature": optical.temperature_c,
        "voltage": optical.voltage_v,
    }
    return found | {f"rssi {c.mac}": c.rssi_dbm for c in snapshot.wifi.clients}


BELIEVABLE: Final = {
    "rx": (-60, 5),
    "tx": (-10, 12),
    "temperature": (-40, 125),
    "voltage": (2.5, 5.5),
    "rssi": (-120, 0),
}


def is_believable(name: str, value: float | None) -> bool:
    low, high = BELIEVABLE[name.split(maxsplit=1)[0]]
    return value is None or low <= value <= high


@settings(max_examples=100, deadline=None)
@given(st.data(), st.sampled_from(CASES))
def test_document_mutated_never_raises_nor_reads_what_cannot_be(
    data: st.DataObject, case: str
) -> None:
    document = copy.deepcopy(DOCUMENTS[case])
    for path in data.draw(st.lists(st.sampled_from(PATHS[case]), min_size=1, max_size=40)):
        put(document, path, data.draw(ODD))
    snapshot = normalise(document, now=NOW)
    found = readings(snapshot)

    assert [name for name, value in found.items() if not is_believable(name, value)] == []
    assert "DO-NOT-LEAK" not in snapshot.model_dump_json()
    assert all(verdict.fr and verdict.en for verdict in judge(snapshot))


@settings(max_examples=60, deadline=None)
@given(st.data(), st.sampled_from(CASES))
def test_object_replaced_never_raises(data: st.DataObject, case: str) -> None:
    document = copy.deepcopy(DOCUMENTS[case])
    path = data.draw(st.sampled_from(PATHS[case]))
    depth = data.draw(st.integers(1, len(path)))
    above: Any = document
    for part in path[: depth - 1]:
        above = above[part]
    above[path[depth - 1]] = data.draw(ODD)
    snapshot = normalise(document, now=NOW)

    assert "DO-NOT-LEAK" not in snapshot.model_dump_json()


@pytest.mark.parametrize("case", CASES)
def test_reading_whose_parameter_is_taken_away_is_gone_or_from_another(case: str) -> None:
    document = DOCUMENTS[case]
    whole = normalise(document, now=NOW).provenance
    kept = []
    for field, note in whole.items():
        if note.unit == "dBm":
            poorer = copy.deepcopy(document)
            put(poorer, tuple(note.source.split(".")), None)
            left = normalise(poorer, now=NOW).provenance.get(field)
            if left and left.source == note.source and left.quality is not Quality.MISSING:
                kept.append(field)

    assert kept == []


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(CASES), st.text(min_size=8, max_size=16, alphabet="abcdefghjkmnpqrstuvwxyz"))
def test_secret_of_any_text_stays_out(case: str, secret: str) -> None:
    document = copy.deepcopy(DOCUMENTS[case])
    marker = f"<{secret}>"
    for path in PATHS[case]:
        if any(is_hidden(part) for part in path):
            put(document, path, marker)

    assert marker not in normalise(document, now=NOW).model_dump_json()


@given(JSON, st.text())
def test_any_value_and_any_time_give_a_snapshot(value: Any, now: str) -> None:  # noqa: ANN401 - any JSON
    for document in (value, {"Device": value}, {"InternetGatewayDevice": value}):
        assert normalise(document, now=now).model_dump_json()


def test_reading_twice_gives_the_same() -> None:
    for document in DOCUMENTS.values():
        before = copy.deepcopy(document)

        assert normalise(document, now=NOW) == normalise(document, now=NOW)
        assert document == before
