"""Referral codes as stored: one for each customer, unique, kept when a key or a name changes."""

from sqlalchemy import Connection, insert, select

from field_core.referral import free_code
from server_sync.store.schema import referral_code


def code_for(connection: Connection, customer: str, *, secret: bytes) -> str:
    """Return a customer's code, made and stored at the first question."""
    have = connection.execute(
        select(referral_code.c.code).where(referral_code.c.customer == customer)
    ).scalar()
    if have:
        return str(have)

    def is_taken(code: str) -> bool:
        return (
            connection.execute(
                select(referral_code.c.code).where(referral_code.c.code == code)
            ).first()
            is not None
        )

    made = free_code(customer, secret=secret, is_taken=is_taken)
    row = {"code": made.code, "customer": customer, "salt": made.salt}
    connection.execute(insert(referral_code), row)
    return made.code


def customer_of(connection: Connection, code: str) -> str | None:
    """Return whose code this is."""
    found: str | None = connection.execute(
        select(referral_code.c.customer).where(referral_code.c.code == code)
    ).scalar()
    return found
