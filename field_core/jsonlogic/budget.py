"""What evaluating a rule may cost, and the one way in which it fails."""

from typing import Final

from field_core.canon import Json

COST_MAX: Final = 20_000
"""About 50 ms on a slow phone; the rules of flows cost some tens."""

_LETTERS_PER_STEP: Final = 8


class JsonLogicError(ValueError):
    """A rule without an answer: unknown operator, a result that is no number, no end in sight."""


class Budget:
    """What is left to spend on one evaluation."""

    def __init__(self) -> None:
        self._left = COST_MAX

    def spend(self, cost: int = 1) -> None:
        """Pay; raises JsonLogicError when nothing is left."""
        self._left -= cost
        if self._left < 0:
            raise JsonLogicError("the rule costs too much")

    def pay_for(self, value: Json) -> Json:
        """Return a value, paid by its size: what is doubled again and again costs double."""
        waiting = [value]
        while waiting:
            self.spend()
            inner = waiting.pop()
            if isinstance(inner, str):
                self.spend(len(inner) // _LETTERS_PER_STEP)
            elif isinstance(inner, dict):
                waiting.extend(inner.values())
            elif isinstance(inner, list):
                waiting.extend(inner)
        return value
