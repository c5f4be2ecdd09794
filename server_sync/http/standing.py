"""What the server can say about its own state: for scrapes, for readiness, for a person."""

from collections.abc import Callable, Iterator

from pydantic import BaseModel

from server_sync.billing.service import Billing
from server_sync.http.context import DISK_FREE_BYTES_MIN, Context
from server_sync.metrics import Standing
from server_sync.sync.figures import figures


class Check(BaseModel):
    """One thing that was looked at. Only `is_needed` ones decide about readiness."""

    name: str
    is_good: bool
    is_needed: bool
    says: str


class Readiness(BaseModel):
    """Every check, and whether traffic should come here."""

    is_ready: bool
    checks: list[Check]


def readiness(context: Context) -> Readiness:
    """Look at everything the server stands on."""
    checks = [*_checks(context)]
    return Readiness(is_ready=all(c.is_good for c in checks if c.is_needed), checks=checks)


def _checks(context: Context) -> Iterator[Check]:
    yield _tried("database", "can be written", context.store.check_writable)
    yield _tried("blobs", "can be written", context.blobs.store.check)
    free = context.disk_free()
    yield Check(
        name="disk",
        is_good=free >= DISK_FREE_BYTES_MIN,
        is_needed=True,
        says=f"{free // 1_000_000} MB free",
    )
    circuit = context.erp.circuit()
    yield Check(name="erp", is_good=circuit != "open", is_needed=False, says=f"circuit {circuit}")
    is_set = context.has_webhook_secret
    yield Check(
        name="webhook secret",
        is_good=is_set,
        is_needed=False,
        says="set" if is_set else "not set: changes are found by polling alone",
    )
    is_good, says = context.diagnostics.standing()
    yield Check(name="acs", is_good=is_good, is_needed=False, says=says)
    if context.billing:
        yield _payments(context.billing)
    if context.contracts:
        is_good, says = context.contracts.standing()
        yield Check(name="terminations", is_good=is_good, is_needed=False, says=says)


def _payments(billing: Billing) -> Check:
    is_good, says = billing.standing()
    return Check(name="payments", is_good=is_good, is_needed=False, says=says)


def _tried(name: str, says: str, work: Callable[[], object]) -> Check:
    try:
        work()
    except Exception as error:  # noqa: BLE001  # whatever goes wrong is what the check is for
        return Check(name=name, is_good=False, is_needed=True, says=type(error).__name__)
    return Check(name=name, is_good=True, is_needed=True, says=says)


def standing(context: Context) -> Standing:
    """Read the figures that only the database has."""
    with context.store.read() as connection:
        now = figures(connection)
    since_ms = context.now_ms() if now.erp_since_ms is None else now.erp_since_ms
    age_s = max(context.now_ms() - since_ms, 0) / 1000
    return Standing(
        now.erp_waiting,
        age_s,
        now.devices,
        now.reviews_open,
        context.erp.circuit(),
        _terminations(context),
    )


def _terminations(context: Context) -> dict[str, int]:
    waiting = context.contracts.endings.look() if context.contracts else ()
    refused = sum(one.is_refused for one in waiting)
    return {"refused": refused, "underway": len(waiting) - refused}
