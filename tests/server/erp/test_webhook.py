"""Webhooks: a signed hint."""

import json

import pytest

from field_core.problems import ProblemError
from server_sync.embedded_erp.webhooks import WebhookAnswer
from server_sync.erp.webhook import BODY_BYTES_MAX, Hint, read_hint, sign
from tests.server.erp.world import Json, World


async def test_webhook_of_the_site_is_read_by_its_signature(world: World) -> None:
    await world.make(
        "Webhook",
        name="jobs",
        webhook_doctype="Dispatch Job",
        webhook_docevent="on_update",
        request_url="http://server.test/v1/erp/webhook",
        enable_security=1,
        webhook_secret="hush",
        webhook_json=json.dumps({"doctype": "Dispatch Job", "name": "{{ doc.name }}"}),
    )
    name = await world.job()
    told: list[Hint] = []

    async def deliver(delivery: Json) -> WebhookAnswer:
        told.append(
            world.service.hint(delivery.body, delivery.headers["X-Frappe-Webhook-Signature"])
        )
        return WebhookAnswer(200)

    async def no_pause(_seconds: float) -> None:
        return

    await world.erp.drain_webhooks(deliver, no_pause)
    assert set(told) == {Hint("Dispatch Job", name)}
    assert await world.service.poll([told[0].doctype]) == 1


RAW = b'{"doctype": "Item", "name": "X"}'


@pytest.mark.parametrize(
    ("raw", "signature", "secret", "code"),
    [
        (RAW, None, "hush", "webhook-signature"),
        (RAW, "AAAA", "hush", "webhook-signature"),
        (RAW, "é", "hush", "webhook-signature"),
        (RAW + b" ", sign("hush", RAW), "hush", "webhook-signature"),
        (RAW, sign("", RAW), "", "webhook-signature"),
        (b"[]", sign("hush", b"[]"), "hush", "bad-request"),
        (b"{}", sign("hush", b"{}"), "hush", "bad-request"),
        (b" " * (BODY_BYTES_MAX + 1), "", "hush", "too-large"),
    ],
)
def test_anything_else_is_turned_away(
    raw: bytes, signature: str | None, secret: str, code: str
) -> None:
    with pytest.raises(ProblemError) as caught:
        read_hint(raw, signature, secret=secret)
    assert caught.value.problem.code == code
