"""Files: content once, rows as often as uploaded, downloads in ranges."""

from __future__ import annotations

import base64
import hashlib
import json

from server_sync.embedded_erp.calls import Reply, Request
from tests.contract.erp_recordings.comparison import differences
from tests.contract.erp_recordings.conftest import OpenSite
from tests.contract.erp_recordings.field_site import HEADERS, FieldSite
from tests.contract.erp_recordings.preparations import prepare
from tests.contract.erp_recordings.recordings import recording
from tests.contract.erp_recordings.sending import PICTURE, Sender

URL = "/private/files/signature.png"


def uploaded(site_of: OpenSite) -> Sender:
    wanted = recording("file_lookup_by_content_hash")
    send = site_of(wanted.flavour)
    prepare(send.erp, send, wanted)
    return send


def test_lookup_by_content_hash_finds_every_row(site_of: OpenSite) -> None:
    send = uploaded(site_of)
    wanted = recording("file_lookup_by_content_hash")
    digest = hashlib.md5(PICTURE, usedforsecurity=False).hexdigest()
    query = {**wanted.request["query"], "filters": json.dumps([["content_hash", "=", digest]])}
    reply = send.request({**wanted.request, "query": query}, "service")
    assert differences(wanted.body, reply.body) == []


def test_private_download_gives_the_bytes(site_of: OpenSite) -> None:
    send = uploaded(site_of)
    wanted = recording("download_private_file_200")
    reply = send(wanted)
    assert (reply.status, reply.content, reply.content_type) == (200, PICTURE, "image/png")
    assert len(reply.content) == wanted.body["bytes"]
    assert reply.headers["accept-ranges"] == "bytes"


def test_range_gives_a_part(site_of: OpenSite) -> None:
    reply = ranged(uploaded(site_of), "bytes=8-15")
    assert (reply.status, reply.content) == (206, PICTURE[8:16])
    assert reply.headers["content-range"] == "bytes 8-15/80"


def test_range_from_the_end_gives_the_tail(site_of: OpenSite) -> None:
    assert ranged(uploaded(site_of), "bytes=-8").content == PICTURE[-8:]


def test_range_past_the_end_is_416(site_of: OpenSite) -> None:
    assert ranged(uploaded(site_of), "bytes=80-").status == 416


def ranged(send: Sender, wanted: str) -> Reply:
    headers = {"authorization": "token service:one", "range": wanted}
    return send.erp.answer(Request("GET", URL, "", headers))


def test_other_bytes_under_the_same_name_get_another_url(site: FieldSite) -> None:
    first, second = (posted(site, "photo.jpg", content) for content in (b"one", b"two"))
    assert first["file_url"] == "/private/files/photo.jpg"
    assert second["file_url"] != first["file_url"]
    assert download(site, second["file_url"]).content == b"two"


def test_content_stays_while_another_row_refers_to_it(site: FieldSite) -> None:
    first, second = (posted(site, name, b"same") for name in ("a.txt", "b.txt"))
    assert second["file_url"] == first["file_url"]
    site.data("DELETE", f"/api/resource/File/{first['name']}")
    assert download(site, first["file_url"]).content == b"same"
    site.data("DELETE", f"/api/resource/File/{second['name']}")
    assert download(site, first["file_url"]).status != 200


def posted(site: FieldSite, name: str, content: bytes) -> dict[str, str]:
    encoded = base64.b64encode(content).decode()
    body = {"file_name": name, "is_private": 1, "content": encoded, "decode": True}
    found: dict[str, str] = site.data("POST", "/api/resource/File", body)
    return found


def download(site: FieldSite, url: str) -> Reply:
    return site.erp.answer(Request("GET", url, "", dict(HEADERS)))
