"""What only the database can say about the server's standing: work that waits, devices, reviews."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, func, select

from server_sync.store.schema import device, erp_out, outcome
from server_sync.sync.ingest import WAITING
from server_sync.sync.reviews import count_open


@dataclass(frozen=True, slots=True)
class Figures:
    """One look at the database. `erp_since_ms`: when the oldest work that waits was received."""

    erp_waiting: int
    erp_since_ms: int | None
    devices: Mapping[str, int]
    reviews_open: int


def figures(connection: Connection) -> Figures:
    """Read every figure, of one commit."""
    waiting, since_ms = connection.execute(_WAITING).one()
    devices = {row.status: row.n for row in connection.execute(_DEVICES)}
    return Figures(waiting, since_ms, devices, count_open(connection))


_WAITING: Final = (
    select(func.count(), func.min(outcome.c.at_ms))
    .select_from(
        erp_out.outerjoin(
            outcome, (outcome.c.device == erp_out.c.device) & (outcome.c.n == erp_out.c.n)
        )
    )
    .where(erp_out.c.state == WAITING)
)
"""An operation is received when its outcome is stored: both are written in one transaction."""
_DEVICES: Final = select(device.c.status, func.count().label("n")).group_by(device.c.status)
