"""A device as the office knows it: what it said last, what was asked, what still waits."""

from collections.abc import Callable, Sequence

from field_app.ports import Check, CheckState, KeptReport, Wanted
from field_app.state.screen import Forget, Screen
from field_app.state.workspace import Workspace
from field_core.capabilities import Capability, Role, capabilities
from field_core.cpe import Verdict
from field_core.cpe.limits import BUILT_IN, InUse
from field_core.cpe.report import Act, CpeReport
from field_core.diagnosis import Absence, Result
from field_core.diagnosis.remote import Unit, results_of, verdicts_of

_ROLES = frozenset(Role)


class OfficeDevice(Screen):
    """One device, for a technician's screen as for a customer's page (DX-01).

    job: the visit that it is asked for, if there is one.
    """

    def __init__(self, workspace: Workspace, equipment: str, *, job: str | None = None) -> None:
        super().__init__()
        self.workspace = workspace
        self.equipment = equipment
        self._job = job
        self.kept: KeptReport | None = None
        self.checks: Sequence[Check] = ()
        self.limits: InUse = BUILT_IN
        self.is_read = False

    async def load(self) -> None:
        """Read what is kept here."""
        checking = self.workspace.account.checking
        self.kept = await checking.report(self.equipment)
        self.checks = await checking.checks(self.equipment)
        self.limits = await self.workspace.account.read(lambda ask: ask.diagnostic_limits())
        self.is_read = True

    def follow(self, tell: Callable[[], None]) -> Forget:
        """What waits comes to its end by itself, and is looked at now that somebody watches."""
        checking = self.workspace.account.checking
        checking.hurry()
        return checking.on_news(tell)

    @property
    def report(self) -> CpeReport | None:
        """What the office said last."""
        return self.kept.report if self.kept else None

    @property
    def waiting(self) -> Sequence[Check]:
        """What has no end yet, newest first."""
        return [check for check in self.checks if check.ended_ms is None]

    @property
    def latest(self) -> Check | None:
        """What was asked last and has its end: how that went is told until something newer is."""
        done = [check for check in self.checks if check.ended_ms is not None]
        return done[0] if done and not self.waiting else None

    @property
    def is_free(self) -> bool:
        """Whether something may be asked: the office does one thing at a time on a device."""
        return not self.waiting

    @property
    def can_act(self) -> bool:
        """Whether this person may ask something of it; the server decides all the same."""
        roles = (Role(role) for role in self.workspace.account.person.roles if role in _ROLES)
        return Capability.ACT_ON_EQUIPMENT in capabilities(roles)

    @property
    def absence(self) -> Absence | None:
        """Why the office's reading is missing, where it is only late (T-13, T-14)."""
        states = {check.state for check in self.waiting}
        if CheckState.QUEUED in states:
            return Absence(code="queued")
        return Absence(code="offline") if CheckState.LATER in states else None

    def unit(self, unit: Unit) -> tuple[list[Verdict], list[Result]]:
        """Return what was found about a unit, and its quantities."""
        report = self.report
        if report is None:
            return [], []
        lines = results_of(report, unit, thresholds=self.limits.thresholds)
        return verdicts_of(report, unit), lines

    @property
    def bands(self) -> Sequence[tuple[str, int | None]]:
        """The bands whose channel can be changed, with the channel they are on."""
        snapshot = self.report.snapshot if self.report else None
        return [(radio.band, radio.channel) for radio in snapshot.wifi.radios] if snapshot else []

    @property
    def networks(self) -> Sequence[str]:
        """The names of the networks, each once."""
        snapshot = self.report.snapshot if self.report else None
        return [*dict.fromkeys(one.ssid for one in snapshot.wifi.ssids)] if snapshot else []

    # --- asking

    async def look(self) -> None:
        """Ask what the office knows."""
        await self._ask(Wanted())

    async def refresh_device(self) -> None:
        """Have the device read again."""
        await self._ask(Wanted(Act.REFRESH))

    async def reboot(self) -> None:
        """Restart the device; a person has agreed."""
        await self._ask(Wanted(Act.REBOOT, is_confirmed=True))

    async def set_channel(self, band: str, channel: int) -> None:
        """Put a band on a channel; a person has agreed."""
        await self._ask(Wanted(Act.CHANNEL, is_confirmed=True, band=band, channel=channel))

    async def rename(self, was: str, ssid: str) -> None:
        """Give a network another name; a person has agreed."""
        await self._ask(Wanted(Act.SSID, is_confirmed=True, was=was, ssid=ssid))

    async def ping_from(self, host: str) -> None:
        """Have the device ping a host."""
        await self._ask(Wanted(Act.PING, host=host))

    async def give_up(self, check: Check) -> None:
        """Take back what waits."""
        await self.attempt(self.workspace.account.checking.give_up(check.id))
        await self.refresh()

    async def _ask(self, wanted: Wanted) -> None:
        checking = self.workspace.account.checking
        await self.attempt(checking.ask(self.equipment, wanted, job=self._job))
        await self.refresh()
