"""Equipment put in, taken out, swapped: it belongs to the job's location, never to the customer."""

from field_app.ports import Claim, NewEquipment
from field_app.sync.acts.acting import Acting, act, stated
from field_app.sync.recorder import Draft
from field_core.canon import Body
from field_core.identity import read_mac, serial_forms
from field_core.operations import Operation
from field_core.problems import ProblemError


class EquipmentActs(Acting):
    """Acts on equipment; each writes the device and the row on the job together."""

    @act
    def add_equipment(
        self, key: str, new: NewEquipment, *, claim: Claim | None = None
    ) -> list[Operation]:
        """Put a device in at the job's location; claim: what is said of it being elsewhere."""
        return self._recorder.record(*self._put_in(key, new, claim))

    @act
    def remove_equipment(self, key: str, equipment: str, reason: str) -> list[Operation]:
        """Take a device out, to be returned; `equipment` is its key."""
        return self._recorder.record(*self._removal(key, equipment, reason))

    @act
    def swap_equipment(
        self, key: str, old: str, new: NewEquipment, reason: str, *, claim: Claim | None = None
    ) -> list[Operation]:
        """Take one device out and put another in, both or neither."""
        removal, removed_row = self._removal(key, old, reason)
        first, second = self._put_in(key, new, claim)
        return self._recorder.record(removal, first, removed_row, second)

    @act
    def move_equipment(self, key: str, equipment: str, reason: str) -> list[Operation]:
        """Put a device that is recorded elsewhere in here; the reason says how it came."""
        return self._recorder.record(*self._moved_in(key, equipment, Claim(_reason(reason))))

    def _put_in(self, job: str, new: NewEquipment, claim: Claim | None) -> tuple[Draft, Draft]:
        """Make the device, or move its own record here where the claim names one that is known."""
        if claim and claim.equipment and self.replica.device(claim.equipment):
            return self._moved_in(job, claim.equipment, claim, new)
        device, draft = self._created(job, new)
        return draft, self._listed(job, device, "Install", new._asdict(), claim=claim)

    def _moved_in(
        self, job: str, equipment: str, claim: Claim, new: NewEquipment | None = None
    ) -> tuple[Draft, Draft]:
        """Move a record here; `new` is what its label says now.

        The row of the job comes first: it is what lets a technician write to a device that they
        do not hold.
        """
        body = self._device(equipment)
        now: Body = {
            "service_location": self._location(job),
            "status": "Installed",
            "installed_on": self._today(),
            "held_by": None,
            "serial_aliases": _aliases(body, new) if new else body.get("serial_aliases"),
        }
        if body.get("service_location") == now["service_location"]:
            raise ProblemError("equipment-here")
        edits = {n: [body.get(n), value] for n, value in now.items() if body.get(n) != value}
        name = str(body.get("name") or equipment)
        row = self._listed(job, name, "Install", body, claim=claim)
        return row, {"kind": "set", "key": equipment, "fields": edits}

    def _created(self, job: str, new: NewEquipment) -> tuple[str, Draft]:
        if not (new.mac_address or new.serial_no or new.gpon_serial):
            raise ProblemError("identity-missing")
        if new.mac_address:
            read_mac(new.mac_address)
        key = self._recorder.new_key()
        body = stated(
            {
                **new._asdict(),
                "serial_aliases": new.serial_aliases or _other_form(new.gpon_serial),
                "service_location": self._location(job),
                "status": "Installed",
                "installed_on": self._today(),
            }
        )
        return key, {"kind": "create", "key": key, "doctype": "Service Equipment", "body": body}

    def _location(self, job: str) -> str:
        location = self._document(job).get("service_location")
        if not isinstance(location, str):
            raise ProblemError("invalid-value", field="service_location")
        return location

    def _removal(self, job: str, equipment: str, reason: str) -> tuple[Draft, Draft]:
        body, reason = self._document(equipment), _reason(reason)
        edits = {
            "status": [body.get("status"), "To Return"],
            "removed_on": [body.get("removed_on"), self._today()],
            "removal_reason": [body.get("removal_reason"), reason],
            "service_location": [body.get("service_location"), None],
        }
        if self._technician():
            edits["held_by"] = [body.get("held_by"), self._technician()]
        name = str(body.get("name") or equipment)
        row = self._listed(job, name, "Remove", body, claim=Claim(reason))
        return {"kind": "set", "key": equipment, "fields": edits}, row

    def _listed(
        self,
        job: str,
        equipment: str,
        action: str,
        device: Body,
        *,
        claim: Claim | None = None,
    ) -> Draft:
        """Say on the job what was done to a device, with its marks: names may come later."""
        self._document(job)
        item = {
            "equipment": equipment,
            "action": action,
            "reason": claim.reason if claim else None,
            "note": claim.note if claim else None,
            "serial_no": device.get("serial_no"),
            "mac_address": device.get("mac_address"),
        }
        return self._recorder.row(job, "equipment", stated(item))


def _aliases(body: Body, new: NewEquipment) -> str | None:
    """Return what else a device is called, with the serials of its label that nobody knew (SC-07).

    MAC is the identity; a serial that differs from the recorded one is another name of the device.
    """
    known = [alias for alias in str(body.get("serial_aliases") or "").split("\n") if alias]
    texts = [*known, *(str(body.get(name) or "") for name in ("serial_no", "gpon_serial"))]
    forms = {form for text in texts for form in serial_forms(text)}
    read = (serial for serial in (new.serial_no, new.gpon_serial) if serial)
    added = [serial for serial in read if forms.isdisjoint(serial_forms(serial))]
    return "\n".join([*known, *added]) or None


def _other_form(gpon_serial: str | None) -> str | None:
    """Return the other of the two forms in which labels print a GPON serial."""
    others = serial_forms(gpon_serial)[1:] if gpon_serial else ()
    return others[0] if others else None


def _reason(text: str) -> str:
    if not text.strip():
        raise ProblemError("reason-needed")
    return text.strip()
