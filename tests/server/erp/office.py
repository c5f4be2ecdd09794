"""What stands in the office system and comes to it: a job, a photo, counts, somebody's edits."""

import hashlib
import json

from server_sync.embedded_erp.calls import Request
from tests.server.erp.world import AS_DESK, Json, World

PHOTO = b"\xff\xd8\xff\xe0 a photo"
SHA = hashlib.sha256(PHOTO).hexdigest()


async def held_job(world: World, **values: Json) -> tuple[str, str]:
    """A job that both sides have: its name and our key."""
    name = await world.job(**values)
    await world.service.poll()
    world.wire.sent.clear()
    world.wait(seconds=1)
    return name, world.doc("Dispatch Job", name).key


def attach_photo(world: World, key: str, item_id: str | None = None) -> int:
    """A technician takes a photo of a job; returns the operation's number."""
    return world.push(
        key,
        "attach",
        sha256=SHA,
        size=len(PHOTO),
        mime="image/jpeg",
        role="photo",
        list="photos",
        item_id=item_id or world.new_id(),
        item={"caption": "ONT posé"},
    )


def rows(world: World, doctype: str) -> int:
    return int(world.sql(f'SELECT COUNT(*) FROM "tab{doctype}"')[0][0])  # noqa: S608 - a doctype of ours


def put(name: str, values: Json, *, doctype: str = "Dispatch Job") -> Request:
    """A change of a job, or of another document, by somebody in the office."""
    return _asked("PUT", f"/api/resource/{doctype}/{name}", values)


def delete(name: str) -> Request:
    """A job that somebody in the office deletes."""
    return _asked("DELETE", f"/api/resource/Dispatch Job/{name}", {})


def plan(**values: Json) -> Request:
    """A job that somebody in the office plans."""
    return _asked("POST", "/api/resource/Dispatch Job", values)


def renaming(doctype: str, old: str, new: str) -> Request:
    """A rename by somebody in the office."""
    form = {"doctype": doctype, "old_name": old, "new_name": new}
    return _asked("POST", "/api/method/frappe.client.rename_doc", form)


def _asked(method: str, path: str, values: Json) -> Request:
    headers = {"authorization": AS_DESK, "content-type": "application/json"}
    return Request(method, path, "", headers, json.dumps(values).encode())
