"""Small pictures on disk, by the hash of the photo; made again when they are lost."""

import os
import re
from contextlib import suppress
from pathlib import Path
from typing import Final

from field_app.sync.replica import Replica

_NAME: Final = re.compile(r"[0-9a-f]{64}")


class Thumbnails:
    """A folder of them; nothing here is the only copy of anything."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def read(self, sha256: str) -> bytes | None:
        """Return a small picture, if it is here."""
        with suppress(OSError):
            if _NAME.fullmatch(sha256):
                return (self._folder / sha256).read_bytes()
        return None

    def keep(self, sha256: str, content: bytes) -> None:
        """Keep a small picture; a full disk only means that it is made again."""
        with suppress(OSError):
            if _NAME.fullmatch(sha256):
                beside = self._folder / f"{sha256}.{os.getpid()}"
                beside.write_bytes(content)
                beside.replace(self._folder / sha256)

    def clean(self, replica: Replica) -> int:
        """Delete those of photos that no job on this device has any more; return how many."""
        known = known_photos(replica)
        strays = [path for path in self._folder.iterdir() if path.name not in known]
        for path in strays:
            path.unlink(missing_ok=True)
        return len(strays)


def known_photos(replica: Replica) -> set[str]:
    """Return the hashes of the photos of every job on this device."""
    rows = replica.db.conn.execute(
        "SELECT json_extract(row.value, '$.sha256') FROM view, "
        "json_each(view.body, '$.photos') AS row WHERE doctype = 'Dispatch Job'"
    )
    return {sha256 for (sha256,) in rows}
