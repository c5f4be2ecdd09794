"""Labels read later: the queue on this device, its attempts, and what becomes of the answers."""

from field_app.sync.ocr.queue import queue
from field_app.sync.ocr.suggesting import suggestions

__all__ = ["queue", "suggestions"]
