"""One tag made, made again, given a file, deleted: whether writing works, and what it sets off."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from server_sync.erp.client import FrappeClient
from server_sync.erp.failures import ErpRefused, ErpUnknownOutcome
from server_sync.erp.setup.verdicts import Check, Verdict, good
from server_sync.erp.setup.wanted import TRIED_DOCTYPE as DOCTYPE
from server_sync.erp.setup.wanted import WEBHOOK_PREFIX

NAME_PREFIX: Final = "erp-check-"
WEBHOOK: Final = f"{WEBHOOK_PREFIX}{DOCTYPE} on_update"
DIFFERENCE_S_MAX: Final = 60
"""Polls overlap by ten minutes; a clock that is a minute off is the beginning of more."""
DELIVERY_S: Final = 20
"""A worker delivers within a second and gives up after six; a queue may be in front of it."""
LOOK_EVERY_S: Final = 1.0

Sleep = Callable[[float], Awaitable[None]]


async def probe(
    client: FrappeClient,
    *,
    now: Callable[[], datetime],
    sleep: Sleep,
    rand: Callable[[], float],
    has_secret: bool,
) -> list[Check]:
    """Make a tag and look at what came of it. Raises ErpFailure when it cannot be made."""
    await _clean(client)
    name = f"{NAME_PREFIX}{round(rand() * 16**8):08x}"
    form = {"tag_name": name, "sync_key": name}
    try:
        await client.insert(DOCTYPE, form)
        raw = await client.get(DOCTYPE, name)
        made = [good("write", "a tag was made and read back")]
        made.append(_clock(raw, await client.time_zone(), now()))
        made.append(await _unique(client, name))
        made.append(await _files(client, name))
        made.append(await _delivery(client, name, sleep=sleep, has_secret=has_secret))
        return made
    finally:
        await _clean(client)


async def _clean(client: FrappeClient) -> None:
    """Delete our tags, also those of a check that was cut."""
    filters = [("name", "like", f"{NAME_PREFIX}%")]
    for row in await client.rows(DOCTYPE, ["name"], filters=filters):
        await client.delete(DOCTYPE, str(row["name"]))


def _clock(raw: dict[str, Any], zone: str, now: datetime) -> Check:
    local = now.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    apart = (datetime.fromisoformat(str(raw["creation"])) - local).total_seconds()
    says = f"{apart:+.1f} s from ours"
    if abs(apart) <= DIFFERENCE_S_MAX:
        return good("clock", says)
    todo = "run NTP on both machines; hours apart mean a wrong time zone"
    return Check("clock", Verdict.BAD, says, todo)


async def _unique(client: FrappeClient, name: str) -> Check:
    """Send the same key once more: a site that takes it would double what an answer was lost of."""
    try:
        await client.insert(DOCTYPE, {"tag_name": f"{name}-again", "sync_key": name})
    except ErpRefused as refusal:
        if refusal.is_duplicate:
            return good("repeats", "a key sent twice is refused")
        raise
    except ErpUnknownOutcome:
        pass  # PostgreSQL may say 500 to a unique violation: what is there decides
    rows = await client.rows(DOCTYPE, ["name"], filters=[("sync_key", "=", name)])
    if len(rows) == 1:
        return good("repeats", "a key sent twice is refused")
    todo = "sync_key must be unique: server-sync erp install"
    return Check("repeats", Verdict.BAD, "the same key was taken twice", todo)


async def _files(client: FrappeClient, name: str) -> Check:
    """Attach a file and find it again: photos and signatures go this way."""
    place, file = (DOCTYPE, name), f"{name}.txt"
    await client.upload(place, file_name=file, content=f"{name}\n".encode(), mime="text/plain")
    if await client.uploaded(place, file):
        return good("files", "a private file was attached and found again")
    todo = "this user must read File, else a photo whose answer was lost is sent twice"
    return Check("files", Verdict.BAD, "a file was attached and cannot be found", todo)


async def _delivery(client: FrappeClient, name: str, *, sleep: Sleep, has_secret: bool) -> Check:
    """Look into the site's own log of deliveries for the one that the tag set off."""
    try:
        hooks = await client.rows("Webhook", ["name", "enabled"], filters=[("name", "=", WEBHOOK)])
        if not hooks or not int(hooks[0].get("enabled") or 0):
            says = "none: changes are found by polling alone"
            return Check("webhooks", Verdict.OPEN, says, "erp install --server URL")
        if not has_secret:
            todo = "set ERPNEXT_WEBHOOK_SECRET, else the server refuses them"
            return Check("webhooks", Verdict.BAD, "no secret is set", todo)
        return await _logged(client, name, sleep)
    except ErpRefused as refusal:
        if refusal.exc_type != "PermissionError":
            raise
        return Check("webhooks", Verdict.OPEN, "this user may not read the log of deliveries")


async def _logged(client: FrappeClient, name: str, sleep: Sleep) -> Check:
    filters = [("webhook", "=", WEBHOOK), ("reference_document", "=", name)]
    for _ in range(round(DELIVERY_S / LOOK_EVERY_S)):
        rows = await client.rows("Webhook Request Log", ["error", "url"], filters=filters)
        if any(not row.get("error") for row in rows):
            return good("webhooks", f"delivered to {rows[0]['url']}")
        if rows:
            todo = "does the address answer from the ERP's machine, and is the secret the same?"
            return Check("webhooks", Verdict.BAD, str(rows[0]["error"]), todo)
        await sleep(LOOK_EVERY_S)
    todo = "is a background worker running? (bench doctor)"
    return Check("webhooks", Verdict.BAD, f"nothing was sent in {DELIVERY_S} s", todo)
