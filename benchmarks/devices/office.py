"""The server that many devices call: the field's own rule, technicians with their open jobs."""

import json
import tempfile
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any, Final

from sqlalchemy import bindparam, select
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from benchmarks.devices.names import name_of
from benchmarks.sync_phases.people import PASSWORD, email_of
from benchmarks.sync_phases.server import compose, run
from benchmarks.volume import Volume, documents
from field_core.canon import Body, Json, canonical_body
from field_core.capabilities import Role
from field_core.ids import erp_key
from server_sync.accounts import DeviceAsked, Person
from server_sync.clock import SystemClock, today_at
from server_sync.compose import Server
from server_sync.store.documents import Doc
from server_sync.store.feeding import last_number
from server_sync.store.schema import doc, feed
from server_sync.store.store import epoch
from server_sync.store.transaction import Transaction
from server_sync.sync.cursor import Cursor

JOBS_EACH: Final = 12
"""Some nine of them assigned, half of those within the two weeks that a technician holds."""
EQUIPMENT: Final = 1_000
PER_TRANSACTION: Final = 200


def serve(
    technicians: int, *, host: str, port: int, database: str = "", is_filled: bool = False
) -> int:
    """Serve until told to stop; prints `ready <port>`.

    is_filled: another process over the same database has put everything there.
    """
    with tempfile.TemporaryDirectory(prefix="devices-") as folder:
        server = compose(Path(folder), database=database)
        if not is_filled:
            _fill(server, technicians)
            _add_people(server, technicians)
        server.app.add_route("/bench/start", _start(server), methods=["POST"])
        run(server, host=host, port=port)
    return 0


def _fill(server: Server, technicians: int) -> None:
    jobs = technicians * JOBS_EACH
    volume = Volume(
        customers=jobs // 2,
        locations=jobs,
        equipment=EQUIPMENT,
        subscriptions=1,
        invoices=0,
        jobs=jobs,
        technicians=technicians,
    )
    source = documents(1, today_at(SystemClock(), server.settings.zone), volume)
    while batch := list(islice(source, PER_TRANSACTION)):
        server.store.transact(lambda tx, batch=batch: _put(tx, batch))  # type: ignore[misc]  # the batch of this turn, bound now


def _put(transaction: Transaction, batch: list[tuple[str, Body]]) -> None:
    for doctype, form in batch:
        name = str(form["name"])
        key = erp_key(doctype, name, "")
        transaction.put(
            replace(Doc(key, doctype).with_body(canonical_body(_with_ids(form))), erp_name=name)
        )


def _with_ids(form: Body) -> Body:
    """Give child rows the ids that an ERP's rows have."""
    return {field: _rows(field, value) for field, value in form.items()}


def _rows(field: str, value: Json) -> Json:
    if not isinstance(value, list):
        return value
    return [
        {**row, "id": f"{field}-{number}"} if isinstance(row, dict) else row
        for number, row in enumerate(value, start=1)
    ]


def _add_people(server: Server, technicians: int) -> None:
    for number in range(1, technicians + 1):
        name = name_of(number)
        server.accounts.add(
            Person(email_of(name), name, (Role.TECHNICIAN,), name), password=PASSWORD
        )


def _start(server: Server) -> Any:  # noqa: ANN401 - Starlette does not name this type
    """Tell a device that is in step: its cursor, and its jobs with the ids of their steps."""

    async def handle(request: Request) -> Response:
        asked = await request.json()
        technician, device = asked["technician"], asked.get("device")
        told = await server.context.run(lambda: _standing(server, technician))
        if device:
            told["session"] = await server.context.run(lambda: _let_in(server, technician, device))
        return JSONResponse(told)

    return handle


def _let_in(server: Server, technician: str, device: str) -> dict[str, Any]:
    """Open a session without a password: two thousand of them are no part of any figure."""
    session = server.accounts.let_in(email_of(technician), DeviceAsked(device, "bench", device))
    return {"access": session.access, "device": session.identity.device}


def _standing(server: Server, technician: str) -> dict[str, Any]:
    with server.store.read() as connection:
        cursor = Cursor(epoch(connection), last_number(connection))
        found = connection.execute(_JOBS, {"a": technician}).all()
    jobs = [[row.key, [step["id"] for step in json.loads(row.body)["checklist"]]] for row in found]
    return {"cursor": str(cursor), "jobs": jobs}


_JOBS: Final = (
    select(doc.c.key, doc.c.body)
    .join(feed, feed.c.key == doc.c.key)
    .where(
        feed.c.audience == bindparam("a"),
        feed.c.is_in.is_(True),
        doc.c.doctype == "Dispatch Job",
    )
)
