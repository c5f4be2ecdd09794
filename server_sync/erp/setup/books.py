"""What the money needs in a site's books: an Item, Modes of Payment, accounts.

Ending a contract invoices an Item with taxes on two accounts; a payment names its Mode. The Item
and the Modes carry no figures and may be made; which account money goes to is an accountant's word
and is only told. What exists stays as it is.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from server_sync.erp.client import FrappeClient
from server_sync.erp.failures import ErpNotFound, ErpRefused
from server_sync.erp.setup.plan import Finding, Insert, Step, Weight
from server_sync.erp.setup.verdicts import Check, Verdict, good

Row = Mapping[str, Any]
ITEM: Final = "Item"
MODE: Final = "Mode of Payment"
ACCOUNT: Final = "Account"
GROUP: Final = "Services"
"""ERPNext's set-up makes this group, under the same name in French and in English."""
UNITS: Final = ("Nos", "Unit", "Unité")
"""Units that a fee may be counted in, as the set-up names them; the first that is there."""
_INSTALL: Final = "server-sync erp install"
_LOOK: Final = "ask with the key of a user who also has the role Accounts Manager"
_USABLE: Final[Mapping[str, tuple[int, str]]] = {
    "disabled": (0, "is disabled"),
    "is_sales_item": (1, "may not be sold"),
    "has_variants": (0, "is a template of variants"),
    "is_group": (0, "is a group"),
    "enabled": (1, "is not enabled"),
}
"""Fields that may keep others from naming a document: the value that lets them, and the words."""


@dataclass(frozen=True, slots=True)
class WantedAccount:
    """An account, by the setting that names it."""

    setting: str
    name: str
    """Empty: nobody has said which."""
    purpose: str


@dataclass(frozen=True, slots=True)
class WantedBooks:
    """Everything that money names."""

    item: str
    item_setting: str
    item_title: str
    modes: Mapping[str, str]
    """Modes of Payment, each with its type."""
    accounts: Sequence[WantedAccount]


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that was looked at, and the step that makes it, where one may."""

    check: Check
    step: Step | None = None

    def finding(self) -> Finding | None:
        """Return what a person is told by `erp install`; None for what is well or can be made."""
        if self.check.verdict is Verdict.GOOD or self.step:
            return None
        says = f"{self.check.says}: {self.check.todo}"
        return Finding(Weight.DECIDE, self.check.name, says)


async def look(client: FrappeClient, wanted: WantedBooks) -> tuple[Entry, ...]:
    """Look at everything that is wanted; what this key may not see is told as not looked at."""
    found: list[Entry] = []
    for name, work in (
        (f"{ITEM} {wanted.item}", lambda: _item(client, wanted)),
        (MODE, lambda: _modes(client, wanted.modes)),
        (ACCOUNT, lambda: _accounts(client, wanted.accounts)),
    ):
        found += await _guarded(name, work)
    return tuple(found)


async def _guarded(name: str, work: Callable[[], Awaitable[Iterable[Entry]]]) -> Iterable[Entry]:
    try:
        return await work()
    except ErpRefused as refusal:
        said = str(refusal.problem.details.get("message", ""))
        return [Entry(Check(name, Verdict.OPEN, f"could not be looked at ({said})", _LOOK))]


async def _item(client: FrappeClient, wanted: WantedBooks) -> Iterable[Entry]:
    name = f"{ITEM} {wanted.item}"
    try:
        raw = await client.get(ITEM, wanted.item)
    except ErpNotFound:
        return [await _item_missing(client, wanted, name)]
    todo = f"mend it, or name another in {wanted.item_setting}"
    return [Entry(_usable(name, raw, todo))]


async def _item_missing(client: FrappeClient, wanted: WantedBooks, name: str) -> Entry:
    """Offer to make it, where the site has a group and a unit that need no guess."""
    groups = await client.rows("Item Group", ["name"], filters=[("name", "=", GROUP)], limit=1)
    units = await client.rows("UOM", ["name"], filters=[("name", "in", [*UNITS])])
    there = {str(row["name"]) for row in units}
    unit = next((one for one in UNITS if one in there), None)
    if not groups or unit is None:
        todo = f"make it by hand, not kept in stock, or name another in {wanted.item_setting}"
        return Entry(Check(name, Verdict.BAD, "is missing, and its group or unit", todo))
    form = {
        "item_code": wanted.item,
        "item_name": wanted.item_title,
        "item_group": GROUP,
        "stock_uom": unit,
        "is_stock_item": 0,
        "is_sales_item": 1,
        "is_purchase_item": 0,
    }
    step = Step("create item", wanted.item, wanted.item_title, Insert(ITEM, form))
    return Entry(Check(name, Verdict.BAD, "is missing", _INSTALL), step)


async def _modes(client: FrappeClient, wanted: Mapping[str, str]) -> Iterable[Entry]:
    have = await _by_name(client, MODE, ["name", "enabled"], [*wanted])
    return [_mode(name, kind, have.get(name)) for name, kind in wanted.items()]


def _mode(mode: str, kind: str, raw: Row | None) -> Entry:
    name = f"{MODE} {mode}"
    if raw is not None:
        return Entry(_usable(name, raw, "enable it: payments are entered under this name"))
    act = Insert(MODE, {"mode_of_payment": mode, "type": kind, "enabled": 1})
    step = Step("create mode", mode, f"{kind}, without an account", act)
    return Entry(Check(name, Verdict.BAD, "is missing", _INSTALL), step)


async def _accounts(client: FrappeClient, wanted: Sequence[WantedAccount]) -> Iterable[Entry]:
    names = [one.name for one in wanted if one.name]
    have = await _by_name(client, ACCOUNT, ["name", "is_group", "disabled"], names)
    return [Entry(_account(one, have.get(one.name))) for one in wanted]


def _account(wanted: WantedAccount, raw: Row | None) -> Check:
    name = f"{ACCOUNT} {wanted.name or wanted.setting}"
    todo = f"have the accountant name {wanted.purpose} in {wanted.setting}"
    if not wanted.name:
        return Check(name, Verdict.BAD, "is not set", todo)
    if raw is None:
        return Check(name, Verdict.BAD, "is missing", todo)
    return _usable(name, raw, todo)


async def _by_name(
    client: FrappeClient, doctype: str, columns: Sequence[str], names: Sequence[str]
) -> dict[str, Row]:
    rows = await client.rows(doctype, columns, filters=[("name", "in", list(names) or [""])])
    return {str(row["name"]): row for row in rows}


def _usable(name: str, raw: Row, todo: str) -> Check:
    """Tell whether other documents may name this one."""
    for field, (right, said) in _USABLE.items():
        if field in raw and int(raw[field] or 0) != right:
            return Check(name, Verdict.BAD, said, todo)
    return good(name, "is there")
