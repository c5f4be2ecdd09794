"""What a technician's van carries, as the index of all devices and what was just done here say."""

from field_app.ports import Recorded
from field_app.sync.identities import recorded_as
from field_app.sync.replica import Replica


def in_van(replica: Replica) -> list[Recorded]:
    """Return the devices that stand nowhere and that whoever is signed in carries, by name."""
    technician = replica.get("technician")
    if technician is None:
        return []
    found = (recorded_as(replica, key) for key in _keys(replica, technician))
    mine = [r for r in found if r and r.held_by == technician and r.location is None]
    return sorted(mine, key=lambda record: (record.equipment_type, record.equipment))


def _keys(replica: Replica, technician: str) -> list[str]:
    """What was done here and is not in the index yet counts too."""
    rows = replica.db.conn.execute(
        "SELECT equipment FROM equipment_identity WHERE held_by = ?1 "
        "UNION SELECT key FROM service_equipment WHERE held_by = ?1",
        (technician,),
    )
    return [row[0] for row in rows]
