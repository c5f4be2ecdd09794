"""What a check found: a line of the table, with what to do about it."""

from dataclasses import dataclass
from enum import StrEnum

from field_core.canon import Json


class Verdict(StrEnum):
    """What a check found."""

    GOOD = "good"
    BAD = "bad"
    OPEN = "open"
    """Not looked at, and why."""


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the table."""

    name: str
    verdict: Verdict
    says: str
    todo: str = ""

    def row(self) -> dict[str, Json]:
        """Return the check as a line of the table."""
        return {
            "check": self.name,
            "verdict": str(self.verdict),
            "says": self.says,
            "to do": self.todo,
        }


Checks = tuple[Check, ...]


def good(name: str, says: str) -> Check:
    """Return the verdict on what is as it should be."""
    return Check(name, Verdict.GOOD, says)
