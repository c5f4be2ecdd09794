"""Inserting made-up documents into a site: each once, whatever becomes of the answers.

A document is recognised by a key that follows from its place in the series of its doctype, so a run
that was cut goes on where it stopped. What a site's books refuse (accounts, taxes and companies of
its own) is left out and told.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from field_core.doctypes import spec_of
from server_sync.erp.client import Filter, FrappeClient
from server_sync.erp.failures import ErpRefused, ErpUnknownOutcome
from server_sync.erp.patience import Patience
from server_sync.erp.standard import OURS, is_standard

KEY: Final = "sync_key"
KEY_PREFIX: Final = "demo-"
_BOOKS: Final = frozenset({"Sales Invoice", "Payment Entry"})


@dataclass
class Seeder:
    """Inserts one document after the other: a site fails concurrent inserts into one series."""

    client: FrappeClient
    patience: Patience
    tick: Callable[[int, str], None] = lambda _done, _what: None
    left_out: list[str] = field(default_factory=list)
    """What the site's books refused, in its own words."""
    _numbers: Counter[str] = field(default_factory=Counter)
    _done: int = 0

    async def is_free(self) -> bool:
        """Tell whether every customer of the site, if there is any, is one of ours."""
        ours: list[Filter] = [(KEY, "like", f"{KEY_PREFIX}%")]
        total = await self.client.count("Customer")
        return total == 0 or total == await self.client.count("Customer", ours)

    async def insert(self, doctype: str, form: Mapping[str, Any]) -> Mapping[str, Any]:
        """Insert a document unless it is there; returns its name. Raises ErpFailure."""
        self._numbers[doctype] += 1
        self._done += 1
        self.tick(self._done, doctype)
        mark = self._mark(doctype, form)
        try:
            name = await self.patience(lambda: self._insert_once(doctype, form, mark))
        except ErpRefused as refusal:
            if doctype not in _BOOKS:
                raise
            said = str(refusal.problem.details.get("message", ""))
            self.left_out.append(f"{doctype} {self._numbers[doctype]}: {said}")
            name = ""
        return {"name": name}

    async def update(self, doctype: str, name: str, form: Mapping[str, Any]) -> None:
        """Set fields of a document; the same again changes nothing."""
        if name:
            await self.patience(lambda: self.client.update(doctype, name, dict(form)))

    def _mark(self, doctype: str, form: Mapping[str, Any]) -> tuple[str, str]:
        """What a document is found by: the field that names it, or its key."""
        kind, _, named_by = spec_of(doctype).naming.partition(":")
        if kind == "field":
            return named_by, str(form[named_by])
        assert not is_standard(doctype) or KEY in OURS[doctype], f"{doctype} has no key"
        slug = doctype.lower().replace(" ", "-")
        return KEY, f"{KEY_PREFIX}{slug}-{self._numbers[doctype]}"

    async def _insert_once(
        self, doctype: str, form: Mapping[str, Any], mark: tuple[str, str]
    ) -> str:
        column, value = mark
        found = await self._find(doctype, column, value)
        if found:
            return found
        try:
            stored = await self.client.insert(doctype, {**form, column: value})
        except ErpUnknownOutcome:
            found = await self._find(doctype, column, value)
            if found:
                return found
            raise
        return str(stored["name"])

    async def _find(self, doctype: str, column: str, value: str) -> str | None:
        rows = await self.client.rows(doctype, ["name"], filters=[(column, "=", value)], limit=1)
        return str(rows[0]["name"]) if rows else None
