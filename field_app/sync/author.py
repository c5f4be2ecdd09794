"""Who acts on this device."""

from field_app.sync.replica import Replica
from field_core.authorship import Author


def author(replica: Replica) -> Author:
    """Return who is signed in, as they sign what they do."""
    return Author(
        replica.get("technician"), replica.get("full_name") or "", replica.get("account") or ""
    )
