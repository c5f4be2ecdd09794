"""The documents while they are being made: each gets the name an empty ERP will give it."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from field_core.canon import Body, Json
from field_core.doctypes import DOCTYPES


class Book:
    """Documents by doctype, in the order in which they will be inserted."""

    def __init__(self, today: date) -> None:
        self._year = f"{today:%Y}"
        self._pages: dict[str, dict[str, Body]] = {
            doctype: {} for doctype, spec in DOCTYPES.items() if spec.is_in_erp
        }

    def add(self, doctype: str, body: Mapping[str, Json]) -> str:
        """Add a document; return its name. Members that are null are left out."""
        page = self._pages[doctype]
        name = self._name(doctype, body, len(page) + 1)
        assert name not in page, f"two documents of {doctype} are called {name}"
        page[name] = {"name": name, **{k: v for k, v in body.items() if v is not None}}
        return name

    def amend(self, doctype: str, name: str, **values: Json) -> None:
        """Set fields of a document that is already there."""
        self._pages[doctype][name].update(values)

    def get(self, doctype: str, name: str) -> Body:
        """Return one document."""
        return self._pages[doctype][name]

    def pages(self) -> Mapping[str, tuple[Body, ...]]:
        """Return everything, doctypes in an order in which links point backwards."""
        return {doctype: tuple(page.values()) for doctype, page in self._pages.items()}

    def _name(self, doctype: str, body: Mapping[str, Json], number: int) -> str:
        naming = DOCTYPES[doctype].naming
        if naming.startswith(_FIELD):
            return str(body[naming.removeprefix(_FIELD)])
        parts = (self._year if part == "YYYY" else part for part in naming.split("."))
        return "".join(f"{number:0{len(part)}d}" if set(part) == {"#"} else part for part in parts)


_FIELD: Final = "field:"
