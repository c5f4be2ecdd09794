"""What the server can say about its own state: for scrapes, for readiness, for a person."""

from collections.abc import Callable, Iterator
from typing import Final

from pydantic import BaseModel
from sqlalchemy import Connection, func, select, update

from server_sync.http.context import DISK_FREE_BYTES_MIN, Context
from server_sync.metrics import Standing
from server_sync.store.schema import counter, device, doc, erp_out
from server_sync.sync.reviews import DOCTYPE

WAITING: Final = "waiting"


class Check(BaseModel):
    """One thing that was looked at. Only `is_needed` ones decide about readiness."""

    name: str
    is_good: bool
    is_needed: bool
    says: str


class Readiness(BaseModel):
    """Every check, and whether traffic should come here."""

    is_ready: bool
    checks: list[Check]


def readiness(context: Context) -> Readiness:
    """Look at everything the server stands on."""
    checks = [*_checks(context)]
    return Readiness(is_ready=all(c.is_good for c in checks if c.is_needed), checks=checks)


def _checks(context: Context) -> Iterator[Check]:
    yield _tried("database", "can be written", lambda: _write(context))
    yield _tried("blobs", "can be written", context.blobs.store.check)
    free = context.disk_free()
    yield Check(
        name="disk",
        is_good=free >= DISK_FREE_BYTES_MIN,
        is_needed=True,
        says=f"{free // 1_000_000} MB free",
    )
    circuit = context.erp.circuit()
    yield Check(name="erp", is_good=circuit != "open", is_needed=False, says=f"circuit {circuit}")
    is_set = context.has_webhook_secret
    yield Check(
        name="webhook secret",
        is_good=is_set,
        is_needed=False,
        says="set" if is_set else "not set: changes are found by polling alone",
    )


def _tried(name: str, says: str, work: Callable[[], object]) -> Check:
    try:
        work()
    except Exception as error:  # noqa: BLE001  # whatever goes wrong is what the check is for
        return Check(name=name, is_good=False, is_needed=True, says=type(error).__name__)
    return Check(name=name, is_good=True, is_needed=True, says=says)


def _write(context: Context) -> None:
    """Write what is there already: takes the writer's lock and changes nothing."""
    context.store.database.run(
        lambda c: c.execute(update(counter).where(counter.c.name == "").values(value=0))
    )


def standing(context: Context) -> Standing:
    """Read the figures that only the database has."""
    with context.store.read() as connection:
        waiting, oldest = connection.execute(_WAITING).one()
        devices = {row.status: row.n for row in connection.execute(_DEVICES)}
        reviews = _reviews(connection)
    age_s = max(context.now_ms() - oldest, 0) / 1000 if oldest else 0.0
    return Standing(waiting, age_s, devices, reviews, context.erp.circuit())


def _reviews(connection: Connection) -> int:
    return int(connection.execute(_REVIEWS).scalar_one())


_WAITING = select(func.count(), func.min(erp_out.c.next_ms)).where(erp_out.c.state == WAITING)
_DEVICES = select(device.c.status, func.count().label("n")).group_by(device.c.status)
_REVIEWS = (
    select(func.count())
    .select_from(doc)
    .where(doc.c.doctype == DOCTYPE, doc.c.body.like('%"state":"open"%'))
)
