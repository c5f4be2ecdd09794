"""The van as it was counted: what it has and the books do not say, and the other way round."""

from collections.abc import Sequence

from field_app.ports import NewEquipment
from field_app.sync.acts.acting import act, stated
from field_app.sync.acts.equipment import EquipmentActs
from field_app.sync.recorder import Draft
from field_core.operations import Operation
from field_core.problems import ProblemError

IN_VAN = ("In Stock", "To Return")


class CountingActs(EquipmentActs):
    """Acts on the stock of a van."""

    @act
    def settle_count(
        self, *, taken: Sequence[str], made: Sequence[NewEquipment], missing: Sequence[str]
    ) -> list[Operation]:
        """Write down every difference, each for itself: none waits for what another waits for."""
        me = self._technician()
        if me is None:
            raise ProblemError("not-allowed")
        drafts = [
            *(self._taken_in(key, me) for key in taken),
            *(self._made_in_van(new, me) for new in made),
            *(self._given_back(key) for key in missing),
        ]
        return [operation for draft in drafts for operation in self._recorder.record(draft)]

    def _taken_in(self, key: str, me: str) -> Draft:
        """What the books place elsewhere is for the office to settle: the server keeps it so."""
        body = self._device(key)
        at = body.get("service_location")
        edits = {"held_by": [body.get("held_by"), me]}
        if at is not None:
            edits |= {"service_location": [at, None], "status": [body.get("status"), "To Return"]}
        elif body.get("status") not in IN_VAN:
            edits["status"] = [body.get("status"), "In Stock"]
        return {"kind": "set", "key": key, "fields": edits}

    def _made_in_van(self, new: NewEquipment, me: str) -> Draft:
        body = stated({**new._asdict(), "equipment_type": new.equipment_type or None})
        where = {"status": "In Stock", "held_by": me}
        return {
            "kind": "create",
            "key": self._recorder.new_key(),
            "doctype": "Service Equipment",
            "body": {**body, **where},
        }

    def _given_back(self, key: str) -> Draft:
        edits = {"held_by": [self._device(key).get("held_by"), None]}
        return {"kind": "set", "key": key, "fields": edits}
