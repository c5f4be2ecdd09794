"""Uploading and downloading files over HTTP."""

# ruff: noqa: S608 - table and column names come from doctype definitions; values are bound.

from __future__ import annotations

import mimetypes
import re

from server_sync.embedded_erp.calls import Call, Reply, Request
from server_sync.embedded_erp.documents import render
from server_sync.embedded_erp.errors import ErpError, no_such_route, refused
from server_sync.embedded_erp.meta import Row
from server_sync.embedded_erp.permissions import may
from server_sync.embedded_erp.saving import insert
from server_sync.embedded_erp.shapes import html_error

_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


def upload(call: Call, request: Request) -> Row:
    """Answer `/api/method/upload_file`; a document that does not exist is accepted."""
    if call.is_guest:
        raise ErpError(403, "PermissionError", throws=False, traced=False)
    part = next((part for part in request.parts if part.filename is not None), None)
    if part is None:
        raise refused("No file attached")
    sent = request.arguments
    payload: Row = {
        "file_name": part.filename,
        "is_private": int(sent.get("is_private") or 0),
        "attached_to_doctype": sent.get("doctype"),
        "attached_to_name": sent.get("docname"),
        "attached_to_field": sent.get("fieldname"),
        "folder": sent.get("folder") or "Home",
    }
    call.content = part.content
    return render(insert(call, "File", payload), nulls=False)


def download(call: Call, request: Request) -> Reply:
    """Answer a file's address; private files need a user who may read what they hang on."""
    row = call.site.db.execute(
        "SELECT content, content_hash FROM erp_file_content WHERE file_url = ?", (request.path,)
    ).fetchone()
    if request.path.startswith("/private/") and not _may_download(call, request.path):
        sentence = "You don&#39;t have permission to access this file"
        return html_error(403, "Forbidden", sentence)
    if row is None:
        raise no_such_route()
    return _ranged(request, bytes(row[0]), str(row[1]))


def _may_download(call: Call, url: str) -> bool:
    if call.is_guest:
        return False
    table = call.site.form("File").table
    sql = f"SELECT attached_to_doctype, owner FROM {table} WHERE file_url = ?"
    for doctype, owner in call.site.db.execute(sql, (url,)):
        if owner == call.user.email or doctype not in call.site.forms:
            return True
        if may(call.user, call.site.form(doctype), "read"):
            return True
    return False


def _ranged(request: Request, content: bytes, digest: str) -> Reply:
    kind = mimetypes.guess_type(request.path)[0] or "application/octet-stream"
    headers = {"accept-ranges": "bytes", "etag": f'"{digest}"'}
    if request.headers.get("if-none-match") == headers["etag"]:
        return Reply(status=304, content_type=kind, headers=headers)
    match = _RANGE.fullmatch(request.headers.get("range", ""))
    if match is None or match.groups() == ("", ""):
        return Reply(content=content, content_type=kind, headers=headers)
    first, last = _bounds(match.group(1), match.group(2), len(content))
    headers["content-range"] = f"bytes {first}-{last}/{len(content)}"
    if first >= len(content):
        headers["content-range"] = f"bytes */{len(content)}"
        return Reply(status=416, content_type=kind, headers=headers)
    return Reply(None, 206, content[first : last + 1], kind, headers)


def _bounds(first: str, last: str, size: int) -> tuple[int, int]:
    if not first:
        return max(0, size - int(last)), size - 1
    return int(first), min(int(last), size - 1) if last else size - 1
