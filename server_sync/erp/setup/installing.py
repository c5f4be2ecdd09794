"""Carrying a plan out: step by step, looked at again after everything that is not certain.

Nothing is remembered between runs. A run that was cut is taken up by the next one, which compares
anew; a call whose outcome is unknown is never repeated before the site was read again; and the
site is read once more at the end, since it answers 200 to what it ignores.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, assert_never

from server_sync.erp.client import FrappeClient
from server_sync.erp.failures import ErpFailure, ErpRefused
from server_sync.erp.patience import TRIES_MAX, Patience, is_final
from server_sync.erp.setup.books import Entry, WantedBooks, look
from server_sync.erp.setup.comparing import compare
from server_sync.erp.setup.copying import Mapped, copy_values
from server_sync.erp.setup.plan import Act, Append, Copy, Insert, Method, Plan, Step, Update
from server_sync.erp.setup.print_format import WantedFormat
from server_sync.erp.setup.site import read_site
from server_sync.erp.setup.wanted import WantedWebhook

PASSES_MAX: Final = 6
"""Three are needed (links that go both ways, rights that are narrowed); a site that keeps
forgetting what it was told is not asked for ever."""
Tick = Callable[[int, int, str], None]
"""Told how many steps are done, of how many, and what is done now."""


@dataclass
class Outcome:
    """What a run came to."""

    done: list[Step] = field(default_factory=list)
    refused: list[tuple[Step, str]] = field(default_factory=list)
    """With the ERP's own words."""
    left: tuple[Step, ...] = ()
    """What was answered well and is not there all the same."""
    plan: Plan = field(default_factory=lambda: Plan((), ()))
    """The last one: its findings are for a person."""

    @property
    def is_complete(self) -> bool:
        """Whether the site has everything now."""
        return not (self.refused or self.left or self.plan.needs_a_person)


@dataclass(frozen=True)
class Installer:
    """Sets up one site."""

    client: FrappeClient
    webhooks: Sequence[WantedWebhook]
    patience: Patience
    service_user: str = ""
    mapped: Sequence[Mapped] = ()
    formats: Sequence[WantedFormat] = ()
    books: WantedBooks | None = None

    async def plan(self) -> Plan:
        """Return what a run would do; changes nothing. Raises ErpFailure."""
        structure, entries = await self.structure(), await self.look_at_books()
        steps = (entry.step for entry in entries if entry.step)
        findings = (found for entry in entries if (found := entry.finding()))
        return Plan((*structure.steps, *steps), (*structure.findings, *findings))

    async def look_at_books(self) -> tuple[Entry, ...]:
        """Look at what the money needs; nothing where nobody said what that is."""
        return await look(self.client, self.books) if self.books else ()

    async def structure(self) -> Plan:
        """Return the part of the plan that is about doctypes, rights, webhooks and formats."""
        state = await read_site(
            self.client, service_user=self.service_user, mapped=self.mapped, formats=self.formats
        )
        return compare(state, self.webhooks, self.mapped, self.formats)

    async def run(self, tick: Tick = lambda _done, _all, _what: None) -> Outcome:
        """Carry out what is missing. Raises ErpFailure when the site stays unreachable."""
        made, tries, passes = Outcome(), 0, 0
        while passes < PASSES_MAX:
            before = len(made.done)
            try:
                is_over = await self._pass(made, tick)
            except ErpFailure as failure:
                tries = 0 if len(made.done) > before else tries + 1
                if is_final(failure) or tries >= TRIES_MAX:
                    raise
                await self.patience.pause(failure, tries)
                continue
            passes += 1
            if is_over:
                return made
        made.left = tuple(s for s in made.plan.steps if s.key not in _keys(made.refused))
        return made

    async def _pass(self, made: Outcome, tick: Tick) -> bool:
        """Compare and make every step; tell whether there was none to make."""
        made.plan = await self.plan()
        refused = _keys(made.refused)
        steps = [step for step in made.plan.steps if step.key not in refused]
        total = len(made.done) + len(steps)
        for step in steps:
            tick(len(made.done), total, f"{step.what} {step.where}")
            try:
                await carry_out(self.client, step.act)
            except ErpRefused as refusal:
                if refusal.is_duplicate:
                    continue  # our own earlier try got there: the next comparison sees it
                made.refused.append((step, str(refusal.problem.details.get("message", ""))))
                continue
            made.done.append(step)
        tick(len(made.done), len(made.done), "")
        return not steps


async def carry_out(client: FrappeClient, act: Act) -> None:
    """Make the one call that a step is."""
    match act:
        case Insert(doctype, form):
            await client.insert(doctype, dict(form))
        case Update(doctype, name, form):
            await client.update(doctype, name, dict(form))
        case Method(method, body):
            await client.method(method, dict(body), is_write=True)
        case Append(parent, table, doctype, values):
            await client.append_row(parent, table, doctype, dict(values))
        case Copy(mapped):
            await copy_values(client, mapped)
        case _:
            assert_never(act)


def _keys(refused: Sequence[tuple[Step, str]]) -> set[tuple[str, str]]:
    return {step.key for step, _ in refused}
