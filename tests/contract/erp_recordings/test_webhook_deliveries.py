"""Webhooks: what is sent, signed how, how often tried, and what is lost."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json

import pytest

from server_sync.embedded_erp.webhook_queue import Delivery
from server_sync.embedded_erp.webhooks import WAITS_S, WebhookAnswer
from tests.contract.erp_recordings.comparison import differences
from tests.contract.erp_recordings.conftest import OpenSite
from tests.contract.erp_recordings.field_site import JOB, FieldSite
from tests.contract.erp_recordings.planting import plant_recorded, set_series
from tests.contract.erp_recordings.preparations import base
from tests.contract.erp_recordings.recordings import Json, recording
from tests.contract.erp_recordings.sending import Sender

SIGNATURE = "X-Frappe-Webhook-Signature"
HOOK = {"request_url": "http://127.0.0.1:8099/hook", "request_method": "POST", "enabled": 1}


def hook(site: FieldSite, event: str, **values: Json) -> None:
    named = {"name": f"on {event}", "webhook_doctype": "Dispatch Job", "webhook_docevent": event}
    site.data("POST", "/api/resource/Webhook", {**HOOK, **named, **values})


async def no_sleep(_seconds: float) -> None:
    return None


async def drained(site: FieldSite, *answers: int) -> list[Delivery]:
    sent: list[Delivery] = []
    statuses = list(answers)

    async def deliver(delivery: Delivery) -> WebhookAnswer:
        sent.append(delivery)
        return WebhookAnswer(statuses.pop(0) if statuses else 200, "ok")

    await site.erp.drain_webhooks(deliver, no_sleep)
    return sent


def test_signed_delivery_is_the_recorded_one(site_of: OpenSite) -> None:
    wanted = recording("webhook_delivery_on_update_signed")
    send = site_of(wanted.flavour)
    base(send.erp, "")
    plant_recorded(send.erp, "get_dispatch_job_v2")
    send(recording("webhook_create"))
    send.clock.put(wanted.request["body"]["modified"])
    put_status(send, "Completed")
    delivery = send.erp.site.webhooks.take()
    assert delivery is not None
    assert json.loads(delivery.body) == wanted.request["body"]
    recorded = wanted.request["headers"]
    assert len(delivery.body) == int(recorded["Content-Length"])
    assert delivery.headers == {name: recorded[name] for name in (SIGNATURE, "Content-Type")}


def put_status(send: Sender, status: str) -> None:
    request = recording("update_partial_scalar").request
    reply = send.request({**request, "body": {"status": status}}, "service")
    assert reply.status == 200


def test_signature_is_the_hmac_of_the_raw_body() -> None:
    wanted = recording("webhook_delivery_on_update_signed")
    body = json.dumps(wanted.request["body"]).encode()
    digest = hmac.new(b"lab-secret", body, hashlib.sha256).digest()
    signature = wanted.request["headers"][SIGNATURE]
    assert base64.b64encode(digest).decode() == signature


def test_field_list_delivery_holds_child_rows_and_no_content_type(site_of: OpenSite) -> None:
    wanted = recording("webhook_delivery_after_insert_fields")
    send = site_of(wanted.flavour)
    fields = [{"fieldname": name, "key": name} for name in wanted.request["body"]]
    body = {**HOOK, "webhook_doctype": "Dispatch Job", "webhook_docevent": "after_insert"}
    create = recording("webhook_create").request
    send.request({**create, "body": {**body, "name": "x", "webhook_data": fields}}, "service_admin")
    set_series(send.erp, "DJ-", 22802)
    send.clock.put(wanted.request["body"]["modified"])
    insert = recording("insert_owner_and_timestamps_cannot_be_set").request
    job = {"subject": "x", "checklist": [{"step": "one"}]}
    send.request({**insert, "body": job}, "service")
    delivery = send.erp.site.webhooks.take()
    assert delivery is not None
    assert differences(wanted.request["body"], json.loads(delivery.body)) == []
    assert delivery.headers == {}


async def test_deletion_is_told_with_the_recorded_body(site: FieldSite) -> None:
    wanted = recording("webhook_delivery_on_trash").request["body"]
    hook(site, "on_trash", webhook_json='{"event": "on_trash", "name": "{{ doc.name }}"}')
    job = site.job()
    site.data("DELETE", f"{JOB}/{job['name']}")
    (sent,) = await drained(site)
    assert json.loads(sent.body) == {**wanted, "name": job["name"]}


async def test_refused_save_tells_nothing(site: FieldSite) -> None:
    hook(site, "on_update")
    site.refusal("POST", JOB, {"status": "Open"})
    assert await drained(site) == []


async def test_save_without_a_change_is_told(site: FieldSite) -> None:
    job = site.job()
    hook(site, "on_update")
    site.data("PUT", f"{JOB}/{job['name']}", {})
    assert len(await drained(site)) == 1


async def test_disabled_webhook_is_silent(site: FieldSite) -> None:
    hook(site, "on_update")
    site.data("PUT", "/api/resource/Webhook/on on_update", {"enabled": 0})
    site.job()
    assert await drained(site) == []


async def test_dropped_webhooks_are_lost(site: FieldSite) -> None:
    hook(site, "on_update")
    site.erp.faults.drop_webhooks = True
    site.job()
    assert await drained(site) == []


@pytest.mark.parametrize(("answers", "tries"), [((200,), 1), ((500, 200), 2), ((500,) * 3, 3)])
async def test_delivery_is_tried_three_times(
    site: FieldSite, answers: tuple[int, ...], tries: int
) -> None:
    hook(site, "on_update")
    site.job()
    assert len(await drained(site, *answers)) == tries <= len(WAITS_S)
    (row,) = site.data("GET", "/api/resource/Webhook Request Log", fields=["error"])
    assert (row["error"] is None) is (answers[-1] == 200)


async def test_unreachable_receiver_leaves_a_log_row(site: FieldSite) -> None:
    hook(site, "on_update")
    site.job()

    async def broken(_delivery: Delivery) -> WebhookAnswer:
        raise ConnectionRefusedError

    assert await site.erp.drain_webhooks(broken, no_sleep) == 1
    (row,) = site.data("GET", "/api/resource/Webhook Request Log", fields=["error", "url"])
    assert row == {"error": "ConnectionRefusedError()", "url": HOOK["request_url"]}


def test_secret_is_never_read_out(site: FieldSite) -> None:
    hook(site, "on_update", enable_security=1, webhook_secret="hush")
    shown = site.data("GET", "/api/resource/Webhook/on on_update")
    assert shown["webhook_secret"] == "****"
