"""What the server and the ERP hold, read plainly for the checks."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from field_core.doctypes import spec_of
from field_core.ids import erp_key
from server_sync.erp.codec import Codec
from server_sync.erp.site_time import SiteTime
from server_sync.store.schema import blob_ref, doc
from tests.simulation.clocks import ZONE
from tests.simulation.oracle import Read, oracle_scope

if TYPE_CHECKING:
    from tests.simulation.world import World

CODEC: Final = Codec(SiteTime(ZONE))


def scope_of(world: "World", technician: str) -> set[str]:
    """Return keys a technician may hold, by the rule that is written down a second time."""
    return oracle_scope(documents(world), technician)


def documents(world: "World") -> Iterator[Read]:
    """Return every live document of the server."""
    with world.store.read() as connection:
        for row in connection.execute(doc.select()):
            if row.body:
                yield row.key, row.doctype, json.loads(row.body)


def erp_documents(world: "World") -> dict[str, tuple[str, Any]]:
    """Return every document of the ERP in our form, by key."""
    found: dict[str, tuple[str, Any]] = {}
    held = list(documents(world))
    bodies = {k: b for k, _, b in held}
    ours = {(d, b.get("name")): k for k, d, b in held}
    with world.store.read() as connection:
        files = {row.erp_file: row.sha256 for row in connection.execute(blob_ref.select())}
    for doctype in world.polled:
        for name in world.office.names(doctype):
            raw = world.office.get(doctype, name)
            key = (
                raw.get("sync_key")
                or ours.get((doctype, name))
                or erp_key(doctype, name, raw["creation"])
            )
            body = bodies.get(key)  # which of two instants a repeated hour's text means
            decoded = CODEC.decode(spec_of(doctype), raw, held=body, files=_of_document(raw, files))
            found[key] = (doctype, decoded.body)
    return found


def _of_document(raw: Any, files: dict[str, str]) -> dict[str, str]:
    """Return the blobs that fields of the document itself hold; a photo row keeps its address."""
    return {url: files[url] for url in raw.values() if isinstance(url, str) and url in files}
