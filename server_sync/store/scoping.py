"""Why each audience holds each document: the reasons, one row for each root that reaches it.

Runs under the numbering lock, so that two transactions that each saw half of the world do not
both conclude that a document has to stay, or to go.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete, insert, select

from field_core.links import Link
from server_sync.scope import Known, Reader, ScopeRule
from server_sync.store.batches import rows_in, write
from server_sync.store.documents import Doc
from server_sync.store.schema import scope_ref

Place = tuple[str, str]
"""An audience and the key of a document."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A document as it will be and as it was."""

    after: Doc
    before: Doc | None
    moves_scope: bool = True
    """Whether links, audiences or reach may be others than before (see `moves_scope`)."""
    text: str | None = None
    """The body as it is stored, if it is another one than before."""


class Scoping:
    """The reasons, brought up to date for one transaction."""

    def __init__(self, connection: Connection, *, reader: Reader, rule: ScopeRule) -> None:
        self._connection = connection
        self._reader = reader
        self._rule = rule

    def rescope(self, changed: Iterable[Changed], rescoped: Iterable[str]) -> set[Place]:
        """Recompute the reasons of every root concerned; return the places that moved."""
        roots = self._roots_concerned(changed, rescoped)
        had: dict[str, set[Place]] = {key: set() for key in roots}
        for row in rows_in(self._connection, _REFS_OF_ROOTS, roots):
            had[row.root].add((row.audience, row.key))
        wanted = {key: self._wanted(root) if root else set() for key, root in roots.items()}
        write(
            self._connection,
            _DROP_REF,
            [
                {"b_a": a, "b_k": k, "b_r": root}
                for root in roots
                for a, k in had[root] - wanted[root]
            ],
        )
        write(
            self._connection,
            _ADD_REF,
            [
                {"audience": a, "key": k, "root": root}
                for root in roots
                for a, k in wanted[root] - had[root]
            ],
        )
        return {place for root in roots for place in wanted[root] ^ had[root]}

    def reasons(self, keys: Iterable[str]) -> set[Place]:
        """Return every place of these documents that there is a reason for."""
        return {(row.audience, row.key) for row in rows_in(self._connection, _REASONS, keys)}

    def _roots_concerned(
        self, changed: Iterable[Changed], rescoped: Iterable[str]
    ) -> dict[str, Known | None]:
        moved = [_last_seen(one) for one in changed if one.moves_scope]
        keys = {*rescoped, *(d.key for d in moved if self._rule.is_root(d.doctype))}
        for document in moved:
            keys.update(k.key for k in self._rule.roots_near(document.known, self._reader))
        keys.update(
            row.root for row in rows_in(self._connection, _ROOTS_OF_KEYS, (d.key for d in moved))
        )
        found = {k.key: k for k in self._reader.find_all(Link("", "", key) for key in keys)}
        return {key: found.get(key) for key in sorted(keys)}

    def _wanted(self, root: Known) -> set[Place]:
        audiences = self._rule.audiences(root, self._reader)
        reach = self._rule.reach(root, self._reader) if audiences else set()
        return {(audience, key) for audience in audiences for key in reach}


def _last_seen(one: Changed) -> Doc:
    """Return the document as it is, or as it was before it was removed: whom it concerned then."""
    return one.before if one.after.body is None and one.before else one.after


def moves_scope(after: Doc, before: Doc | None, rule: ScopeRule) -> bool:
    """Tell whether a change could alter links, who holds the document, or what it carries."""
    if before is None or before.body is None or after.body is None:
        return True
    if before.erp_name != after.erp_name:
        return True
    return rule.signature(before.doctype, before.body) != rule.signature(after.doctype, after.body)


_REFS_OF_ROOTS = select(scope_ref).where(scope_ref.c.root.in_(bindparam("v", expanding=True)))
_ROOTS_OF_KEYS = (
    select(scope_ref.c.root).where(scope_ref.c.key.in_(bindparam("v", expanding=True))).distinct()
)
_REASONS = (
    select(scope_ref.c.audience, scope_ref.c.key)
    .where(scope_ref.c.key.in_(bindparam("v", expanding=True)))
    .distinct()
)
_ADD_REF = insert(scope_ref)
_DROP_REF = delete(scope_ref).where(
    scope_ref.c.audience == bindparam("b_a"),
    scope_ref.c.key == bindparam("b_k"),
    scope_ref.c.root == bindparam("b_r"),
)
