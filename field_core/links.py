"""Which documents a document points at, by doctype and name (or by key, for one made offline)."""

from collections.abc import Iterator
from typing import NamedTuple

from field_core.canon import Body
from field_core.doctypes.registry import Spec


class Link(NamedTuple):
    """A pointer: the field it stands in, and the doctype and name (or key) it names."""

    field: str
    doctype: str
    target: str


def links_of(spec: Spec, body: Body) -> Iterator[Link]:
    """Yield every link that a document and its child rows hold."""
    for name, doctype in spec.links.items():
        target = body.get(name)
        if isinstance(target, str) and target:
            yield Link(name, doctype, target)
    for name, inner in spec.linking.items():
        rows = body.get(name)
        for row in rows if isinstance(rows, list) else []:
            if isinstance(row, dict):
                yield from (
                    link._replace(field=f"{name}.{link.field}") for link in links_of(inner, row)
                )
