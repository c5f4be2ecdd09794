"""Who can sign in to the demo. The passwords are public on purpose: they guard invented data."""

import unicodedata
from dataclasses import dataclass
from typing import Final

from field_core.capabilities import Role

PASSWORD: Final = "demo-gigafibre"  # noqa: S105 - printed by the demo for everybody to read
_DOMAIN: Final = "gigafibre.test"
"""The top-level domain `test` never exists (RFC 2606)."""

_OFFICE: Final = (
    ("Sophie D.", Role.DISPATCHER),
    ("Benoît M.", Role.DISPATCHER),
    ("Karim H.", Role.SUPERVISOR),
    ("Julie C.", Role.BILLING),
)


@dataclass(frozen=True, slots=True)
class Account:
    """One person: address and password to sign in with, roles, and who they are in the ERP.

    `technician` is a Dispatch Technician by the name it has in the `Company`; after loading,
    look it up in what `load` returned.
    """

    email: str
    full_name: str
    password: str
    roles: tuple[Role, ...]
    language: str = "fr"
    technician: str | None = None


def accounts_of(technicians: dict[str, str]) -> tuple[Account, ...]:
    """Return every account; `technicians` maps Dispatch Technician names to people's names."""
    field = tuple(
        Account(address_of(person), person, PASSWORD, (Role.TECHNICIAN,), technician=name)
        for name, person in technicians.items()
    )
    office = tuple(
        Account(address_of(person), person, PASSWORD, (role,)) for person, role in _OFFICE
    )
    return (*field, *office)


def address_of(full_name: str) -> str:
    """Return a person's e-mail address: the first name in plain letters."""
    decomposed = unicodedata.normalize("NFD", full_name.split(maxsplit=1)[0].lower())
    return f"{''.join(c for c in decomposed if c.isascii())}@{_DOMAIN}"
