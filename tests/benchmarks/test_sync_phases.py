"""A device's day on loopback with a small data set: right, few requests, few bytes; never timed."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks import data
from benchmarks.serving import serving
from benchmarks.sync_phases.device import sign_in
from benchmarks.sync_phases.phases import client
from field_core.problems import ProblemError

SIZES = {"jobs": 40, "equipment": 60, "locations": 20, "customers": 20, "technicians": 2}
JOBS_MOVED = 5
EDITS = 20


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    return data.make(folder, **SIZES, edits=EDITS, moves=JOBS_MOVED, delta=10)


@pytest.fixture(scope="module")
def url(made: Path) -> Iterator[str]:
    with serving("benchmarks.sync_phases", ["serve", "--data", str(made), "--port=0"]) as served:
        yield served.url


@pytest.fixture(scope="module")
def figures(made: Path, url: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Every phase, each checked by the client itself: it raises when something is wrong."""
    return asyncio.run(client(url, made, tmp_path_factory.mktemp("device")))


def test_every_phase_but_the_first_takes_one_request(figures: dict[str, Any]) -> None:
    requests = {name: phase["requests"] for name, phase in figures.items()}
    assert requests.pop("initial") <= 5
    assert set(requests.values()) == {1}


def test_connections_are_kept_between_phases(figures: dict[str, Any]) -> None:
    opened = {name: phase["connections"] for name, phase in figures.items() if name != "initial"}
    assert set(opened.values()) == {0}


def test_idle_check_fits_in_800_bytes_both_ways_together(figures: dict[str, Any]) -> None:
    assert figures["idle"]["http_up"] + figures["idle"]["http_down"] <= 800


def test_pull_after_push_brings_nothing_again(figures: dict[str, Any]) -> None:
    assert figures["pull_after_push"]["http_down"] <= 300


def test_push_sends_less_than_150_bytes_for_each_edit(figures: dict[str, Any]) -> None:
    for name in ("push", "push_again"):
        assert figures[name]["http_up"] <= 400 + 150 * figures[name]["operations"]


def test_first_sync_is_compressed_to_less_than_a_third(figures: dict[str, Any], made: Path) -> None:
    size = (made / "base.jsonl").stat().st_size / SIZES["technicians"]
    assert figures["initial"]["http_down"] <= size / 3


def test_jobs_that_moved_away_leave_with_their_photos(figures: dict[str, Any]) -> None:
    moved = figures["moved"]
    assert (moved["jobs_moved_away"], moved["still_on_device"], moved["blobs_still_on_device"]) == (
        JOBS_MOVED,
        0,
        0,
    )


def test_a_technician_of_no_data_set_cannot_sign_in(url: str) -> None:
    with pytest.raises(ProblemError, match="sign-in-wrong"):
        asyncio.run(sign_in(url, "tech-099"))
