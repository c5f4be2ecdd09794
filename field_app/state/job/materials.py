"""The material of a job: what was used."""

from collections.abc import Sequence
from typing import Final

from field_app.ports import JobFacts, JobMaterials, MaterialRow
from field_app.state.job.part import JobPart
from field_app.state.place import Part
from field_app.state.workspace import Workspace

ADD: Final = "add"
EDIT: Final = "edit"
"""Rows of the part that stand for a form: `add`, `edit/<row>`."""


class Materials(JobPart):
    """What was used."""

    part = Part.MATERIALS

    def __init__(self, workspace: Workspace, key: str, *, undone: str = "") -> None:
        super().__init__(workspace, key, undone=undone)
        self.data: JobMaterials | None = None

    async def load(self) -> None:
        """Read it."""
        key = self.key
        self.data = await self.workspace.account.read(lambda ask: ask.job_materials(key))
        self.is_gone = self.data is None

    @property
    def facts(self) -> JobFacts | None:
        """What is known of the job besides."""
        return self.data.facts if self.data else None

    @property
    def rows(self) -> Sequence[MaterialRow]:
        """What was used, in the order in which it was written down."""
        return self.data.rows if self.data else ()

    def title(self, row: MaterialRow) -> str:
        """Return what a row is called: its item's name, else what somebody wrote."""
        item = self.data.items.get(row.item) if self.data and row.item else None
        return item.name if item else row.description or row.item or ""

    def uom(self, row: MaterialRow) -> str:
        """Return the unit of a row, its item's where it names none."""
        item = self.data.items.get(row.item) if self.data and row.item else None
        return row.uom or (item.uom if item else "")

    def add(self) -> None:
        """Go and write something down."""
        self.open(ADD)

    def edit(self, row: MaterialRow) -> None:
        """Go and correct a row."""
        self.open(f"{EDIT}/{row.id}")
