"""The account as screens ask it, and the way into one."""

from collections.abc import Awaitable, Callable
from typing import Literal, Protocol, TypeVar

from field_app.ports.acting import Acting
from field_app.ports.checking import Checking
from field_app.ports.device import PinKeeping, Upkeep
from field_app.ports.diagnosing import Diagnosing
from field_app.ports.ocr import OcrQueue
from field_app.ports.photos import Fetching, Photographs
from field_app.ports.printing import Printing
from field_app.ports.reading import Reading
from field_app.ports.remote import Remote
from field_app.ports.scanning import Scanning
from field_app.ports.standing import Person, Standing
from field_core.problems import Problem

T = TypeVar("T")


class Asking(Protocol):
    """What a screen may ask of the account; every coroutine raises ProblemError."""

    @property
    def standing(self) -> Standing:
        """Where sync stands now."""

    @property
    def person(self) -> Person:
        """Whose account it is."""

    async def read(self, query: Callable[[Reading], T]) -> T:
        """Ask the replica, on its thread."""

    async def draft(self, key: str, about: str) -> str | None:
        """Return what was being written about something of a document, and not saved yet."""

    async def keep_draft(self, key: str, about: str, text: str | None) -> None:
        """Keep what is being written, on this device alone; None lets go of it."""

    async def edit(self, act: Callable[[Acting], T | Problem]) -> T:
        """Do something; it is stored before this returns, and sent as soon as that is possible.

        Returns what the act recorded; a refusal is raised as ProblemError.
        """

    @property
    def photographs(self) -> "Photographs":
        """The photos under way."""

    @property
    def fetching(self) -> "Fetching":
        """The photos that are at the server alone."""

    @property
    def ocr(self) -> "OcrQueue":
        """The labels that wait to be read."""

    @property
    def diagnosing(self) -> "Diagnosing":
        """What starts diagnostic runs on this device."""

    @property
    def scanning(self) -> "Scanning":
        """The codes of pictures."""

    @property
    def remote(self) -> Remote:
        """What the server answers to whoever looks, and what of it is kept here."""

    @property
    def checking(self) -> "Checking":
        """Customer equipment through the office, and the runs that were made here."""

    @property
    def printing(self) -> "Printing":
        """What makes a PDF."""

    async def sync_now(self) -> str | None:
        """Exchange with the server; return the code of what went wrong."""

    def on_news(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Have changed documents told on the loop; returns what ends that."""

    def on_standing(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Have every change of `standing` told on the loop; returns what ends that."""


class Entry(Protocol):
    """The way into an account."""

    @property
    def server(self) -> str:
        """The server that signing in proposes."""

    async def resume(self) -> Asking | None:
        """Return the account that is signed in here, in step with its server, if there is one."""

    async def sign_in(self, server: str, email: str, password: str) -> Asking:
        """Sign in; raises ProblemError."""

    async def enrol(self, server: str, code: str) -> Asking:
        """Sign in with a one-time code from the office; raises ProblemError."""

    async def has_company(self, server: str) -> bool:
        """Tell whether people may sign in there with the company's account."""

    async def sign_in_with_company(
        self, server: str, email: str, show: Callable[[str], Awaitable[object]]
    ) -> Asking:
        """Sign in at the company's issuer, in a browser that `show` opens; raises ProblemError.

        email: whose work is here already, if anybody's.
        """

    async def leave(self, *, keep_data: bool) -> None:
        """Sign out; raises ProblemError `unsent-work` unless the data stays on the device."""

    def is_open(self, account: Asking) -> bool:
        """Tell whether an account is the one that is open."""

    @property
    def scanning(self) -> Scanning:
        """What reads codes before anybody is signed in."""

    def on_switch(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Have it told that another account, or none, is open; returns what ends that."""

    @property
    def language(self) -> Literal["fr", "en"]:
        """The language to speak to somebody who has chosen none."""

    @property
    def pins(self) -> "PinKeeping":
        """The PIN of the account that is open."""

    @property
    def upkeep(self) -> "Upkeep":
        """What can be done about the account that is open."""

    def use_network(self, *, is_up: bool, is_mobile: bool) -> None:
        """Hear how this device is connected now."""
