"""The doctypes of one site, by name, and who links to whom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from server_sync.embedded_erp.errors import unknown_doctype
from server_sync.embedded_erp.forms import Form
from server_sync.embedded_erp.meta import TABLE_TYPES, DocField, DocPerm, DocType
from server_sync.embedded_erp.settings import Flavour

_FORMS_KEPT = 256
"""Compiled doctypes kept for the next site of the process: a few sites' worth."""


@dataclass(frozen=True, slots=True)
class Link:
    """A Link field found in some doctype, seen from the doctype it points to."""

    holder: str
    field: DocField


class Forms:
    """Every doctype of a site, compiled on first use, and who links to whom."""

    def __init__(self, doctypes: Iterable[DocType], flavour: Flavour) -> None:
        self._flavour = flavour
        self._doctypes = {doctype.name: doctype for doctype in doctypes}
        self._forms: dict[str, Form] = {}
        self._links: dict[str, tuple[Link, ...]] | None = None
        self._permissions: dict[str, tuple[DocPerm, ...]] = {}

    def __iter__(self) -> Iterator[DocType]:
        return iter(self._doctypes.values())

    def __contains__(self, name: str) -> bool:
        return name in self._doctypes

    def get(self, name: str) -> Form:
        """The form of doctype `name`. Raises ErpError 500 ImportError, like a site."""
        form = self._forms.get(name)
        if form is None:
            if name not in self._doctypes:
                raise unknown_doctype(name)
            compiled = _compiled(self._doctypes[name], self._flavour)
            form = self._forms[name] = compiled.within(self, self._permissions.get(name, ()))
        return form

    def permit(self, name: str, permissions: tuple[DocPerm, ...]) -> None:
        """Put custom permissions in the place of a doctype's own; none: its own count again."""
        if permissions:
            self._permissions[name] = permissions
        else:
            self._permissions.pop(name, None)
        self._forms.clear()

    def put(self, doctype: DocType) -> None:
        """Add or replace a doctype."""
        self._doctypes[doctype.name] = doctype
        self._forms.clear()
        self._links = None

    def links_to(self, name: str) -> tuple[Link, ...]:
        """Every Link field, of any doctype, that points to doctype `name`."""
        if self._links is None:
            self._links = _collect_links(self._doctypes.values())
        return self._links.get(name, ())

    def parents_of(self, child: str) -> list[tuple[str, str]]:
        """(doctype, table field) pairs whose rows are of doctype `child`."""
        return [
            (doctype.name, item.fieldname)
            for doctype in self._doctypes.values()
            for item in doctype.fields
            if item.fieldtype in TABLE_TYPES and item.options == child
        ]


@lru_cache(_FORMS_KEPT)
def _compiled(doctype: DocType, flavour: Flavour) -> Form:
    return Form(doctype, flavour)


def _collect_links(doctypes: Iterable[DocType]) -> dict[str, tuple[Link, ...]]:
    found: dict[str, list[Link]] = {}
    for doctype in doctypes:
        for item in doctype.fields:
            if item.fieldtype == "Link" and item.options:
                found.setdefault(item.options, []).append(Link(doctype.name, item))
    return {target: tuple(links) for target, links in found.items()}
