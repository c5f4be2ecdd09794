"""Writing material down, correcting how much it was, taking it off again."""

import re
from collections.abc import Awaitable, Sequence
from typing import Final

from field_app.ports import ItemRow, MaterialRow
from field_app.state.job.materials import EDIT, Materials
from field_app.state.workspace import Workspace
from field_core.problems import Problem

QTY_MAX: Final = 99_999
"""More metres or pieces than any van carries: a slip of the finger."""
DESCRIPTION_LENGTH_MAX: Final = 140
"""ERPNext's Data fields hold that many characters."""
_QTY: Final = re.compile(r"\d{1,6}(?:[.,]\d{1,3})?", re.ASCII)


def read_qty(text: str) -> float | None:
    """Return a quantity as people write it (`2,5`, `1 000`), or None when it is none to use."""
    plain = "".join(text.split())
    if not _QTY.fullmatch(plain):
        return None
    qty = float(plain.replace(",", "."))
    return qty if 0 < qty <= QTY_MAX else None


class MaterialForm(Materials):
    """Writing something down, or correcting how much it was; `row` is the place's row."""

    def __init__(self, workspace: Workspace, key: str, row: str, *, undone: str = "") -> None:
        super().__init__(workspace, key, undone=undone)
        kind, _, row_id = row.partition("/")
        self.row_id = row_id if kind == EDIT else None
        self.search_text = ""
        self.found: Sequence[ItemRow] = ()
        self.item: ItemRow | None = None
        self.description = ""
        self.qty_text = ""
        self.qty_problem: Problem | None = None
        self.missing: Problem | None = None
        self.is_busy = False

    async def load(self) -> None:
        """Read the material, and what there is to choose from."""
        await super().load()
        if self.row_id is None:
            await self._find()
            self.qty_text = self.qty_text or "1"
        elif self.row and not self.qty_text:
            self.qty_text = f"{self.row.qty:g}".replace(".", ",")

    @property
    def row(self) -> MaterialRow | None:
        """The row that is corrected, while it is there."""
        return next((row for row in self.rows if row.id == self.row_id), None)

    @property
    def is_row_gone(self) -> bool:
        """Whether the row to correct has been taken off meanwhile."""
        return self.data is not None and self.row_id is not None and self.row is None

    # --- what it is

    async def search(self, text: str) -> None:
        """Find items while a person types; an answer that comes late gives way to the next."""
        self.search_text = text
        await self._find()
        self.changed()

    async def _find(self) -> None:
        text = self.search_text
        found = await self.workspace.account.read(lambda ask: ask.items(text))
        if text == self.search_text:
            self.found = found

    def choose(self, item: ItemRow | None) -> None:
        """Take an item; None chooses again."""
        self.item, self.missing = item, None
        self.changed()

    def describe(self, text: str) -> None:
        """Note a letter of what it is, for what is no item."""
        self.description = text

    # --- how much

    def type_qty(self, text: str) -> None:
        """Note a letter of the quantity."""
        self.qty_text = text

    def left_qty(self) -> None:
        """Judge the quantity."""
        self.qty_problem = None if self.qty else Problem("qty-unreadable", {"most": QTY_MAX})
        self.changed()

    @property
    def qty(self) -> float | None:
        """How much it is, when that can be read."""
        return read_qty(self.qty_text)

    def step(self, by: int) -> None:
        """Make it more or less by whole units; less than one unit stays as it is."""
        qty = round((self.qty or 0) + by, 3)
        if 0 < qty <= QTY_MAX:
            self.qty_text = f"{qty:.3f}".rstrip("0").rstrip(".").replace(".", ",")
        self.qty_problem = None
        self.changed()

    # --- saving

    async def save(self) -> bool:
        """Write it down; tell whether it was done."""
        if self.is_busy:
            return False
        self.left_qty()
        words = " ".join(self.description.split())[:DESCRIPTION_LENGTH_MAX]
        if self.row_id is None and self.item is None and not words:
            self.missing = Problem("material-needed")
        else:
            self.missing = None
        if self.qty is None or self.missing:
            self.changed()
            return False
        self.is_busy = True
        try:
            return await (
                self._add(words, self.qty) if self.row_id is None else self._set(self.qty)
            )
        finally:
            self.is_busy = False

    async def _add(self, words: str, qty: float) -> bool:
        key, code = self.key, self.item.code if self.item else None
        uom = self.item.uom or None if self.item else None
        return await self._ended(
            self.do(
                lambda acts: acts.material(
                    key, item=code, description=words or None, qty=qty, uom=uom
                )
            )
        )

    async def _set(self, qty: float) -> bool:
        key, row_id = self.key, str(self.row_id)
        if self.row and self.row.qty == qty:
            self.leave()
            return True
        return await self._ended(self.do(lambda acts: acts.material_qty(key, row_id, qty)))

    async def remove(self) -> bool:
        """Take the row off again; tell whether it was done."""
        key, row_id = self.key, str(self.row_id)
        return await self._ended(
            self.do(lambda acts: acts.remove_material(key, row_id), said="materials.removed")
        )

    async def _ended(self, work: Awaitable[bool]) -> bool:
        """Go back once it is done."""
        is_done = await work
        if is_done:
            self.leave()
        return is_done
