"""Ending a contract as it goes on: decided, carried out step by step, perhaps kept from it."""

from datetime import date
from enum import StrEnum

from pydantic import Field

from field_core.office.message import Message
from field_core.problems import CATALOGUE, Problem


class EndingStep(StrEnum):
    """What is done in the office system, in this order."""

    FEE = "fee"
    DAYS = "days"
    CONTRACT = "contract"
    SUBSCRIPTIONS = "subscriptions"
    NOTE = "note"


class StepDone(Message):
    """A step that is done, with what it left there; a step that had nothing to do left nothing."""

    step: str
    documents: tuple[str, ...] = ()


class EndingTrouble(Message):
    """Why the last try went no further."""

    step: str
    is_refused: bool
    """The office system said no: somebody has to mend something. Otherwise it was not there."""
    code: str
    details: dict[str, str] = Field(default_factory=dict)
    since_ms: int
    """When it was first so, with nothing else in between."""
    tried_ms: int

    @property
    def problem(self) -> Problem:
        """The same as a problem; one that a newer server knows is told as a busy one."""
        return Problem(self.code if self.code in CATALOGUE else "busy", self.details)


class EndingUnderway(Message):
    """A termination that was decided and is not all done."""

    contract: str
    customer: str
    customer_name: str = ""
    end: date
    reason: str = ""
    actor: str = ""
    decided_ms: int
    done: tuple[StepDone, ...] = ()
    """As the last try found it; empty before the first."""
    trouble: EndingTrouble | None = None

    @property
    def is_refused(self) -> bool:
        """Whether it stays as it is until a person mends something."""
        return self.trouble is not None and self.trouble.is_refused


class EndingsUnderway(Message):
    """Every termination that is not all done, the refused ones in front."""

    rows: tuple[EndingUnderway, ...] = ()
