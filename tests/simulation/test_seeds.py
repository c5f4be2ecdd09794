"""The fixed seeds of every test run, and the seeds that once found something."""

import logging

import pytest

from tests.simulation.mutations import MUTATIONS
from tests.simulation.world import World, run

SEEDS = range(40)
STEPS = 700


@pytest.fixture(autouse=True)
def _quiet() -> None:
    logging.getLogger("server_sync").setLevel(logging.CRITICAL)


@pytest.mark.parametrize("seed", SEEDS)
def test_world_comes_to_rest_with_every_invariant_held(seed: int) -> None:
    """T-18 to T-22, T-25: whatever the weather, nothing is lost, doubled, or stuck."""
    run(seed, STEPS)


def test_same_seed_lives_the_same_life_twice() -> None:
    one, two = run(3, 400), run(3, 400)

    assert _story(one) == _story(two)


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
