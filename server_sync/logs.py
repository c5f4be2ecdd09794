"""Structured logs: one JSON line an event, with ids and figures but never a name, text or token."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any, Final, Protocol, TextIO

import structlog

from field_core.secrets import is_secret

_PERSONAL: Final = frozenset(
    {
        "email",
        "full_name",
        "address",
        "phone",
        "body",
        "token",
        "refresh",
        "authorization",
        "ip",
        "client",
    }
)
"""Names whose values describe a person or open a door: they never reach a log line."""


_TRACEBACK: Final = structlog.processors.ExceptionRenderer(
    structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
)
"""Local variables stay out: they hold passwords and people."""


class Log(Protocol):
    """What the server asks of a logger: an event and named facts."""

    def info(self, event: str, **facts: object) -> None:
        """Note something normal."""

    def warning(self, event: str, **facts: object) -> None:
        """Note something that a person may want to look at."""

    def exception(self, event: str, **facts: object) -> None:
        """Note a failure with its stack, which stays here and never travels."""


class Silent:
    """A logger that says nothing: tests and the simulation use it."""

    def info(self, event: str, **facts: object) -> None:
        """Say nothing."""

    def warning(self, event: str, **facts: object) -> None:
        """Say nothing."""

    def exception(self, event: str, **facts: object) -> None:
        """Say nothing."""


def make_log(*, level: str = "info", stream: TextIO | None = None) -> Log:
    """Return a logger that writes JSON lines to `stream` (standard error unless told)."""
    log: Log = structlog.wrap_logger(
        structlog.PrintLogger(stream or sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level.upper())),
        processors=[
            structlog.processors.add_log_level,
            without_personal_data,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _TRACEBACK,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )
    return log


def without_personal_data(
    _log: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Drop facts named like a person's data or a secret."""
    return {n: v for n, v in event.items() if n not in _PERSONAL and not is_secret(n)}
