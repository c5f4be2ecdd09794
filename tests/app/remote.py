"""The server's answers as a test wants them: what it would say, and what was kept before."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from field_app.ports import Picture, Told
from field_core.canon import Body
from field_core.office.message import Message
from field_core.problems import ProblemError

M = TypeVar("M", bound=Message)


class ScriptedRemote:
    """The port `Remote`; whoever asks for what nobody wrote down hears that nobody answers."""

    def __init__(self, now_ms: Callable[[], int]) -> None:
        self._now_ms = now_ms
        self.answers: dict[str, Message] = {}
        self.pictures: dict[str, Picture] = {}
        self.replies: dict[str, Body] = {}
        self.failure: str | None = None
        """The code that every question is answered with."""
        self.had: dict[str, Told[Message]] = {}
        self.asked: list[str] = []
        self.removed: list[str] = []
        self.refusals: dict[str, ProblemError] = {}
        """What is raised to whoever wants something removed."""
        self.sent: list[tuple[str, dict[str, object]]] = []

    async def kept(self, path: str, shape: type[M]) -> Told[M] | None:
        found = self.had.get(path)
        if found is None or not isinstance(found.value, shape):
            return None
        return Told(found.value, found.at_ms, is_kept=True)

    async def ask(self, path: str, shape: type[M]) -> Told[M]:
        self.asked.append(path)
        found = self.answers.get(path)
        if self.failure or not isinstance(found, shape):
            raise ProblemError(self.failure or "server-unreachable")
        told = Told(found, self._now_ms())
        kept: Told[Message] = Told(found, told.at_ms)
        self.had[path] = kept
        return told

    async def kept_page(self, path: str) -> Told[Picture] | None:
        found = self.pictures.get(path) if path in self.asked else None
        return Told(found, self._now_ms(), is_kept=True) if found else None

    async def page(self, path: str) -> Told[Picture]:
        self.asked.append(path)
        if self.failure or path not in self.pictures:
            raise ProblemError(self.failure or "server-unreachable")
        return Told(self.pictures[path], self._now_ms())

    async def pdf(self, path: str) -> bytes:
        if self.failure:
            raise ProblemError(self.failure)
        return f"%PDF of {path}".encode()

    async def send(self, path: str, body: Mapping[str, object]) -> Body:
        if self.failure:
            raise ProblemError(self.failure)
        self.sent.append((path, dict(body)))
        return self.replies.get(path, {})

    async def remove(self, path: str) -> None:
        if self.failure:
            raise ProblemError(self.failure)
        self.removed.append(path)
        if path in self.refusals:
            raise self.refusals[path]
