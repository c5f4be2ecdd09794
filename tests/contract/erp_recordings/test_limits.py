"""Limits of the proxy and of single calls, over the ASGI transport."""

from __future__ import annotations

import json

import httpx
import pytest

from server_sync.embedded_erp import ErpSiteSettings
from server_sync.embedded_erp.app import EmbeddedErp
from tests.contract.erp_recordings.field_site import HEADERS, JOB, MANAGER, FieldSite
from tests.contract.erp_recordings.recordings import recording


def client(erp: EmbeddedErp) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(erp)
    return httpx.AsyncClient(transport=transport, base_url="http://erp", headers=HEADERS)


async def test_url_over_8_kib_is_414(site: FieldSite) -> None:
    wanted = recording("list_long_url_414")
    names = json.dumps([["name", "in", [f"DJ-{number:05d}" for number in range(1000)]]])
    async with client(site.erp) as http:
        reply = await http.get(JOB, params={"filters": names})
    assert reply.status_code == wanted.response["status"]
    assert reply.headers["content-type"].partition(";")[0] == "text/html"


async def test_body_over_25_mb_is_413(site: FieldSite) -> None:
    wanted = recording("upload_file_too_large_413")
    content = bytes(wanted.request["body"]["files"]["file"]["bytes"])
    async with client(site.erp) as http:
        reply = await http.post("/api/method/upload_file", files={"file": ("big.bin", content)})
    assert reply.status_code == 413
    assert reply.text.split() == wanted.body.split()


def test_insert_many_over_200_stores_nothing(site: FieldSite) -> None:
    wanted = recording("insert_many_over_200_417")
    docs = [{"doctype": "Service Location"}] * 201
    path = wanted.request["path"]
    reply = site.send("POST", path, {"docs": docs})
    assert reply.status == 417
    assert reply.body is not None
    assert reply.body["exception"] == wanted.body["exception"]
    assert site.call("frappe.client.get_count", doctype="Service Location") == 0


async def test_offloaded_site_answers_alike() -> None:
    settings = ErpSiteSettings(users=(MANAGER,), offload=True)
    site = FieldSite(settings=settings)
    async with client(site.erp) as http:
        reply = await http.post(JOB, json={"subject": "from a thread"})
    assert reply.json()["data"]["name"] == "DJ-00001"
    site.erp.close()


@pytest.mark.parametrize("path", ["/api/resource/No Such Doctype", "/nowhere", "/api/resource"])
async def test_unknown_places_are_refused_as_json(site: FieldSite, path: str) -> None:
    async with client(site.erp) as http:
        reply = await http.get(path)
    assert reply.json()["exc_type"] in {"ImportError", "DoesNotExistError"}
