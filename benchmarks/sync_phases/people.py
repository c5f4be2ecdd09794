"""Who signs in at a bench server: apart, so that a device loads nothing of the server."""

from typing import Final

PASSWORD: Final = "bench-password"  # noqa: S105 - it guards generated documents on this machine


def email_of(technician: str) -> str:
    """Return the address that a technician of a data set signs in with."""
    return f"{technician}@bench.test"
