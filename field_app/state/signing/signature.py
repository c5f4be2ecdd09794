"""The customer's signature: what is signed first, then the pad; afterwards what changed since."""

from collections.abc import Callable, Sequence
from typing import Final

from field_app.ports import Acting, Signed, Statement, Strokes
from field_app.state.screen import Forget, Screen
from field_app.state.workspace import Workspace
from field_core.operations import Operation
from field_core.problems import Problem
from field_core.signed_text import changed_lines
from field_core.signing import is_drawn

HASH_SHOWN: Final = 12
"""Characters of a hash that people compare by eye."""


class Signature(Screen):
    """The signing of a job."""

    def __init__(self, workspace: Workspace, key: str) -> None:
        super().__init__()
        self.workspace = workspace
        self.key = key
        self.statement: Statement | None = None
        self.is_gone = False
        self.is_signing_again = False
        self.is_at_pad = False
        """Whether the text was read and the pad is in front."""
        self.name = ""
        self.image: bytes | None = None
        self._language: str | None = None

    def follow(self, tell: Callable[[], None]) -> Forget:
        """What is signed changes with the job."""
        return self.workspace.account.on_news(tell)

    async def load(self) -> None:
        """Read what would be signed, and what was."""
        account, key, language = self.workspace.account, self.key, self._language
        frozen = self.statement if self.is_at_pad else None
        now = await account.read(lambda ask: ask.statement(key, language))
        self.is_gone = now is None
        # What the customer has read stays as it was; signing compares it with the job.
        self.statement = frozen or now
        if now and now.image and (self.image is None or not frozen):
            self.image = await account.photographs.picture(now.image)
        if now and not self.name:
            self.name = now.customer

    # --- what is shown

    @property
    def language(self) -> str:
        """The language in which the customer reads."""
        return self.statement.language if self.statement else "fr"

    @property
    def is_signed(self) -> bool:
        """Whether the signature is shown, rather than asked for."""
        return bool(self.statement and self.statement.signed) and not self.is_signing_again

    @property
    def is_changed_since(self) -> bool:
        """Whether something that was signed is different now."""
        signed = self.statement.signed if self.statement else None
        return signed is not None and signed.is_changed_since

    @property
    def changes(self) -> tuple[Sequence[str], Sequence[str]]:
        """What was signed and is not so any more, and what stands there now, as lines."""
        if self.statement is None or self.statement.signed_text is None:
            return (), ()
        return changed_lines(self.statement.signed_text, self.statement.text)

    @property
    def fingerprint(self) -> str:
        """The hash of what is, or was, signed, in the short form that people can compare."""
        if self.statement is None:
            return ""
        now = self.statement.summary.sha256
        return (self.statement.signed_sha256 if self.is_signed else now)[:HASH_SHOWN]

    # --- what can be done

    async def speak(self, language: str) -> None:
        """Show the text in another language."""
        self._language = language
        await self.refresh()

    def go_to_pad(self) -> None:
        """The text was read: ask for the name and the signature."""
        self.is_at_pad, self.problem = True, None
        self.changed()

    async def read_again(self) -> None:
        """Go back to the text, as it is now."""
        self.is_at_pad, self.problem = False, None
        await self.refresh()

    async def sign_again(self) -> None:
        """Ask for another signature, on what the job says now; the first stays in the record."""
        self.is_signing_again, self.is_at_pad = True, False
        await self.refresh()

    async def back(self) -> None:
        """Leave the pad, the second signing, or the screen."""
        if self.is_at_pad:
            await self.read_again()
        elif self.is_signing_again:
            self.is_signing_again, self._language = False, None
            await self.refresh()
        else:
            self.workspace.navigator.back()

    async def sign(self, strokes: Strokes, name: str) -> bool:
        """Keep the signature; tell whether it is kept."""
        self.name = name.strip()
        self.problem = _amiss(strokes, self.name)
        if self.problem or self.statement is None:
            self.changed()
            return False
        key, signed = self.key, self._signed(strokes, self.statement)

        def write(acts: Acting) -> Sequence[Operation] | Problem:
            return acts.sign(key, signed)

        made = await self.workspace.act(write, said="signature.kept", undo=_taken_back)
        if made is None:
            await self.read_again()
            return False
        self.is_at_pad = self.is_signing_again = False
        self._language, self.image = None, None
        await self.refresh()
        return True

    def _signed(self, strokes: Strokes, statement: Statement) -> Signed:
        return Signed(
            self.workspace.account.photographs.png_of(strokes),
            "image/png",
            self.name,
            self.language,
            text_sha256=statement.summary.sha256,
            strokes=strokes,
            text=statement.text,
        )


def _amiss(strokes: Strokes, name: str) -> Problem | None:
    """Say what is missing before it is a signature."""
    if not name:
        return Problem("signature-name-missing")
    return None if is_drawn(strokes) else Problem("signature-empty")


def _taken_back(made: Sequence[Operation]) -> Callable[[Acting], object]:
    return lambda acts: acts.undo(made, reason="")
