"""File documents: their content, kept once for equal bytes.

The bytes live in the site's database, so that a backup is one file. EXIF data of JPEG files is
*not* stripped here: a real site does that by default, so hashes of stored pictures differ there.
"""

# ruff: noqa: S608 - table and column names come from doctype definitions; values are bound.

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import PurePosixPath

from server_sync.embedded_erp.calls import Call
from server_sync.embedded_erp.documents import Document
from server_sync.embedded_erp.meta import Row

_SUFFIX_LENGTH = 6
_FORBIDDEN = re.compile(r"[\\/\x00-\x1f]+")


def validate(call: Call, document: Document) -> None:
    """Store the content of a new File, from the upload or from base64 in the payload."""
    content = call.content
    if document.before is not None or content is None:
        return
    values = document.values
    name = _FORBIDDEN.sub("_", str(values["file_name"] or "file"))
    digest = hashlib.md5(content, usedforsecurity=False).hexdigest()
    private = int(values["is_private"] or 0)
    url = _existing_url(call, digest, private) or _store(call, name, content, digest, private)
    document.set(
        file_name=name,
        file_url=url,
        file_size=len(content),
        content_hash=digest,
        file_type=PurePosixPath(name).suffix.removeprefix(".").upper() or None,
    )
    call.content = None


def after_delete(call: Call, document: Document) -> None:
    """Drop the bytes when the last File row that refers to them is gone."""
    url = document.values["file_url"]
    table = call.site.form("File").table
    if not call.site.db.value(f"SELECT 1 FROM {table} WHERE file_url = ?", (url,)):
        call.site.db.execute("DELETE FROM erp_file_content WHERE file_url = ?", (url,))


def posted_content(doctype: str, payload: Row) -> bytes | None:
    """The bytes of a File posted as a document: `content`, base64 with `decode`."""
    content = payload.get("content")
    if doctype != "File" or content is None:
        return None
    return base64.b64decode(content) if payload.get("decode") else str(content).encode()


def _existing_url(call: Call, digest: str, private: int) -> str | None:
    found = call.site.db.value(
        "SELECT file_url FROM erp_file_content WHERE content_hash = ? AND is_private = ?",
        (digest, private),
    )
    return str(found) if found else None


def _store(call: Call, name: str, content: bytes, digest: str, private: int) -> str:
    folder = "/private/files/" if private else "/files/"
    url = folder + name
    if call.site.db.value("SELECT 1 FROM erp_file_content WHERE file_url = ?", (url,)):
        path = PurePosixPath(name)
        url = f"{folder}{path.stem}{digest[-_SUFFIX_LENGTH:]}{path.suffix}"
    call.site.db.execute(
        "INSERT INTO erp_file_content VALUES (?, ?, ?, ?)", (url, private, digest, content)
    )
    return url
