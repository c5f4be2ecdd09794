"""What is being typed for a step: checked as it comes, kept until it is saved (T-03)."""

import asyncio
import json
from typing import Final

from field_app.state.screen import Screen
from field_app.state.workspace import Workspace

DRAFT_S: Final = 0.5
"""How long typing goes on before it is kept: a kill costs no more than that."""
TYPED: Final = "typed"
_MINUSES: Final = ("-", "−")


class Entry(Screen):
    """An answer and a note in the making; tells of typing, so that only the verdict is redrawn."""

    def __init__(self, workspace: Workspace, key: str, row_id: str) -> None:
        super().__init__()
        self._account = workspace.account
        self._key, self._about = key, f"step/{row_id}"
        self.typed = ""
        self.note = ""
        self.is_serial = False
        """Whether a scanned identity is to be taken for a serial number."""
        self.source = TYPED
        """How the answer of a scan came."""
        self.identity: str | None = None
        """What a label told, when it was read and not typed over since."""
        self.is_restored = False
        """Whether what stands here was typed before and never saved."""
        self._keeping: asyncio.Task[None] | None = None

    async def fill(
        self, typed: str, note: str, *, source: str | None = None, identity: str | None = None
    ) -> None:
        """Show what was saved and how it came, or what was being typed over it."""
        self.typed, self.note = typed, note
        self.source, self.identity = source or TYPED, identity
        draft = await self._account.draft(self._key, self._about)
        if draft is not None:
            held = json.loads(draft)
            self.typed, self.note = str(held["typed"]), str(held["note"])
            self.source, self.identity = str(held.get("source", TYPED)), held.get("identity")
            self.is_restored = (self.typed, self.note) != (typed, note)

    # --- typing

    def type(self, text: str) -> None:
        """Take what stands in the field now."""
        if text != self.typed:
            self.typed, self.is_serial = text, False
            self.source, self.identity = TYPED, None
            self._written()

    def take(self, text: str, *, is_serial: bool, source: str, identity: str | None) -> None:
        """Take an identity that was read, with what its label told."""
        self.typed, self.is_serial = text, is_serial
        self.source, self.identity = source, identity
        self._written()

    def write_note(self, text: str) -> None:
        """Take what stands in the note now."""
        if text != self.note:
            self.note = text
            self._written()

    def flip_sign(self) -> None:
        """Put a minus before the number, or take it away: some keypads have none."""
        text = self.typed.strip()
        self.type(text[1:] if text.startswith(_MINUSES) else f"-{text}")

    def take_for_serial(self) -> None:
        """Insist that what looks like a MAC is a serial number."""
        self.is_serial = True
        self.changed()

    def _written(self) -> None:
        self.changed()
        if self._keeping is None:
            self._keeping = asyncio.get_running_loop().create_task(self._keep_soon())

    # --- drafts

    async def _keep_soon(self) -> None:
        await asyncio.sleep(DRAFT_S)
        self._keeping = None
        await self.keep(self.typed, self.note)

    async def keep(self, typed: str, note: str) -> None:
        """Keep a draft on this device."""
        held = {"typed": typed, "note": note, "source": self.source, "identity": self.identity}
        text = json.dumps(held, ensure_ascii=False)
        await self._account.keep_draft(self._key, self._about, text)

    async def leave(self) -> None:
        """Keep at once what is not kept yet."""
        if self._keeping is not None:
            self.rest()
            await self.keep(self.typed, self.note)

    async def forget(self) -> None:
        """Let go of the draft: it was saved."""
        self.rest()
        self.is_restored = False
        await self._account.keep_draft(self._key, self._about, None)

    def rest(self) -> None:
        """Keep nothing later."""
        if self._keeping is not None:
            self._keeping.cancel()
            self._keeping = None
