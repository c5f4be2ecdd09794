"""What can go wrong when the ERP is asked something: one tree, told apart by what to do next.

Every class is a `ProblemError`, so it has a sentence for a person; the class says what the caller
does. Unavailable: nothing happened, try later. Unknown: it may have happened, look before trying
again. Stale: somebody else was quicker, read again. Refused: it will not be taken, ever.
"""

from typing import Final

from field_core.canon import Json
from field_core.problems import ProblemError

DUPLICATES: Final = frozenset({"DuplicateEntryError", "UniqueValidationError"})


class ErpFailure(ProblemError):
    """Base of everything that a call to the ERP raises."""


class ErpUnavailable(ErpFailure):
    """The call was certainly not carried out; try again later."""

    after_ms: int | None = None

    def __init__(self, reason: str = "") -> None:
        """reason: for logs and the health page, never with an address or a secret."""
        super().__init__("erp-unreachable", reason=reason)


class ErpRateLimited(ErpUnavailable):
    """The site asked for a pause of `after_ms`."""

    def __init__(self, after_ms: int) -> None:
        super().__init__("rate-limited")
        self.after_ms = after_ms


class ErpRolledBack(ErpUnavailable):
    """The database broke a deadlock or a serialisation conflict with this call: nothing stored."""


class ErpUnknownOutcome(ErpFailure):
    """The call may or may not have been carried out.

    is_answered: the ERP itself said 5xx; False when the answer was lost on the way.
    """

    def __init__(self, *, is_answered: bool, reason: str = "") -> None:
        super().__init__("erp-unknown-outcome", reason=reason)
        self.is_answered = is_answered


class ErpStale(ErpFailure):
    """TimestampMismatchError: the document changed between our read and our write."""

    def __init__(self) -> None:
        super().__init__("changed-since")


class ErpNotFound(ErpFailure):
    """The ERP has no such document (and said so itself, not some proxy)."""

    def __init__(self) -> None:
        super().__init__("not-found")


class ErpRefused(ErpFailure):
    """Validation or permission: the ERP's message is for the dispatcher and the technician."""

    def __init__(self, message: str, *, exc_type: str = "", **details: Json) -> None:
        super().__init__("erp-refused", message=message, **details)
        self.exc_type = exc_type

    @property
    def is_duplicate(self) -> bool:
        """Whether a unique field or the name is taken: perhaps by our own earlier try."""
        return self.exc_type in DUPLICATES

    @property
    def is_unknown_column(self) -> bool:
        """Whether the site lacks a column that a list asked for."""
        return self.exc_type == "DataError"
