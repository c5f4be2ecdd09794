"""The limits that this device judges by: the operator's, as the server told them."""

import json

from field_app.sync.replica import Replica
from field_core.cpe.limits import InUse, in_use


def limits_in_use(replica: Replica) -> InUse:
    """Return the limits that are kept here; they hold without a network too."""
    row = replica.db.conn.execute("SELECT body FROM diagnostic_limits LIMIT 1").fetchone()
    return in_use(json.loads(row[0]) if row else None)
