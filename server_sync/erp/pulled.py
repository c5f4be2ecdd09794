"""Which documents of the ERP are pulled, and which of them only while they matter."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from field_core.doctypes import DOCTYPES

Triple = tuple[str, str, Any]


def _always(_row: Mapping[str, Any]) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Pulled:
    """One doctype: what the first import asks for, and which listed rows are wanted at all.

    A document that is held stays followed, wanted or not: an invoice that is paid must come out
    paid on the devices that hold it.
    """

    doctype: str
    filters: tuple[Triple, ...] = ()
    columns: tuple[str, ...] = ()
    wants: Callable[[Mapping[str, Any]], bool] = _always

    @property
    def is_partial(self) -> bool:
        """Whether only some of the doctype's documents are held."""
        return bool(self.filters)


_ISSUE_DONE: Final = ("Resolved", "Closed")


def _is_unpaid(row: Mapping[str, Any]) -> bool:
    return row.get("docstatus") == 1 and float(row.get("outstanding_amount") or 0) > 0


def _is_open(row: Mapping[str, Any]) -> bool:
    return row.get("status") not in _ISSUE_DONE


_PARTIAL: Final[Mapping[str, Pulled]] = {
    "Sales Invoice": Pulled(
        "Sales Invoice",
        (("docstatus", "=", 1), ("outstanding_amount", ">", 0)),
        ("docstatus", "outstanding_amount"),
        _is_unpaid,
    ),
    "Issue": Pulled("Issue", (("status", "not in", list(_ISSUE_DONE)),), ("status",), _is_open),
}
_NOT_PULLED: Final = frozenset({"Payment Entry"})
"""Read where they are needed; 100,000 of them are of no use to anybody in the field."""

PULLED: Final[Mapping[str, Pulled]] = {
    doctype: _PARTIAL.get(doctype, Pulled(doctype))
    for doctype, spec in DOCTYPES.items()
    if spec.is_in_erp and doctype not in _NOT_PULLED
}
"""In the order of DOCTYPES, in which links point backwards."""

REFERENCED: Final = (("Dispatch Job", "issue", "Issue"),)
"""Documents of a partial doctype that are wanted because another one points at them."""
