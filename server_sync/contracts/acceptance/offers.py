"""What was offered for acceptance and what became of it: one row an offer, decided once."""

from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from server_sync.store.schema import acceptance


class Track(StrEnum):
    """How a contract is accepted; the words stand on the contract as `signature_method`."""

    LINK = "Lien JWT"
    DOCUSEAL = "DocuSeal"


class State(StrEnum):
    """What became of an offer."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    REPLACED = "replaced"


def add(connection: Connection, row: dict[str, Any]) -> None:
    """Note an offer; an earlier one of the contract that is still open is replaced by it."""
    connection.execute(
        update(acceptance)
        .where(
            acceptance.c.contract_key == row["contract_key"],
            acceptance.c.state == State.OFFERED,
        )
        .values(state=State.REPLACED)
    )
    connection.execute(insert(acceptance), row)


def find(connection: Connection, number: str) -> Row[Any] | None:
    """Return an offer by its number (the token's `jti`)."""
    return connection.execute(select(acceptance).where(acceptance.c.id == number)).first()


def by_external(connection: Connection, external: str) -> Row[Any] | None:
    """Return an offer by its submission at DocuSeal."""
    return connection.execute(select(acceptance).where(acceptance.c.external == external)).first()


def decide(connection: Connection, number: str, state: State, *, now_ms: int) -> bool:
    """Decide an open offer; False when somebody did before."""
    done = connection.execute(
        update(acceptance)
        .where(acceptance.c.id == number, acceptance.c.state == State.OFFERED)
        .values(state=state, decided_ms=now_ms)
    )
    return done.rowcount == 1


def posted(connection: Connection, number: str, *, now_ms: int) -> None:
    """Note that the ERP knows."""
    connection.execute(update(acceptance).where(acceptance.c.id == number).values(posted_ms=now_ms))


def unposted(connection: Connection) -> list[Row[Any]]:
    """Return what was decided and the ERP does not know yet."""
    rows = connection.execute(
        select(acceptance)
        .where(
            acceptance.c.state.in_((State.ACCEPTED, State.REFUSED)),
            acceptance.c.posted_ms.is_(None),
        )
        .order_by(acceptance.c.decided_ms)
    )
    return [*rows]


def open_at_docuseal(connection: Connection) -> list[Row[Any]]:
    """Return the offers that DocuSeal has not told the end of."""
    rows = connection.execute(
        select(acceptance).where(
            acceptance.c.state == State.OFFERED, acceptance.c.external.is_not(None)
        )
    )
    return [*rows]


def latest(connection: Connection, contract_key: str) -> Row[Any] | None:
    """Return the newest offer of a contract."""
    return connection.execute(
        select(acceptance)
        .where(acceptance.c.contract_key == contract_key)
        .order_by(acceptance.c.made_ms.desc(), acceptance.c.id)
        .limit(1)
    ).first()
