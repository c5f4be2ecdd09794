"""A device document as a tree that answers every question: what is not there is an empty leaf.

Objects nest by path part; a leaf is `{"_value", "_type", "_timestamp", …}`. A name may be known
with no `_value`. Paths are written with dots; `*` stands for every instance, in the order of their
numbers, and a leading `^` for one part up.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from field_core.canon import Json
from field_core.cpe import parsing

_NOTHING: Final[Mapping[str, Json]] = {}


@dataclass(frozen=True, slots=True)
class Leaf:
    """One parameter: its value as stored, its full path, when the ACS last read it."""

    value: Json
    path: str
    read_at: str | None = None

    @property
    def is_empty(self) -> bool:
        """The parameter says nothing: unknown, without a value, an empty text."""
        return parsing.is_empty(self.value)


class Tree:
    """An object of a document, already redacted."""

    __slots__ = ("_body", "parent", "path")

    def __init__(self, body: Json, path: str = "", parent: "Tree | None" = None) -> None:
        """Look at `body`, which stands at `path`."""
        self._body: Mapping[str, Json] = body if isinstance(body, dict) else _NOTHING
        self.path = path
        self.parent = parent

    def __bool__(self) -> bool:
        return bool(self._body)

    def at(self, path: str) -> "Tree":
        """Return the object at a path below, or above by `^`; an empty one when there is none."""
        here = self
        while path.startswith("^"):
            here, path = here.parent or here, path[1:]
        for part in path.split(".") if path else ():
            here = here.child(part)
        return here

    def child(self, name: str) -> "Tree":
        """Return the object of a name right below."""
        return Tree(self._body.get(name), f"{self.path}.{name}" if self.path else name, self)

    def each(self, pattern: str) -> list["Tree"]:
        """Return the objects that a path with `*` reaches, instances in the order of numbers."""
        head, star, rest = pattern.partition("*")
        above = self.at(head.rstrip("."))
        if not star:
            return [above] if above else []
        found = (above.child(number) for number in above.numbers())
        return [tree for one in found for tree in one.each(rest.lstrip("."))]

    def numbers(self) -> list[str]:
        """Return the numbers of the instances below, in order."""
        numbers = [name for name in self._body if name.isascii() and name.isdigit()]
        return sorted(numbers, key=lambda name: (len(name), name))

    @property
    def number(self) -> str:
        """The last part of the path: the instance's number."""
        return self.path.rpartition(".")[2]

    def knows(self, path: str) -> bool:
        """Tell whether the name is in the document, with or without a value."""
        return bool(self.at(path))

    def member(self, name: str) -> Leaf:
        """Return a member of the ACS's own (`_lastInform`), which is a plain value."""
        here = f"{self.path}.{name}" if self.path else name
        return Leaf(self.scalar(name), here)

    def scalar(self, name: str) -> Json:
        """Return a member that is a plain value."""
        value = self._body.get(name)
        return None if isinstance(value, (dict, list)) else value

    def leaf(self, path: str) -> Leaf:
        """Return the parameter at a path."""
        here = self.at(path)
        read_at = here.scalar("_timestamp")
        return Leaf(here.scalar("_value"), here.path, read_at if isinstance(read_at, str) else None)

    def first(self, *paths: str) -> Leaf:
        """Return the first parameter that says anything; the last one asked when none does."""
        leaf = Leaf(None, self.path)
        for path in paths:
            leaf = self.leaf(path)
            if not leaf.is_empty:
                return leaf
        return leaf
