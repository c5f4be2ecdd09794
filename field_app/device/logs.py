"""The ordinary log: a few files that take turns, with nothing in them that opens a door."""

import logging
import re
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Final

FILE_BYTES_MAX: Final = 512 * 1024
FILES_KEPT: Final = 3
"""Some two weeks of a working phone, and small enough to be sent from one."""
EXPORT_BYTES_MAX: Final = FILE_BYTES_MAX * (FILES_KEPT + 1)
_FORMAT: Final = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_QUIET: Final = ("apscheduler", "httpx", "httpcore", "flet", "flet_web", "flet_controls", "uvicorn")
"""Vendors whose everyday words fill the file; what they warn of is kept."""
_SECRETS: Final = re.compile(
    r"(?P<name>bearer |(?:access|refresh|password|token|code|pin)[\"']?\s*[:=]\s*[\"']?)"
    r"(?P<value>[^\s\"',&})]+)",
    re.IGNORECASE,
)


class Redacting(logging.Formatter):
    """Writes a record with every value that is named like a secret left out, tracebacks too."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        return _SECRETS.sub(r"\g<name>…", super().format(record))


def start(folder: Path) -> logging.Handler:
    """Write the program's log to files in a folder; the returned handler ends it when closed."""
    folder.mkdir(parents=True, exist_ok=True)
    handler = RotatingFileHandler(
        path_in(folder), maxBytes=FILE_BYTES_MAX, backupCount=FILES_KEPT, encoding="utf-8"
    )
    handler.setFormatter(Redacting(_FORMAT))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    return handler


def stop(handler: logging.Handler) -> None:
    """Write no more."""
    logging.getLogger().removeHandler(handler)
    handler.close()


def path_in(folder: Path) -> Path:
    """Return the file that is written now."""
    return folder / "field-app.log"


def recent(folder: Path) -> bytes:
    """Return what is kept, oldest first."""
    newest = path_in(folder)
    older = (newest.with_name(f"{newest.name}.{n}") for n in range(FILES_KEPT, 0, -1))
    pieces = [path.read_bytes() for path in (*older, newest) if path.is_file()]
    return b"".join(pieces)[-EXPORT_BYTES_MAX:]
