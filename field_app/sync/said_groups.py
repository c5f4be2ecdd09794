"""Several operations that are one act, in one sentence: a device swapped, a signature taken."""

from collections.abc import Sequence
from typing import NamedTuple

from field_app.saying import Counted, Part, Sentence
from field_app.sync.said_values import device_of
from field_app.sync.sentences import sentence_of
from field_core.canon import Body

_DEVICE = "Service Equipment"


class Told(NamedTuple):
    """One operation with what it is about."""

    operation: Body
    doctype: str
    document: Body | None

    @property
    def kind(self) -> object:
        """What kind of operation it is."""
        return self.operation.get("kind")

    @property
    def sentence(self) -> Sentence:
        """What it did."""
        return sentence_of(self.operation, self.doctype, self.document)


def act_of(parts: Sequence[Told]) -> Sentence:
    """Say an act of one or several operations."""
    if len(parts) == 1:
        return parts[0].sentence
    return _devices(parts) or _signature(parts) or _first_and_more(parts)


def _devices(parts: Sequence[Told]) -> Sentence | None:
    """An act on devices is told by the devices; the rows on the job only repeat it."""
    created = [p for p in parts if p.kind == "create" and p.doctype == _DEVICE]
    edited = [p for p in parts if p.kind == "set" and p.doctype == _DEVICE]
    if created and edited:
        old, new = edited[0], created[0]
        named: dict[str, Part] = {
            "old": device_of(old.document or {}),
            "new": device_of(_made(new.operation)),
        }
        return Sentence("said.device.swapped", named)
    told = created or edited
    return told[0].sentence if len(told) == 1 else None


def _made(operation: Body) -> Body:
    body = operation.get("body")
    return body if isinstance(body, dict) else {}


def _signature(parts: Sequence[Told]) -> Sentence | None:
    signed = [p.sentence for p in parts if p.sentence.key == "said.signed"]
    return signed[0] if signed else None


def _first_and_more(parts: Sequence[Told]) -> Sentence:
    """The last part is what the act was for: what ended before it only made room."""
    more = Counted("said.more", len(parts) - 1)
    return Sentence("said.group", {"first": parts[-1].sentence, "more": more})
