"""The account as screens ask it: reads and acts on the replica's thread, news told on the loop."""

from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from functools import partial

from field_app.compose.machine import Account, Live, Machine
from field_app.ports import Asking, JobDetail, JobRow, OutboxRow, Standing
from field_app.sync import queries
from field_core.problems import ProblemError
from field_core.status import JobStatus


class LiveAccount:
    """One live account behind the port that screens know."""

    def __init__(self, live: Live, *, timeout_s: float) -> None:
        self._live = live
        self._timeout_s = timeout_s

    @property
    def standing(self) -> Standing:
        """Where sync stands now."""
        status = self._live.runner.status
        return Standing(
            status.phase.value, status.failure, status.contact_ms, status.unsent, status.blobs_left
        )

    async def jobs(self, day: str | None) -> Sequence[JobRow]:
        """Return the jobs of a day (None: every open one)."""
        return await self._live.desk(partial(queries.jobs, self._live.account.replica, day))

    async def job(self, key: str) -> JobDetail | None:
        """Return one job."""
        return await self._live.desk(partial(queries.job, self._live.account.replica, key))

    async def outbox(self) -> Sequence[OutboxRow]:
        """Return what was done here, newest first."""
        return await self._live.desk(partial(queries.outbox, self._live.account.replica))

    async def move(self, key: str, to: JobStatus, reason: str | None = None) -> None:
        """Move a job."""
        acts = self._live.account.acts
        await self._live.runner.edit(partial(acts.move, key, to, reason=reason))

    async def note(self, key: str, text: str) -> None:
        """Add a note."""
        await self._live.runner.edit(partial(self._live.account.acts.note, key, text))

    async def sync_now(self) -> str | None:
        """Exchange with the server; return the code of what went wrong."""
        outcome = await self._live.runner.sync_now(self._timeout_s)
        return None if outcome.is_done else outcome.code or "unsent-work"

    def on_changed(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Have news told on the loop; returns what ends that."""
        ends = (
            self._live.runner.on_changed(lambda _: listener()),
            self._live.runner.on_status(lambda _: listener()),
        )

        def forget() -> None:
            for end in ends:
                end()

        return forget


class MachineEntry:
    """Opens the machine's account once, however many windows ask for it."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._stack = AsyncExitStack()
        self._open: LiveAccount | None = None

    @property
    def server(self) -> str:
        """The server that signing in proposes."""
        return self._machine.settings.server

    async def resume(self) -> Asking | None:
        """Return the account that is signed in here, if there is one."""
        if self._open is None:
            try:
                account = self._machine.open()
            except ProblemError:
                return None
            self._open = await self._entered(account)
        return self._open

    async def sign_in(self, server: str, email: str, password: str) -> Asking:
        """Sign in; raises ProblemError."""
        account = await self._machine.sign_in(server, email=email, password=password)
        await self._stack.aclose()
        self._stack = AsyncExitStack()
        self._open = await self._entered(account)
        return self._open

    async def close(self) -> None:
        """End syncing; what is stored stays as it is."""
        await self._stack.aclose()
        self._open = None

    async def _entered(self, account: Account) -> LiveAccount:
        live = await self._stack.enter_async_context(self._machine.live(account, with_cadence=True))
        return LiveAccount(live, timeout_s=self._machine.settings.sync_timeout_s)
