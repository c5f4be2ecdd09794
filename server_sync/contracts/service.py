"""Contracts as HTTP and the schedule see them."""

from dataclasses import dataclass

from field_core.ending import ContractView
from server_sync.billing.till import Till
from server_sync.clock import today_at
from server_sync.contracts.acceptance.acceptances import Acceptances
from server_sync.contracts.acceptance.docuseal_bench import DocusealBench
from server_sync.contracts.acceptance.page import AcceptPage
from server_sync.contracts.carrying import Carrying
from server_sync.contracts.endings import Endings
from server_sync.contracts.held import read_held
from server_sync.contracts.removals import Removals
from server_sync.contracts.view import view_of


@dataclass(frozen=True)
class Contracts:
    """The contracts of one server."""

    till: Till
    endings: Endings
    carrying: Carrying
    removals: Removals
    acceptances: Acceptances
    docuseal_secret: str
    page: AcceptPage
    bench: DocusealBench | None = None

    async def view(self, name: str) -> ContractView:
        """Read a contract where it is owned; raises ProblemError `not-found`, ErpFailure."""
        held = await read_held(self.till.client, name)
        return view_of(
            held,
            today=today_at(self.till.clock, self.till.zone),
            now_ms=self.till.now_ms(),
            recap=await self.endings.recap(held),
            underway=await self.endings.underway(held),
        )

    def standing(self) -> tuple[bool, str]:
        """Return whether the ERP takes every termination, and a sentence for the operator."""
        waiting = self.endings.look()
        refused = [one.contract for one in waiting if one.is_refused]
        if refused:
            return False, f"the ERP refuses to end {', '.join(refused)}"
        return True, f"{len(waiting)} under way" if waiting else "none waits"
