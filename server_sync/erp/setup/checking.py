"""Whether a site is well: the smoke list, its settings, the service user's rights, clock, webhooks.

Every check ends in a verdict with a sentence about what to do; none stops the others. Two documents
at most are made, tags whose names begin with `erp-check-`, and they are deleted again.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

import httpx

from server_sync.erp.client import FrappeClient
from server_sync.erp.failures import ErpFailure, ErpRefused, ErpUnknownOutcome
from server_sync.erp.setup.installing import Installer
from server_sync.erp.setup.probing import probe
from server_sync.erp.setup.verdicts import Check, Checks, Verdict, good
from server_sync.erp.setup.wanted import SYNC, own_doctypes, permission_row, permitted, rights_on

ROUNDING: Final = "Commercial Rounding"
"""Half up, as TPS and TVQ are worked out; ERPNext's own default rounds half to even."""
MAJOR: Final = 16
HEALTH_TIMEOUT_S: Final = 10
_RIGHTS_ASKED: Final = ("read", "write", "create", "delete", "submit")
_SMOKE: Final = ("Customer", "Sales Invoice", "Service Location")


@dataclass(frozen=True)
class Checker:
    """Looks at one site with the key of one user."""

    installer: Installer
    now: Callable[[], datetime]
    """This machine's clock: an aware instant."""
    site_time_zone: str
    has_secret: bool
    server_url: str = ""
    """Where this server is reached, for its health; not asked without."""

    async def run(self) -> Checks:
        """Make every check; a site that cannot be reached gets one line. Raises nothing."""
        first = await self._guarded("connection", self._connection)
        if first[0].verdict is Verdict.BAD:
            return first
        found = [*first]
        for name, work in (
            ("version", self._version),
            ("smoke", self._smoke),
            ("set-up", self._set_up),
            ("books", self._books),
            ("amounts", self._amounts),
            ("time zone", self._time_zone),
            ("rights", self._rights),
            ("writing", self._writing),
            ("sync server", self._server),
        ):
            found += await self._guarded(name, work)
        return tuple(found)

    @property
    def _client(self) -> FrappeClient:
        return self.installer.client

    async def _guarded(self, name: str, work: Callable[[], Awaitable[Iterable[Check]]]) -> Checks:
        try:
            return tuple(await _tried_again(work))
        except ErpRefused as refusal:
            if refusal.exc_type == "PermissionError":
                says = "this user may not look: ask with a System Manager's key"
                return (Check(name, Verdict.OPEN, says),)
            said = str(refusal.problem.details.get("message", ""))
            return (Check(name, Verdict.BAD, said or "refused", "see what the ERP says"),)
        except ErpFailure as failure:
            reason = str(failure.problem.details.get("reason") or failure.problem.code)
            return (Check(name, Verdict.BAD, reason, _TODO.get(reason, "is the site running?")),)

    async def _connection(self) -> Iterable[Check]:
        await self._client.method("ping", {}, is_write=False)
        user = await self._client.method("frappe.auth.get_logged_user", {}, is_write=False)
        return (good("connection", f"answers {user}"),)

    async def _version(self) -> Iterable[Check]:
        told = await self._client.method("frappe.utils.change_log.get_versions", {}, is_write=False)
        frappe = str(told.get("frappe", {}).get("version", ""))
        if frappe.partition(".")[0] == str(MAJOR):
            return (good("version", f"Frappe {frappe}"),)
        todo = f"this program was tried with version {MAJOR}"
        return (Check("version", Verdict.BAD, f"Frappe {frappe or 'unknown'}", todo),)

    async def _smoke(self) -> Iterable[Check]:
        """The list of IF-05, as far as it is the ERP's: lists, and a customer's balance."""
        made: list[Check] = []
        for doctype in _SMOKE:
            made += await self._guarded(f"list {doctype}", partial(self._list, doctype))
        return [*made, *await self._guarded("balance", self._balance)]

    async def _list(self, doctype: str) -> Iterable[Check]:
        count = await self._client.count(doctype)
        await self._client.rows(doctype, ["name", "modified"], limit=20)
        return (good(f"list {doctype}", f"{count} documents"),)

    async def _balance(self) -> Iterable[Check]:
        summed = await self._client.rows(
            "Sales Invoice",
            [{"SUM": "outstanding_amount", "as": "owed"}],
            filters=[("docstatus", "=", 1)],
            limit=1,
        )
        owed = float((summed[0].get("owed") if summed else 0) or 0)
        return (good("balance", f"{owed:.2f} outstanding"),)

    async def _set_up(self) -> Iterable[Check]:
        plan = await self.installer.structure()
        made = [
            Check("set-up", Verdict.BAD, f"{one.where} {one.says}", "decide, then `erp install`")
            for one in plan.findings
            if one.weight == "decide"
        ]
        if plan.steps:
            says = f"{len(plan.steps)} steps are missing"
            made.append(Check("set-up", Verdict.BAD, says, "server-sync erp install --dry-run"))
        return made or (good("set-up", "complete"),)

    async def _books(self) -> Iterable[Check]:
        return [entry.check for entry in await self.installer.look_at_books()]

    async def _amounts(self) -> Iterable[Check]:
        system = await self._client.get("System Settings", "System Settings")
        rounding = str(system.get("rounding_method") or "")
        made = [
            good("rounding", rounding)
            if rounding == ROUNDING
            else Check("rounding", Verdict.BAD, rounding, f"System Settings: choose {ROUNDING}")
        ]
        defaults = await self._client.get("Global Defaults", "Global Defaults")
        if int(defaults.get("disable_rounded_total") or 0):
            return [*made, good("rounded totals", "off")]
        todo = "Global Defaults: tick Disable Rounded Total, else cents are lost"
        return [*made, Check("rounded totals", Verdict.BAD, "on", todo)]

    async def _time_zone(self) -> Iterable[Check]:
        zone = await self._client.time_zone()
        if zone == self.site_time_zone:
            return (good("time zone", zone),)
        todo = f"set SITE_TIME_ZONE to {zone}, or the site's to {self.site_time_zone}"
        return (Check("time zone", Verdict.BAD, zone, todo),)

    async def _rights(self) -> Iterable[Check]:
        """Ask for every right that the server uses, doctype by doctype."""
        wanted = [
            (doctype, right)
            for doctype in [*(one.name for one in own_doctypes() if not one.is_child), *permitted()]
            for right in _rights_of(doctype)
        ]
        answers = await asyncio.gather(*(self._may(doctype, right) for doctype, right in wanted))
        lacking = [pair for pair, may in zip(wanted, answers, strict=True) if not may]
        if not lacking:
            return (good("rights", f"all {len(wanted)} that the server uses"),)
        return [
            Check("rights", Verdict.BAD, f"may not {right} {doctype}", "server-sync erp install")
            for doctype, right in lacking
        ]

    async def _may(self, doctype: str, right: str) -> bool:
        body = {"doctype": doctype, "docname": "", "perm_type": right}
        try:
            told = await self._client.method("frappe.client.has_permission", body, is_write=False)
        except ErpRefused:
            return False
        return bool(told["has_permission"])

    async def _writing(self) -> Iterable[Check]:
        return await probe(
            self._client,
            now=self.now,
            sleep=self.installer.patience.sleep,
            rand=self.installer.patience.rand,
            has_secret=self.has_secret,
        )

    async def _server(self) -> Iterable[Check]:
        if not self.server_url:
            return (Check("sync server", Verdict.OPEN, "no --server given"),)
        todo = "is the server running, and is this the address that the ERP can reach?"
        try:
            async with httpx.AsyncClient(timeout=HEALTH_TIMEOUT_S) as http:
                answer = await http.get(f"{self.server_url.rstrip('/')}/health")
        except httpx.HTTPError as error:
            return (Check("sync server", Verdict.BAD, type(error).__name__, todo),)
        if answer.is_success:
            return (good("sync server", "answers"),)
        return (Check("sync server", Verdict.BAD, f"HTTP {answer.status_code}", todo),)


async def _tried_again(work: Callable[[], Awaitable[Iterable[Check]]]) -> Iterable[Check]:
    """Make a check, once more if its connection was cut: every one of them may be repeated.

    A server closes connections that idle for some seconds (gunicorn 2, uvicorn 5); a write that
    leaves at that moment is lost, and says nothing about the site.
    """
    try:
        return await work()
    except ErpUnknownOutcome as failure:
        if failure.is_answered:
            raise
        return await work()


def _rights_of(doctype: str) -> list[str]:
    letters = rights_on(doctype).get(SYNC, "")
    row = permission_row(SYNC, letters)
    return [right for right in _RIGHTS_ASKED if row[right]]


_TODO: Final = {
    "credentials": "make a new key: User, Settings, API Access, Generate Keys",
    "maintenance": "wait until `bench migrate` is over",
    "ConnectError": "check ERPNEXT_URL, the proxy and the firewall",
    "ConnectTimeout": "check ERPNEXT_URL, the proxy and the firewall",
    "HTTP 502": "restart the proxy after the backend: it keeps an old address",
    "HTTP 504": "the site is too slow to answer its proxy",
}
