"""The accounts themselves: who a person is, and which roles they have."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from field_core.capabilities import Role
from server_sync.store.schema import account


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who may sign in. `technician`: the Dispatch Technician they are, if they are one."""

    email: str
    full_name: str
    roles: tuple[Role, ...]
    technician: str | None = None
    language: str = "fr"
    is_disabled: bool = False


def same_address(email: str) -> str:
    """Return the one spelling under which an address is kept."""
    return email.strip().casefold()


def person_of(row: Row[*tuple[Any, ...]]) -> Person:
    """Read a person from a row of the account table."""
    roles = tuple(Role(name) for name in row.roles.split(",") if name)
    return Person(
        row.email, row.full_name, roles, row.technician, row.language, bool(row.is_disabled)
    )


def save(connection: Connection, person: Person, *, password_hash: str | None) -> None:
    """Write a person; without a new password hash an existing one stays."""
    person = replace(person, email=same_address(person.email))
    values: dict[str, object] = {
        "full_name": person.full_name,
        "roles": ",".join(person.roles),
        "technician": person.technician,
        "language": person.language,
        "is_disabled": person.is_disabled,
    }
    if password_hash is not None:
        values["password_hash"] = password_hash
    if find(connection, person.email) is None:
        connection.execute(insert(account), {"email": person.email, **values})
    else:
        connection.execute(update(account).where(account.c.email == person.email).values(values))


def find(connection: Connection, email: str) -> Row[*tuple[Any, ...]] | None:
    """Return the row of an address, or None."""
    return connection.execute(_BY_EMAIL, {"e": same_address(email)}).first()


def every(connection: Connection) -> Iterable[Person]:
    """Return everybody, by address."""
    return [person_of(row) for row in connection.execute(_ALL)]


_BY_EMAIL: Final = select(account).where(account.c.email == bindparam("e"))
_ALL: Final = select(account).order_by(account.c.email)
