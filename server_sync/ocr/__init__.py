"""Labels that no device could read: its codes looked at again, then a model asked for its text."""

from server_sync.ocr.service import Ocr

__all__ = ["Ocr"]
