"""The fixed seeds of every test run, and the seeds that once found something."""

import logging

import pytest

from tests.simulation.mutations import MUTATIONS
from tests.simulation.world import World, run

SEEDS = range(40)
STEPS = 300


@pytest.fixture(autouse=True)
def _quiet() -> None:
    logging.getLogger("server_sync").setLevel(logging.CRITICAL)


@pytest.mark.parametrize("seed", SEEDS)
def test_world_comes_to_rest_with_every_invariant_held(seed: int) -> None:
    """T-18 to T-22, T-25: whatever the weather, nothing is lost, doubled, or stuck."""
    run(seed, STEPS)


def test_same_seed_lives_the_same_life_twice() -> None:
    one, two = run(3, 150), run(3, 150)

    assert _story(one) == _story(two)


@pytest.mark.parametrize(
    ("seed", "steps", "what"),
    [
        (51, 600, "a deleted job was taken for renamed, as another had the same creation"),
        (230, 600, "a create was called refused although a restored server had made it before"),
        (1002, 1000, "a verdict that a restored server forgot was not asked for by a new identity"),
        (1025, 1000, "giving a snapshot up made the view replay what the base contains already"),
        (1109, 1000, "renumbering for a new identity met numbers that were kept"),
        (
            3003,
            1000,
            "a photo never reached the ERP: its row had gone ahead, and that was forgotten",
        ),
        (3026, 1000, "a move was never logged: the ERP had its state, and no server its line"),
        (9461, 1000, "a time in the hour that repeats was taken for refused by the ERP"),
        (
            36,
            1000,
            "a photo went with its job before the ERP had it: a restored server lost it",
        ),
        (8018, 1000, "a copy's group began below the last number: it was waited for without end"),
    ],
)
def test_seed_that_found_something_stays_found(seed: int, steps: int, what: str) -> None:
    assert what
    run(seed, steps)


@pytest.mark.parametrize("name", ["no_dedupe", "no_was_test"])
def test_world_without_a_safeguard_is_noticed(name: str) -> None:
    """The whole list is `python -m tests.simulation.mutations`; these two keep it honest here."""
    noticed = 0
    for seed in range(3):
        with MUTATIONS[name]():
            try:
                run(seed, STEPS)
            except Exception:
                noticed += 1
    assert noticed


def _story(world: World) -> list[str]:
    return sorted(entry["text"] for entry in world.journal().values())
