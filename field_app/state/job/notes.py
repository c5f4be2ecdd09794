"""The notes of a job: a feed that only grows, and what is being written."""

import asyncio
from collections.abc import Sequence
from typing import Final

from field_app.ports import JobFacts, JobNotes, NoteRow
from field_app.state.job.part import JobPart
from field_app.state.place import Part
from field_app.state.workspace import Workspace
from field_core.problems import Problem

ABOUT: Final = "note"
"""What the draft is of, among the drafts of a job."""
DRAFT_S: Final = 0.5
"""How long writing goes on before it is kept: a kill costs no more than that."""
LENGTH_MAX: Final = 10_000
"""Five pages: more is a document, and belongs in a file."""


class Notes(JobPart):
    """The feed, newest last, and the note under the thumb."""

    part = Part.NOTES

    def __init__(self, workspace: Workspace, key: str, *, undone: str = "") -> None:
        super().__init__(workspace, key, undone=undone)
        self.data: JobNotes | None = None
        self.text = ""
        """What stands in the field, letter by letter."""
        self.corrects: NoteRow | None = None
        self.is_busy = False
        self._has_draft = False
        self._keeping: asyncio.Task[None] | None = None

    async def load(self) -> None:
        """Read the feed, and once what was being written when this was left."""
        key, account = self.key, self.workspace.account
        self.data = await account.read(lambda ask: ask.job_notes(key))
        self.is_gone = self.data is None
        if not self._has_draft:
            self._has_draft = True
            self.text = self.text or await account.draft(key, ABOUT) or ""

    @property
    def facts(self) -> JobFacts | None:
        """What is known of the job besides."""
        return self.data.facts if self.data else None

    @property
    def rows(self) -> Sequence[NoteRow]:
        """The notes, oldest first."""
        return self.data.rows if self.data else ()

    def original(self, row: NoteRow) -> NoteRow | None:
        """Return the note that one corrects."""
        return next((other for other in self.rows if other.id == row.corrects), None)

    def type(self, text: str) -> None:
        """Note a letter; nothing is drawn, since what is drawn would overtake the fingers."""
        self.text = text
        if self._keeping is None:
            self._keeping = asyncio.get_running_loop().create_task(self._keep_soon())

    async def _keep_soon(self) -> None:
        await asyncio.sleep(DRAFT_S)
        self._keeping = None
        await self.keep()

    async def keep(self) -> None:
        """Keep what is being written, in case the app is left or killed."""
        await self.workspace.account.keep_draft(self.key, ABOUT, self.text.strip() or None)

    async def leave_writing(self) -> None:
        """Keep at once what is not kept yet."""
        if self._keeping is not None:
            self._keeping.cancel()
            self._keeping = None
            await self.keep()

    def correct(self, row: NoteRow) -> None:
        """Write a correction: the old note stays to be seen beside it."""
        self.corrects = row
        self.text = self.text or row.text
        self.changed()

    def drop_correction(self) -> None:
        """Write a note of its own after all; what was only the old text goes."""
        if self.corrects and self.text == self.corrects.text:
            self.text = ""
        self.corrects = None
        self.changed()

    async def save(self) -> bool:
        """Add the note; tell whether it was done."""
        text = self.text.strip()
        if self.is_busy or not text:
            return False
        if len(text) > LENGTH_MAX:
            self.workspace.notices.refuse(Problem("note-too-long", {"most": LENGTH_MAX}))
            return False
        self.is_busy = True
        try:
            return await self._add(text)
        finally:
            self.is_busy = False

    async def _add(self, text: str) -> bool:
        key, corrects = self.key, self.corrects.id if self.corrects else None
        if not await self.do(lambda acts: acts.note(key, text, corrects=corrects)):
            return False
        self.text, self.corrects = "", None
        await self.keep()
        self.changed()
        return True
