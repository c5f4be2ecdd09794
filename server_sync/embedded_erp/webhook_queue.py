"""Webhook deliveries waiting for their worker, and which doctypes anyone listens to.

The queue lives in memory, as a site's lives in Redis: a hint, lost with the process.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Delivery:
    """One outgoing call, complete: what the worker sends and what the log keeps."""

    webhook: str
    document: str
    user: str
    method: str
    url: str
    headers: dict[str, str]
    body: bytes
    timeout_s: int


@dataclass
class WebhookQueue:
    """First in, first out; one worker."""

    waiting: deque[Delivery] = field(default_factory=deque)
    doctypes: set[str] = field(default_factory=set)

    def listens(self, doctype: str) -> bool:
        """Whether an enabled webhook exists for `doctype`; saves rendering for nobody."""
        return doctype in self.doctypes

    def put(self, delivery: Delivery) -> None:
        """Add at the end."""
        self.waiting.append(delivery)

    def take(self) -> Delivery | None:
        """Remove and return the oldest, None when empty."""
        return self.waiting.popleft() if self.waiting else None
