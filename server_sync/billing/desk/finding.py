"""Finding a customer by whatever a caller says: name, telephone, account, address, invoice.

Databases differ in what accents mean to them, so a letter that may bear one is asked for as any
letter too, and what comes back is compared without accents here.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, islice
from typing import Final

from field_core.office import CustomerFound, CustomersFound
from field_core.plain_text import plain
from server_sync.billing.desk.account import ROWS, customer_names
from server_sync.billing.documents import Raw
from server_sync.erp.client import FrappeClient

TYPED_MIN: Final = 2
TYPED_MAX: Final = 80
_CUSTOMER: Final = (
    "name",
    "customer_name",
    "legacy_account_id",
    "mobile_no",
    "email_id",
    "disabled",
)
_PLACE: Final = ("name", "customer", "civic_address", "city", "postal_code")
_ACCENTED: Final = frozenset("aeiouc")
_ACCENTS_MAX: Final = 2
PATTERNS_MAX: Final = 60
"""A word with eight letters that may bear an accent has 37; a list call takes some hundreds."""
_PHONE_DIGITS_MIN: Final = 7
_ASKED: Final = 4 * ROWS
"""More than is shown: some of what a loose pattern brings is not it."""


async def find(client: FrappeClient, typed: str) -> CustomersFound:
    """Return customers that a text means, the likeliest first; nothing for one letter."""
    words = plain(typed[:TYPED_MAX]).split()
    if len("".join(words)) < TYPED_MIN:
        return CustomersFound()
    found = {row.name: row for row in await _by_themselves(client, typed, words)}
    for row in [*await _by_invoice(client, typed), *await _by_place(client, words)]:
        found.setdefault(row.name, row)
    rows = sorted(found.values(), key=lambda row: _rank(row, words))
    return CustomersFound(rows=tuple(rows[:ROWS]), has_more=len(rows) > ROWS)


async def _by_themselves(client: FrappeClient, typed: str, words: list[str]) -> list[CustomerFound]:
    patterns = _patterns(words)
    ways = [("customer_name", "like", pattern) for pattern in patterns]
    ways += [(field, "like", patterns[0]) for field in ("name", "email_id", "legacy_account_id")]
    digits = re.sub(r"\D", "", typed)
    if len(digits) >= _PHONE_DIGITS_MIN:
        ways.append(("mobile_no", "like", f"%{'%'.join(digits[-10:])}%"))
    rows = await client.rows(
        "Customer", _CUSTOMER, or_filters=ways, order_by="customer_name asc", limit=_ASKED
    )
    is_phone = len(digits) >= _PHONE_DIGITS_MIN
    return [
        _found(row)
        for row in rows
        if _has(words, (row.get(name) for name in _CUSTOMER[:3] + _CUSTOMER[4:5]))
        or (is_phone and digits in re.sub(r"\D", "", str(row.get("mobile_no") or "")))
    ]


async def _by_place(client: FrappeClient, words: list[str]) -> list[CustomerFound]:
    patterns = _patterns(words)
    ways = [("civic_address", "like", pattern) for pattern in patterns]
    ways += [(field, "like", patterns[0]) for field in ("postal_code", "name")]
    rows = await client.rows(
        "Service Location",
        _PLACE,
        or_filters=ways,
        order_by="civic_address asc",
        limit=_ASKED,
    )
    mine = [
        row
        for row in rows
        if row.get("customer")
        and _has(words, (row.get("civic_address"), row.get("postal_code"), row["name"]))
    ]
    names = await customer_names(client, [str(row["customer"]) for row in mine])
    return [
        CustomerFound(
            name=str(row["customer"]),
            customer_name=names.get(str(row["customer"]), str(row["customer"])),
            place=address_of(row),
            found_by=address_of(row),
        )
        for row in mine
    ]


async def _by_invoice(client: FrappeClient, typed: str) -> list[CustomerFound]:
    name = typed.strip().upper()
    if "-" not in name:
        return []
    rows = await client.rows(
        "Sales Invoice",
        ["name", "customer"],
        filters=[("name", "like", f"{name}%"), ("docstatus", "=", 1)],
        limit=ROWS,
    )
    names = await customer_names(client, [str(row["customer"]) for row in rows])
    return [
        CustomerFound(
            name=str(row["customer"]),
            customer_name=names.get(str(row["customer"]), str(row["customer"])),
            found_by=str(row["name"]),
        )
        for row in rows
    ]


def address_of(row: Raw) -> str:
    """Return a location's address on one line."""
    return ", ".join(str(row[name]) for name in ("civic_address", "city") if row.get(name))


def _found(row: Raw) -> CustomerFound:
    return CustomerFound(
        name=str(row["name"]),
        customer_name=str(row["customer_name"]),
        account=str(row.get("legacy_account_id") or ""),
        phone=str(row.get("mobile_no") or ""),
        is_disabled=bool(row.get("disabled")),
    )


def _patterns(words: Sequence[str]) -> list[str]:
    """Return what LIKE looks for: the words as typed first, then with any letter for an accent.

    The most telling word bears at most two accents; the others may bear any, since that one
    already tells whom it is about.
    """
    safe = [re.sub(r"[%_\\]", "_", word) for word in words]
    telling = max(range(len(safe)), key=lambda at: _plain_letters(safe[at]))
    loose = ["".join("_" if c in _ACCENTED else c for c in word) for word in safe]
    found = {f"%{'%'.join(safe)}%": None}
    for variant in _variants(safe[telling]):
        parts = [*loose[:telling], variant, *loose[telling + 1 :]]
        found[f"%{'%'.join(parts)}%"] = None
        found[f"%{'%'.join(parts[::-1])}%"] = None
    return [*islice(found, PATTERNS_MAX)]


def _plain_letters(word: str) -> int:
    return sum(c not in _ACCENTED for c in word)


def _variants(word: str) -> Iterator[str]:
    """Yield a word, and what it looks like with one accent, and with two."""
    places = [at for at, letter in enumerate(word) if letter in _ACCENTED]
    for count in range(_ACCENTS_MAX + 1):
        for chosen in combinations(places, count):
            yield "".join("_" if at in chosen else c for at, c in enumerate(word))


def _has(words: Iterable[str], values: Iterable[object]) -> bool:
    told = plain(" ".join(str(value) for value in values if value))
    return all(word in told for word in words)


def _rank(row: CustomerFound, words: list[str]) -> tuple[bool, bool, bool, str]:
    name = plain(row.customer_name)
    is_exact = row.name.casefold() in words or row.account.casefold() in words
    return not is_exact, row.is_disabled, not name.startswith(words[0]), name
