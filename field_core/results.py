"""What merging answers: the document afterwards, a verdict, and every value that lost."""

from dataclasses import dataclass

from field_core.canon import Body, Json
from field_core.operations import Verdict
from field_core.problems import Problem


@dataclass(frozen=True, slots=True)
class Loser:
    """A value that was not taken, and what was kept instead."""

    field: str
    was: Json
    kept: Json
    lost: Json
    is_open: bool = True
    """Whether a person should look at it; False where the loss is plain bookkeeping."""


@dataclass(frozen=True, slots=True)
class Result:
    """The document afterwards (None: removed or never made), the verdict, and what lost."""

    body: Body | None
    verdict: Verdict
    losers: tuple[Loser, ...] = ()
    problem: Problem | None = None


def parked(body: Body | None, problem: Problem) -> Result:
    """Return the answer that leaves the document as it is and waits for a person."""
    return Result(body, Verdict.PARKED, problem=problem)
