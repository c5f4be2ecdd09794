"""What became of a call outside the engine: a good answer's body, or the problem that it is."""

from typing import Final

from field_app.sync.events import Failed, FailureKind, Replied
from field_core.operations import Jsonish
from field_core.problems import CATALOGUE, ProblemError

_BAD: Final = 400
_PROBLEM_MEMBERS: Final = frozenset(
    {"type", "title", "status", "code", "retry", "detail", "instance"}
)


def answered(event: object) -> Jsonish:
    """Return the body of a good answer; raises the ProblemError that anything else is."""
    match event:
        case Failed(_, FailureKind.CAPTIVE):
            raise ProblemError("captive-portal")
        case Failed(_, FailureKind.CLOCK):
            raise ProblemError("clock-wrong")
        case Replied(_, status, body) if status < _BAD:
            return body
        case Replied(_, _, dict() as body) if body.get("code") in CATALOGUE:
            details = {n: v for n, v in body.items() if n not in _PROBLEM_MEMBERS}
            raise ProblemError(body["code"], **details)
        case _:
            raise ProblemError("server-unreachable")
