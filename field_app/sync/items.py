"""Items that a visit may use up, found as people search: without accents, by any word."""

import unicodedata
from typing import Any, Final

from field_app.ports import ItemRow
from field_app.sync.labels import text_of
from field_app.sync.replica import Replica
from field_core.canon import Body

ITEMS_MAX: Final = 40
_MATERIAL: Final = "mat"
"""Groups whose name begins so (“Matériel”, “Materials”) come first: they are what is used up."""
_NEVER_USED: Final = ("forfait", "rabais", "frais", "téléphonie", "plan", "discount", "charge")


def items(replica: Replica, typed: str) -> list[ItemRow]:
    """Return items that a visit may use up, material first; plans and charges are none."""
    words = _plain(typed).split()
    every = [item_of(body) for _, body in replica.documents("Item") if not body.get("disabled")]
    fitting = [
        item
        for item in every
        if not _plain(item.group).startswith(tuple(map(_plain, _NEVER_USED)))
        and all(word in _plain(f"{item.code} {item.name} {item.group}") for word in words)
    ]
    fitting.sort(key=lambda i: (not _plain(i.group).startswith(_MATERIAL), _plain(i.name)))
    return fitting[:ITEMS_MAX]


def item_of(body: Body) -> ItemRow:
    """Return an item as lists show it."""
    code = text_of(body, "item_code") or text_of(body, "name")
    return ItemRow(
        code=code,
        name=text_of(body, "item_name") or code,
        group=text_of(body, "item_group"),
        uom=text_of(body, "stock_uom"),
    )


def _plain(text: str) -> str:
    """Return a text as people search for it: small letters, no accents."""
    apart: Any = unicodedata.normalize("NFD", text.casefold())
    return "".join(c for c in apart if not unicodedata.combining(c))
