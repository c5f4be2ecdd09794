"""What is written down on a job: notes, readings, material."""

from field_app.sync.acts.acting import Acting, act, row_of
from field_core.operations import Operation
from field_core.problems import ProblemError


class RecordActs(Acting):
    """Acts on the tables that grow."""

    @act
    def note(self, key: str, text: str, *, corrects: str | None = None) -> Operation:
        """Add a note; a correction points at the note it corrects."""
        if not text.strip():
            raise ProblemError("invalid-value", field="text")
        if corrects is not None:
            row_of(self._document(key), "notes", corrects)
        return self._append(
            key,
            "notes",
            {
                "text": text.strip(),
                "at": self._now(),
                "by": self._signature(),
                "corrects": corrects,
            },
        )

    @act
    def reading(
        self, key: str, quantity: str, value: float, unit: str, *, source: str = "manual"
    ) -> Operation:
        """Add a measured value."""
        return self._append(
            key,
            "readings",
            {
                "quantity": quantity,
                "value": value,
                "unit": unit,
                "source": source,
                "measured_at": self._now(),
            },
        )

    @act
    def material(
        self,
        key: str,
        *,
        item: str | None,
        description: str | None,
        qty: float,
        uom: str | None = None,
    ) -> Operation:
        """Add material that was used."""
        if not qty > 0 or not (item or description):
            raise ProblemError("invalid-value", field="item" if qty > 0 else "qty")
        return self._append(
            key, "materials", {"item": item, "description": description, "qty": qty, "uom": uom}
        )

    @act
    def material_qty(self, key: str, row_id: str, qty: float) -> Operation:
        """Correct how much of a material was used."""
        if not qty > 0:
            raise ProblemError("invalid-value", field="qty")
        return self._set_qty(key, row_id, qty)

    @act
    def remove_material(self, key: str, row_id: str) -> Operation:
        """Take material out again.

        Rows only grow, so that two people's never collide: none is used of it any more, and lists
        leave it out.
        """
        return self._set_qty(key, row_id, 0)

    def _set_qty(self, key: str, row_id: str, qty: float) -> Operation:
        row_of(self._document(key), "materials", row_id)
        return self._recorder.set_fields(key, {f"materials.{row_id}.qty": qty})
