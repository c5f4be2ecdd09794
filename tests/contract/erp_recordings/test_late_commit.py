"""Writes that are stamped now and visible later: the trap of every watermark."""

from __future__ import annotations

import asyncio

import httpx

from server_sync.embedded_erp import HeldCommit
from server_sync.embedded_erp.calls import Request
from tests.contract.erp_recordings.conftest import OpenSite
from tests.contract.erp_recordings.field_site import HEADERS, JOB, FieldSite
from tests.contract.erp_recordings.planting import plant_new, plant_recorded
from tests.contract.erp_recordings.preparations import base
from tests.contract.erp_recordings.recordings import recording

POLLS = [
    "late_commit_1_poll_misses_open_transaction",
    "late_commit_2_next_poll_with_watermark_misses_it",
    "late_commit_3_overlapping_poll_finds_it",
]


def test_polls_around_a_late_commit_find_what_was_recorded(site_of: OpenSite) -> None:
    send = site_of("postgres")
    base(send.erp, "")
    plant_recorded(send.erp, "get_dispatch_job_v2")
    plant_new(send.erp, "Dispatch Job", "DJ-20002", subject="quick")
    first, second, third = (recording(name) for name in POLLS)
    late, quick = third.body["data"]
    send.clock.put(late["modified"])
    write = send.erp.begin(_put(late["name"]))
    send.clock.put(quick["modified"])
    assert send.erp.answer(_put(quick["name"])).status == 200
    assert send(first).body == first.body
    write.commit()
    assert send(second).body == second.body
    assert send(third).body == third.body


def _put(name: str) -> Request:
    headers = {"authorization": "token service:one", "content-type": "application/json"}
    return Request("PUT", f"{JOB}/{name}", "", headers, b"{}")


def test_document_in_an_open_transaction_is_locked_for_others(site: FieldSite) -> None:
    job = site.job()
    late = site.erp.begin(site.request("PUT", f"{JOB}/{job['name']}", {"notes": "late"}))
    assert site.refusal("PUT", f"{JOB}/{job['name']}", {}) == (500, "QueryDeadlockError")
    assert late.commit().status == 200
    assert site.data("GET", f"{JOB}/{job['name']}")["modified"] == late.stamp


async def test_held_request_is_answered_after_its_release(site: FieldSite) -> None:
    job = site.job()
    held = site.erp.faults.hold_next_commit()
    transport = httpx.ASGITransport(site.erp)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://erp", headers=HEADERS
    ) as http:
        writing = asyncio.create_task(http.put(f"{JOB}/{job['name']}", json={"notes": "late"}))
        await _until_held(site, held)
        assert "notes" not in site.data("GET", f"{JOB}/{job['name']}")
        later = site.job()
        held.release()
        reply = await writing
    assert reply.json()["data"]["modified"] < later["modified"]
    assert site.data("GET", f"{JOB}/{job['name']}")["notes"] == "late"


async def _until_held(site: FieldSite, held: HeldCommit) -> None:
    for _ in range(100):
        await asyncio.sleep(0)
    assert site.erp.site.held_rows
    assert not held.released.is_set()
