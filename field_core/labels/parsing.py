"""From the texts of a label to the identity of its device: one parser for both programs (SC-08)."""

from collections.abc import Collection, Iterable, Iterator
from typing import Final

from field_core.labels.candidates import Answer, Candidate
from field_core.labels.choosing import choose
from field_core.labels.keys import Key, Piece, key_of, pieces
from field_core.labels.model import (
    Label,
    LabelText,
    Provenance,
    Refused,
    Scanned,
    Wifi,
    bare_set,
)
from field_core.labels.payloads import Pair, iso_15434, json_pairs, query_pairs, wifi
from field_core.labels.shapes import read

TEXTS_MAX: Final = 200
"""More than a sheet of labels holds."""
CHARACTERS_MAX: Final = 4_300
"""A QR holds 4,296 letters and digits (ISO/IEC 18004, 7.1); a page of OCR of a label has less."""

Text = str | LabelText | Scanned


def parse_label(texts: Iterable[Text], *, known: Iterable[str] = ()) -> Label:
    """Return what the texts of one label say of its device; never raises.

    A plain `str` is taken as OCR, the least certain; codes of the scanner as they come. `known`
    are identities that the technician is likely to hold: what looks alike is settled by them.
    """
    sources = [_source(text) for _, text in zip(range(TEXTS_MAX), texts, strict=False)]
    cut = [(piece, source) for source in sources for piece in _cut(source.text)]
    answers = [answer for piece, source in cut for answer in read(piece, source)]
    network = _network(sources, [piece for piece, _ in cut])
    found, others = choose(
        _candidates(answers),
        ssid=network.ssid if network else "",
        known=bare_set(known),
    )
    return Label(found, tuple(others), tuple(_refusals(answers)), network)


def _source(text: Text) -> LabelText:
    """Take anything that may be given as a text with its provenance, no longer than a label's."""
    if isinstance(text, str):
        return LabelText(text[:CHARACTERS_MAX])
    if isinstance(text, LabelText):
        return LabelText(text.text[:CHARACTERS_MAX], text.provenance, text.symbology)
    return LabelText(text.text[:CHARACTERS_MAX], Provenance.BARCODE, str(text.symbology))


def _cut(text: str) -> list[Piece]:
    """Cut a text by its form: Wi-Fi, ISO 15434, JSON, a web address, or names before values."""
    if wifi(text) is not None:
        return []
    message = iso_15434(text)
    if message is not None:
        return [piece for pair in message for piece in _piece_of(pair)]
    named = json_pairs(text)
    if named is None:
        named = query_pairs(text)
    return pieces(text) if named is None else [p for pair in named for p in _piece_of(pair)]


def _piece_of(pair: Pair) -> Iterator[Piece]:
    name, value = pair
    key = key_of(name) if name else Key.NONE
    if key is not Key.NONE or not name:
        yield Piece(key, value)


def _network(sources: Iterable[LabelText], cut: Collection[Piece]) -> Wifi | None:
    """Return the network of a Wi-Fi QR, else the one whose name is printed."""
    told = next((network for source in sources if (network := wifi(source.text))), None)
    name = next((piece.text for piece in cut if piece.key is Key.SSID), "")
    key = next((piece.text for piece in cut if piece.key is Key.WIFI_KEY), "")
    return told or (Wifi(name, key) if name else None)


def _refusals(answers: Iterable[Answer]) -> list[Refused]:
    """Tell each once, and none of what is a value after all in another place."""
    told: list[Refused] = []
    for answer in answers:
        if isinstance(answer, Refused) and answer not in told:
            told.append(answer)
    return told


def _candidates(answers: Iterable[Answer]) -> Iterator[Candidate]:
    return (answer for answer in answers if isinstance(answer, Candidate))
