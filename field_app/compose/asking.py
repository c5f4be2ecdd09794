"""The account as screens ask it: reads and acts on the replica's thread, news told on the loop."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from field_app.compose.checking import make_checker
from field_app.compose.diagnosing import ask_live, make_runner
from field_app.compose.labels import start_reader
from field_app.compose.machine import REVOKED, Account, Live, Machine
from field_app.compose.remote import make_fetcher, make_remote
from field_app.compose.scanning import LateScanner
from field_app.compose.upkeep import AccountUpkeep, PinsOffLoop
from field_app.device import disk, images
from field_app.device.accounts import AccountInfo
from field_app.device.paths import AccountFolder
from field_app.device.printing import Printer
from field_app.device.uploads import uploads
from field_app.i18n import Language, language_of
from field_app.ports import (
    Acting,
    Asking,
    Checking,
    Diagnosing,
    Fetching,
    OcrQueue,
    Person,
    Photographs,
    PinKeeping,
    Preferences,
    Printing,
    Reading,
    Remote,
    Scanning,
    Standing,
    Upkeep,
)
from field_app.sync.darkroom import Darkroom, Spares
from field_app.sync.drafts import Drafts
from field_app.sync.events import Online, Revoked, SignedIn
from field_app.sync.reading import ReplicaReading
from field_app.sync.status import Phase
from field_app.sync.thumbnails import Thumbnails
from field_core.problems import Problem, ProblemError

T = TypeVar("T")


class Tools(NamedTuple):
    """What an account works with besides its replica."""

    photographs: Photographs
    fetching: Fetching
    ocr: OcrQueue
    diagnosing: Diagnosing
    scanning: Scanning
    remote: Remote
    checking: Checking
    printing: Printing


class LiveAccount:
    """One live account behind the port that screens know."""

    def __init__(
        self,
        live: Live,
        *,
        reading: Reading,
        drafts: Drafts,
        tools: Tools,
        timeout_s: float,
    ) -> None:
        self._live = live
        self.photographs, self.ocr = tools.photographs, tools.ocr
        self.diagnosing, self.scanning = tools.diagnosing, tools.scanning
        self.remote, self.fetching = tools.remote, tools.fetching
        self.checking, self.printing = tools.checking, tools.printing
        self._reading = reading
        self._drafts = drafts
        self._timeout_s = timeout_s

    @property
    def standing(self) -> Standing:
        """Where sync stands now."""
        status = self._live.runner.status
        return Standing(
            status.phase.value,
            status.failure,
            status.contact_ms,
            status.unsent,
            status.blobs_left,
            status.progress,
            failure_ms=status.failure_ms,
        )

    @property
    def person(self) -> Person:
        """Whose account it is."""
        info = self._live.account.info
        return Person(
            info.full_name or info.email, info.email, info.technician, frozenset(info.roles)
        )

    async def read(self, query: Callable[[Reading], T]) -> T:
        """Ask the replica, on its thread."""
        return await self._live.desk(partial(query, self._reading))

    async def draft(self, key: str, about: str) -> str | None:
        """Return what was being written about something of a document."""
        return await self._live.desk(partial(self._drafts.get, key, about))

    async def keep_draft(self, key: str, about: str, text: str | None) -> None:
        """Keep what is being written; there is nothing in it to send."""
        await self._live.desk(partial(self._drafts.keep, key, about, text))

    async def edit(self, act: Callable[[Acting], T | Problem]) -> T:
        """Do something: stored when this returns, sent as soon as that is possible."""
        return await self._live.runner.edit(partial(act, self._live.account.acts))

    async def sync_now(self) -> str | None:
        """Exchange with the server; return the code of what went wrong."""
        outcome = await self._live.runner.sync_now(self._timeout_s)
        return None if outcome.is_done else outcome.code or "unsent-work"

    def on_news(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Have changed documents told on the loop; returns what ends that."""
        return self._live.runner.on_changed(lambda _: listener())

    def on_standing(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Have every change of `standing` told on the loop; returns what ends that."""
        return self._live.runner.on_status(lambda _: listener())


class MachineEntry:
    """Opens the machine's account once, however many windows ask for it."""

    def __init__(self, machine: Machine, *, version: str = "0") -> None:
        self._machine = machine
        self._version = version
        self._scanning = LateScanner()
        self._stack = AsyncExitStack()
        self._live: Live | None = None
        self._account: LiveAccount | None = None
        self._pins: PinsOffLoop | None = None
        self._turn = asyncio.Lock()
        self._listeners: list[Callable[[], None]] = []

    # --- what holds before anybody signs in

    @property
    def scanning(self) -> Scanning:
        """What reads codes; one for the program, since it is loaded once."""
        return self._scanning

    @property
    def server(self) -> str:
        """The server that signing in proposes: the one asked for, else the one used last."""
        settings = self._machine.settings
        if "server" in settings.model_fields_set:
            return settings.server
        return self._machine.preferences.read().server or settings.server

    @property
    def language(self) -> Language:
        """The language to speak to somebody who has chosen none."""
        return language_of(self._machine.language)

    def read(self) -> Preferences:
        """Return what the person chose."""
        return self._machine.preferences.read()

    def write(self, preferences: Preferences) -> None:
        """Keep what the person chose; photos that no longer have to wait go at once."""
        self._machine.preferences.write(preferences)
        self._hurry()

    def use_network(self, *, is_up: bool, is_mobile: bool) -> None:
        """Hear how this device is connected now."""
        network = self._machine.network
        is_news = (network.is_up, network.is_mobile) != (is_up, is_mobile)
        network.is_up, network.is_mobile = is_up, is_mobile
        if is_news and is_up:
            self._hurry()

    def _hurry(self) -> None:
        if self._live:
            self._live.runner.post(Online())

    # --- the account that is open

    @property
    def pins(self) -> PinKeeping:
        """The PIN of the account that is open."""
        assert self._pins is not None, "a PIN belongs to an account"
        return self._pins

    @property
    def upkeep(self) -> Upkeep:
        """What can be done about the account that is open."""
        assert self._live is not None, "upkeep is of an account"
        return AccountUpkeep(self._machine, self._live, version=self._version)

    # --- in and out

    async def resume(self) -> Asking | None:
        """Return the account that is here, signed in or not, if there is one."""
        async with self._turn:
            if self._account is None:
                try:
                    account = self._machine.open()
                except (ProblemError, ValueError):  # never signed in, or its description is damaged
                    return None
                return await self._enter(account)
            return self._account

    async def sign_in(self, server: str, email: str, password: str) -> Asking:
        """Sign in; raises ProblemError."""
        asked = self._machine.ask_session(server, email=email, password=password)
        return await self._use(server, await self._unless_revoked(server, email, asked))

    async def enrol(self, server: str, code: str) -> Asking:
        """Sign in with a one-time code; raises ProblemError."""
        return await self._use(server, await self._machine.redeem(server, code=code))

    async def has_company(self, server: str) -> bool:
        """Tell whether people may sign in there with the company's account."""
        return await self._machine.company_way(server) is not None

    async def sign_in_with_company(
        self, server: str, email: str, show: Callable[[str], Awaitable[object]]
    ) -> Asking:
        """Sign in at the company's issuer, in a browser that `show` opens; raises ProblemError."""
        asked = self._machine.ask_company(server, email, show)
        return await self._use(server, await self._unless_revoked(server, email, asked))

    async def _unless_revoked(
        self, server: str, email: str, asked: Awaitable[dict[str, Any]]
    ) -> dict[str, Any]:
        """Return the session asked for; what lies here of a revoked device goes before it is told.

        A device that was signed out makes no other call that could be answered with the order.
        """
        try:
            return await asked
        except ProblemError as error:
            if error.problem.code == REVOKED:
                await self._erase(self._machine.places.account(server, email))
            raise

    async def _erase(self, folder: AccountFolder) -> None:
        async with self._turn:
            live = self._live
            if live is None or live.account.folder != folder:
                self._machine.erase_left(folder)
            elif _takes_sessions(live):
                live.runner.post(Revoked())

    async def _use(self, server: str, session: dict[str, Any]) -> Asking:
        """Go on under a session: an account that is open stays open, another one is opened."""
        async with self._turn:
            info = AccountInfo.of(server, session)
            live, account = self._live, self._account
            folder = self._machine.places.account(server, info.email)
            if live and account and live.account.folder == folder and _takes_sessions(live):
                live.account.info = info
                live.runner.post(SignedIn(session))
            else:
                await self._shut()
                account = await self._enter(self._machine.adopt(server, session))
            chosen = self._machine.preferences.read()
            self._machine.preferences.write(replace(chosen, server=server, email=info.email))
        self._tell()
        return account

    async def leave(self, *, keep_data: bool) -> None:
        """Sign out; raises ProblemError `unsent-work` unless the data stays on the device."""
        async with self._turn:
            live = self._live
            if live is None:
                return
            if live.runner.status.phase is Phase.ELSEWHERE:
                raise ProblemError("synced-elsewhere")
            unsent = await live.desk(partial(self._machine.unsent, live.account))
            if unsent and not keep_data:
                raise ProblemError("unsent-work", count=unsent)
            await self._shut(closes=False)
            try:
                await self._machine.sign_out(live.account, keep_data=keep_data)
            except ProblemError:  # something was done here while the server was asked
                await self._enter(live.account)
                raise
            if keep_data:
                live.account.close()
                self._machine.places.use(None)
            else:
                chosen = self._machine.preferences.read()
                self._machine.preferences.write(replace(chosen, email=None))
        self._tell()

    def is_open(self, account: Asking) -> bool:
        """Tell whether an account is the one that is open."""
        return account is self._account

    def on_switch(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Have it told that another account, or none, is open; returns what ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def _tell(self) -> None:
        for listener in [*self._listeners]:
            listener()

    async def close(self) -> None:
        """End syncing; what is stored stays as it is."""
        async with self._turn:
            await self._shut()

    async def _shut(self, *, closes: bool = True) -> None:
        live, self._live, self._account, self._pins = self._live, None, None, None
        await self._stack.aclose()
        self._stack = AsyncExitStack()
        if live and closes:
            live.account.close()

    async def _enter(self, account: Account) -> LiveAccount:
        machine = self._machine
        live = await self._stack.enter_async_context(
            machine.live(account, with_cadence=True, waits=True)
        )
        zone = ZoneInfo(machine.settings.time_zone)
        free_bytes = partial(disk.free_bytes, account.folder.path)
        reading = ReplicaReading(
            account.replica,
            now_ms=machine.clock.now_ms,
            free_bytes=free_bytes,
            blobs=account.blobs,
            zone=zone,
        )
        darkroom = Darkroom(
            account.acts,
            account.blobs,
            images,
            spares=Spares(Thumbnails(account.folder.thumbnails), account.fetched),
            free_bytes=free_bytes,
            zone=zone,
            bench=_Bench(live),
            uploads=uploads(),
        )
        darkroom.start()
        self._stack.push_async_callback(darkroom.stop)
        checker = make_checker(machine, live)
        checker.start()
        self._stack.push_async_callback(checker.stop)
        self._live = live
        self._pins = PinsOffLoop(machine.pins(account.folder))
        self._account = LiveAccount(
            live,
            reading=reading,
            drafts=Drafts(account.replica, now_ms=machine.clock.now_ms),
            tools=Tools(
                photographs=darkroom,
                fetching=make_fetcher(machine, live),
                ocr=start_reader(machine, live, _Bench(live), self._stack),
                diagnosing=make_runner(machine, server=account.info.server, ask=ask_live(live)),
                scanning=self._scanning,
                remote=make_remote(machine, live),
                checking=checker,
                printing=Printer(),
            ),
            timeout_s=machine.settings.sync_timeout_s,
        )
        return self._account


def _takes_sessions(live: Live) -> bool:
    """Tell whether an account's engine runs here and goes on under a new session."""
    return live.runner.status.phase not in (Phase.WIPED, Phase.ELSEWHERE)


class _Bench:
    """The replica of an account in step, as the darkroom works on it."""

    def __init__(self, live: Live) -> None:
        self._live = live

    async def look(self, work: Callable[[], T]) -> T:
        """Return what `work` returns."""
        return await self._live.desk(work)

    async def edit(self, work: Callable[[], T | Problem]) -> T:
        """Do an act and have it sent."""
        return await self._live.runner.edit(work)
