"""What goes on while the server waits for the ERP: people, phones, a second server process."""

from typing import TYPE_CHECKING, Final

from tests.simulation import acts, office
from tests.simulation.crashes import ServerGone

if TYPE_CHECKING:
    from tests.simulation.world import World


class Meanwhile:
    """Lets one thing happen before a call reaches the ERP, as the seed has it."""

    def __init__(self, world: "World") -> None:
        self._world = world
        self._is_going_on = False

    async def __call__(self) -> None:
        """Perhaps let something happen; whoever waits for a server that dies of it waits in vain.

        Raises ServerGone.
        """
        world = self._world
        if self._is_going_on or world.rng.random() >= world.weather.meanwhile:
            return
        self._is_going_on, life = True, world.node.life
        try:
            await world.rng.choices(_DEEDS, _WEIGHTS)[0](world)
        finally:
            self._is_going_on = False
        if world.node.life != life:
            raise ServerGone


async def _deal(world: "World") -> None:
    """The office edits what the server has just read: the stamp it read is no longer true."""
    office.act(world, world.rng)


async def _carry(world: "World") -> None:
    await world.carry()


async def _work(world: "World") -> None:
    acts.do_something(world.some_device(), world.rng)


async def _other_writes(world: "World") -> None:
    """The second process looks for work too: what the first one does is leased."""
    await world.other.write_back()


async def _other_polls(world: "World") -> None:
    await world.other.poll(["Dispatch Job"])


_TABLE: Final = ((_deal, 5), (_carry, 5), (_work, 2), (_other_writes, 3), (_other_polls, 1))
_DEEDS: Final = [deed for deed, _ in _TABLE]
_WEIGHTS: Final = [weight for _, weight in _TABLE]
