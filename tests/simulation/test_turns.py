"""What is under way goes on by turns, in an order that the seed draws, or dies with its machine."""

import asyncio
import random
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from tests.simulation.crashes import ServerGone
from tests.simulation.turns import Turns, new_loop

Story = list[str]


def _live(tale: Callable[[Turns, Story], Coroutine[Any, Any, None]], seed: int = 1) -> Story:
    """Return what happened, in order."""
    story: Story = []

    async def whole() -> None:
        await tale(Turns(random.Random(seed)), story)

    with asyncio.Runner(loop_factory=new_loop) as runner:
        runner.run(whole())
    return story


async def _walk(turns: Turns, story: Story, name: str, life: int | None = None) -> None:
    for stop in range(2):
        story.append(f"{name}{stop}")
        await turns.point(life)
    story.append(f"{name} end")


def test_nothing_passes_a_point_before_its_turn() -> None:
    async def tale(turns: Turns, story: Story) -> None:
        turns.start(_walk(turns, story, "a"))
        await turns.settle()
        story.append("settled")
        await turns.take()

    assert _live(tale) == ["a0", "settled", "a1"]


def test_seed_draws_the_order_in_which_things_go_on() -> None:
    async def tale(turns: Turns, story: Story) -> None:
        turns.start(_walk(turns, story, "a"))
        turns.start(_walk(turns, story, "b"))
        await turns.settle()
        await turns.drain()

    assert _live(tale, seed=1) == _live(tale, seed=1)
    assert len({tuple(_live(tale, seed=n)) for n in range(9)}) > 1


def test_machine_that_dies_takes_along_what_runs_on_it_and_nothing_else() -> None:
    async def on_the_machine(turns: Turns, story: Story) -> None:
        try:
            await _walk(turns, story, "m", life=1)
        except ServerGone:
            story.append("m gone")

    async def tale(turns: Turns, story: Story) -> None:
        turns.start(on_the_machine(turns, story))
        turns.start(_walk(turns, story, "n"))
        await turns.settle()
        await turns.lose()
        await turns.drain()

    assert _live(tale) == ["m0", "n0", "m gone", "n1", "n end"]


def test_one_piece_may_go_on_to_its_end_before_all_others() -> None:
    async def tale(turns: Turns, story: Story) -> None:
        turns.start(_walk(turns, story, "a"))
        await turns.settle()
        await turns.whole(turns.start(_walk(turns, story, "b")))

    assert _live(tale) == ["a0", "b0", "b1", "b end"]


def test_what_goes_wrong_under_way_is_told_by_the_next_turn() -> None:
    async def broken(turns: Turns) -> None:
        await turns.point()
        raise LookupError

    async def tale(turns: Turns, _story: Story) -> None:
        turns.start(broken(turns))
        await turns.settle()
        with pytest.raises(LookupError):
            await turns.take()

    _live(tale)


def test_every_turn_is_counted() -> None:
    async def tale(turns: Turns, story: Story) -> None:
        turns.start(_walk(turns, story, "a"))
        await turns.settle()
        await turns.drain()
        story.append(str(turns.taken))

    assert _live(tale)[-1] == "2"
