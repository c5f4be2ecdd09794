"""What must hold: some of it always, the rest once the world has come to rest."""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from field_app.sync.index_rows import device_in_index
from field_core.canon import hash8, sum64
from field_core.doctypes import spec_of
from field_core.ids import review_key
from field_core.offers import ACCEPT, TABLE
from field_core.replay import Held, replay
from field_core.status import TRANSITIONS
from server_sync.scope import EVERYBODY
from server_sync.store.schema import blob, doc, erp_out, feed, outcome
from tests.simulation import survey
from tests.simulation.device import Device
from tests.simulation.traces import Traces

if TYPE_CHECKING:
    from tests.simulation.world import World


class Violation(AssertionError):
    """An invariant that did not hold."""


def check(condition: object, number: int, message: str) -> None:
    """Raise Violation naming the invariant."""
    if not condition:
        raise Violation(f"invariant {number}: {message}")


# --- always


def view_is_base_with_outbox(device: Device) -> None:
    """9: the view is base with unseen operations replayed; the sums equal recomputed ones."""
    connection, replica = device.connection, device.replica
    base = {
        k: (d, r, h, b)
        for k, d, r, h, b in connection.execute(
            "SELECT key, doctype, rev, hash8, body FROM base"
        ).fetchall()
    }
    shown = {
        k: (d, b)
        for k, d, b in connection.execute("SELECT key, doctype, body FROM view").fetchall()
    }
    unseen = replica.outbox.unseen_keys()
    as_told = {k for k, have in base.items() if shown.get(k) == (have[0], have[3])}
    replayed = {*base, *shown, *unseen} - (as_told - unseen)
    pending = replica.outbox.unseen(replayed)
    for key in replayed:
        have, work = base.get(key), pending.get(key, ())
        known = device_in_index(replica.db, key) if work and not have else None
        held = replay(Held(have[0], json.loads(have[3])) if have else known, work)
        got = shown.get(key)
        check((held is None) == (got is None), 9, f"{device.label} {key} shown: {got is not None}")
        if held and got:
            check(
                held.body == json.loads(got[1]),
                9,
                f"{device.label} view of {key}: {_difference(held.body, json.loads(got[1]))}",
            )
    totals: dict[str, list[int]] = {}
    for key, (doctype, rev, hashed, body) in base.items():
        check(_hash_of(body) == hashed, 9, f"hash of {key}")
        total = totals.setdefault(doctype, [0, 0])
        total[0] += 1
        total[1] = (total[1] + sum64(key, rev, hashed)) % (1 << 64)
    check(
        {d: (n, f"{s:016x}") for d, (n, s) in totals.items()} == replica.sums(),
        9,
        f"{device.label} sums",
    )


def acts_are_whole(device: Device) -> None:
    """1: of an act of several parts the phone keeps all or none, to offer it again whole."""
    cut = device.connection.execute(_CUT_ACTS).fetchall()
    check(not cut, 1, f"{device.label} keeps a part of {cut[:2]}")


_CUT_ACTS: Final = """
    SELECT group_id, count(*), max(json_extract(operation, '$.group.size')) AS size
    FROM outbox WHERE group_id IS NOT NULL GROUP BY group_id HAVING count(*) != size
"""


@lru_cache(maxsize=4_096)
def _hash_of(body: str) -> str:
    """Most documents are looked at many times between two changes."""
    return hash8(json.loads(body))


def nothing_foreign_on_the_wire(world: "World", technician: str, keys: set[str]) -> None:
    """4: whatever went to a technician was in scope, by a rule written down a second time."""
    allowed = survey.scope_of(world, technician)
    check(keys <= allowed, 4, f"{technician} was sent {sorted(keys - allowed)[:3]}")


def waiting_work_is_shown(world: "World") -> None:
    """9, on the server: what the ERP has not got yet stands in the document all the same."""
    with world.store.read() as connection:
        rows = connection.execute(
            select(erp_out.c.operation, doc.c.body)
            .join(doc, doc.c.key == erp_out.c.key)
            .where(erp_out.c.state == "waiting", doc.c.body.is_not(None))
        ).all()
    for text, body in rows:
        operation = json.loads(text)
        if operation["kind"] == "append":
            ids = {row["id"] for row in json.loads(body).get(operation["list"]) or ()}
            check(operation["item_id"] in ids, 9, f"{operation['id']} is hidden by the ERP's word")


# --- at rest


def all_hold_at_rest(world: "World") -> None:
    """Check 1 to 3 and 5 to 10 once nothing is under way any more."""
    with world.store.read() as connection:
        docs = {r.key: r for r in connection.execute(select(doc))}
        outcomes = {r.op_id: r for r in connection.execute(select(outcome))}
        sent = connection.execute(select(erp_out)).all()
        waiting = connection.execute(select(erp_out).where(erp_out.c.state == "waiting")).all()
        feeds = connection.execute(select(feed).where(feed.c.is_in.is_(True))).all()
        blobs = connection.execute(select(blob)).all()
    reviews = [json.loads(r.body) for r in docs.values() if r.doctype == "Sync Review" and r.body]
    check(
        not waiting,
        8,
        f"{len(waiting)} operations still wait for the ERP: "
        f"{[(w.tries, w.error, w.operation[:160]) for w in waiting[:3]]}",
    )
    for device in world.living_devices():
        pending = device.replica.outbox.pending_count()
        check(
            pending == 0,
            8,
            f"{device.label} still has {pending} to send: "
            f"{device.engine.status()} {device.replica.outbox.pending(2)} {len(device.outgoing)}",
        )
        _device_agrees(device, world, docs, feeds)
        view_is_base_with_outbox(device)
        acts_are_whole(device)
    _every_operation_accounted_for(world, docs, outcomes, reviews)
    _groups_are_whole(world, outcomes)
    _effects_are_single(sent)
    _nothing_withdrawn_arrives(world, outcomes)
    _offers_have_one_winner(world, docs, outcomes)
    _server_agrees_with_erp(world, docs)
    _no_phantom_rows(world, docs)
    _histories_are_legal(docs)
    _blobs_are_whole(world, blobs)
    _files_are_single(world)


def _device_agrees(
    device: Device, world: "World", docs: dict[str, Any], feeds: Sequence[Any]
) -> None:
    audiences = {world.audience(device), EVERYBODY}
    wanted = {row.key: row.rev for row in feeds if row.audience in audiences}
    base = {
        key: (rev, json.loads(body))
        for key, rev, body in device.connection.execute(
            "SELECT key, rev, body FROM base"
        ).fetchall()
    }
    have = {key: rev for key, (rev, _) in base.items()}
    odd = [
        (k, have.get(k), wanted.get(k)) for k in {*have, *wanted} if have.get(k) != wanted.get(k)
    ]
    check(
        have == wanted,
        5,
        f"{device.label} holds other documents than its feed says: {odd[:3]} "
        f"{device.engine.status()} {device.replica.cursor} {device.replica.wanted()}",
    )
    found = device.replica.get("divergences")
    check(not found, 5, f"{device.label} found its sums to differ {found} times")
    for key, (_, body) in base.items():
        check(
            body == json.loads(docs[key].body), 5, f"{device.label} {key} differs from the server"
        )
    check(
        set(base) <= survey.scope_of(world, world.technician(device)),
        4,
        f"{device.label} holds a document out of scope",
    )


def _every_operation_accounted_for(
    world: "World", docs: dict[str, Any], outcomes: dict[str, Any], reviews: list[Any]
) -> None:
    """1 to 3: in the ERP, or superseded or parked with what was lost in a review; never twice."""
    kept = {json.loads(r["operation"]).get("id") for r in reviews if r.get("operation")}
    _no_review_lies(reviews, docs)
    traces, cleaned = Traces(world, docs, reviews), world.cleaned()
    written = (json.loads(entry["text"]) for entry in world.journal().values())
    made = {operation["key"] for operation in written if operation["kind"] == "create"}
    for op_id, entry in world.journal().items():
        operation = json.loads(entry["text"])
        row = outcomes.get(op_id)
        if row is None and world.restored and op_id in cleaned:  # the ERP has it, and need not say
            is_deleted = operation["key"] not in docs and operation["key"] not in made
            lost = None if is_deleted else traces.lost_by(operation)  # the office deletes its jobs
            check(lost is None, 1, f"{op_id} was in the ERP and lost {lost}")
            continue
        check(row is not None, 1, f"{operation['kind']} {op_id} of {entry['device']} is absent")
        assert row is not None, "checked"
        if row.verdict in ("parked", "rejected") or row.office == "review":
            check(op_id in kept, 1, f"{row.verdict} {op_id} is in no review")
        elif operation["kind"] in ("append", "attach"):
            _row_is_there_once(operation, docs)
        if row.verdict not in ("parked", "rejected") and row.office != "review":
            lost = traces.lost_by(operation)
            check(lost is None, 1, f"{row.verdict} {operation['kind']} {op_id} lost {lost}")
        if row.verdict in ("superseded", "merged"):
            check(
                any(key in docs for key in _review_keys(operation)),
                1,
                f"what {row.verdict} {op_id} lost is in no review",
            )


def _no_review_lies(reviews: list[Any], docs: dict[str, Any]) -> None:
    """1: nobody is asked about a create that the ERP has, or about what no line of code foresaw."""
    for review in reviews:
        check(review.get("reason") != "internal", 1, f"an operation broke the server: {review}")
        refused = review.get("reason") == "erp-refused" and review.get("operation")
        if refused and json.loads(refused).get("kind") == "create":
            row = docs.get(review.get("document_key", ""))
            check(row is None or not row.erp_body, 1, f"refused, yet there: {review}")


def _groups_are_whole(world: "World", outcomes: dict[str, Any]) -> None:
    """1: an act of several parts is taken whole or kept whole."""
    kept: dict[str, set[bool]] = {}
    for op_id, entry in world.journal().items():
        group = json.loads(entry["text"]).get("group")
        if group and op_id in outcomes:
            is_kept = outcomes[op_id].verdict in ("parked", "rejected")
            kept.setdefault(group["id"], set()).add(is_kept)
    split = [group for group, answers in kept.items() if len(answers) > 1]
    check(not split, 1, f"groups taken in part: {split[:3]}")


def _effects_are_single(sent: Sequence[Any]) -> None:
    """3: an operation goes to the ERP once, whichever identity of a phone offered it."""
    doubled = [op_id for op_id, n in Counter(row.op_id for row in sent).items() if n > 1]
    check(not doubled, 3, f"operations sent twice: {doubled[:3]}")


def _files_are_single(world: "World") -> None:
    """3: a photo is in the ERP once on each document; an upload has no key to be refused by."""
    rows = world.office.ask(
        "GET",
        '/api/resource/File?fields=["attached_to_name","file_name"]&limit_page_length=0',
    )
    there = Counter((row["attached_to_name"], row["file_name"]) for row in rows)
    doubled = [file for file, n in there.items() if n > 1]
    check(not doubled, 3, f"photos uploaded twice: {doubled[:3]}")


def _nothing_withdrawn_arrives(world: "World", outcomes: dict[str, Any]) -> None:
    """1: what was taken back before it was offered was never done."""
    written = world.journal().keys() | world.excused().keys()
    arrived = [i for d in world.devices for i in d.withdrawn if i in outcomes and i not in written]
    check(not arrived, 1, f"taken back, yet done: {arrived[:3]}")


def _offers_have_one_winner(world: "World", docs: dict[str, Any], outcomes: dict[str, Any]) -> None:
    """3: of those who accept an offer one has it, unless the office gave it away again.

    A server that was put back to a backup may promise again what the ERP knows to be given away;
    the second one loses when it is written back, and a review says so.
    """
    if world.restored:
        return
    winners: dict[str, set[str]] = {}
    for op_id, entry in world.journal().items():
        operation = json.loads(entry["text"])
        item = operation.get("item") or {}
        is_claim = operation.get("list") == TABLE and item.get("answer") == ACCEPT
        if is_claim and op_id in outcomes and outcomes[op_id].verdict not in ("parked", "rejected"):
            winners.setdefault(operation["key"], set()).add(item["technician"])
    for key, technicians in winners.items():
        name = docs[key].erp_name if key in docs else None
        is_office = (name, "assigned_technician") in world.office.touched
        check(len(technicians) == 1 or is_office, 3, f"{name} was promised to {technicians}")


def _review_keys(operation: Any) -> list[str]:
    """Return every key under which something that an operation lost would be kept."""
    fields = [
        *operation.get("fields", ()),
        "status",
        "closed_reason",
        operation.get("field") or "",
        f"{operation.get('list')}.{operation.get('item_id')}",
    ]
    return [review_key(operation["id"], field) for field in fields]


def _row_is_there_once(operation: Any, docs: dict[str, Any]) -> None:
    row = docs.get(operation["key"])
    if row is None or row.body is None or "list" not in operation:
        return
    body, erp = json.loads(row.body), json.loads(row.erp_body) if row.erp_body else {}
    item = operation.get("item_id") or operation["id"]
    for place, number, name in ((body, 1, "the server"), (erp, 3, "the ERP")):
        ids = Counter(r["id"] for r in place.get(operation["list"]) or ())
        check(ids[item] == 1, number, f"row {item} is {ids[item]} times in {name}")


def _server_agrees_with_erp(world: "World", docs: dict[str, Any]) -> None:
    """5 and 6: our documents are the ERP's, neither more nor fewer nor different."""
    erp = survey.erp_documents(world)
    ours = {key: row for key, row in docs.items() if row.body and spec_of(row.doctype).is_in_erp}
    for key, row in ours.items():
        check(key in erp, 6, f"{row.doctype} {key} ({row.erp_name}) is in no ERP")
        check(
            json.loads(row.body) == erp[key][1],
            5,
            f"{row.doctype} {row.erp_name} differs from the ERP: "
            f"{_difference(json.loads(row.body), erp[key][1])}",
        )
    missing = {k for k, (doctype, _) in erp.items() if k not in ours and doctype in world.polled}
    check(not missing, 5, f"{len(missing)} documents of the ERP are unknown here")


def _no_phantom_rows(world: "World", docs: dict[str, Any]) -> None:
    """3 and 6: every note and material was written once by somebody; a double has no author."""
    written = (*world.journal().values(), *world.excused().values())
    made = {json.loads(entry["text"]).get("item_id") for entry in written}
    for row in docs.values():
        if row.doctype == "Dispatch Job" and row.erp_body:
            body = json.loads(row.erp_body)
            for table in ("notes", "materials", "equipment", TABLE):
                for item in body.get(table) or ():
                    check(
                        item["id"] in made, 3, f"row {item['id']} of {row.erp_name} has no author"
                    )


def _difference(ours: Any, theirs: Any) -> str:
    return "; ".join(
        f"{n}: {str(ours.get(n))[:150]} | {str(theirs.get(n))[:150]}"
        for n in {*ours, *theirs}
        if ours.get(n) != theirs.get(n)
    )[:600]


def _histories_are_legal(docs: dict[str, Any]) -> None:
    """7: every move that was recorded stands in the status table."""
    legal = {(a.value, b.value) for a, b in TRANSITIONS}
    for row in docs.values():
        if row.doctype == "Dispatch Job" and row.body:
            moves = json.loads(row.body).get("status_log") or []
            ids = [m["id"] for m in moves]
            check(len(ids) == len(set(ids)), 3, f"a move of {row.erp_name} is recorded twice")
            for m in moves:
                check((m["from_status"], m["to_status"]) in legal, 7, f"{row.erp_name}: {m}")


def _blobs_are_whole(world: "World", blobs: Sequence[Any]) -> None:
    """10: what is called verified hashes to its name; no reference is lost while a phone has it."""
    verified = {row.sha256 for row in blobs if row.is_verified}
    for sha256 in verified:
        content = world.blob_bytes(sha256)
        check(
            content is not None and hashlib.sha256(content).hexdigest() == sha256,
            10,
            f"blob {sha256[:12]} is not what its name says",
        )
    for device in world.living_devices():
        for (sha256,) in device.connection.execute("SELECT sha256 FROM blob WHERE problem IS NULL"):
            check(sha256 in verified, 10, f"{device.label}'s photo {sha256[:12]} never arrived")
