"""The codes of a picture, with every decoder that is installed here; phones lack the best one."""

from collections.abc import Callable, Sequence
from typing import Final

from field_codes.codes import Code
from field_codes.framing import frame_of
from field_codes.reading import read
from field_core.labels import Provenance, parse_label
from field_core.ocr import OcrReply, OcrText, harmless
from field_core.problems import ProblemError

BUDGET_S: Final = 1.5
"""Of the eight seconds of an attempt; a device's own pass had half of it."""
PICTURE_BYTES_MAX: Final = 6_000_000
"""Ten times what a device sends for this; a photo as it came from a camera passes too."""


def codes_in(content: bytes, *, now_s: Callable[[], float]) -> OcrReply:
    """Return what the codes of a picture say, and where they are.

    Raises ProblemError `photo-…` or `too-large`.
    """
    if len(content) > PICTURE_BYTES_MAX:
        raise ProblemError("too-large", limit_bytes=PICTURE_BYTES_MAX)
    found = read(content, now_s=now_s, enough=_identify, budget_s=BUDGET_S)
    texts = [
        OcrText(text=code.text, provenance=Provenance.BARCODE, symbology=code.symbology.value)
        for code in found.codes
    ]
    return OcrReply(texts=harmless(texts), place=frame_of(found.codes, found.size))


def _identify(codes: Sequence[Code]) -> bool:
    """A label is read when it tells its MAC and a serial: what a step can ask for."""
    label = parse_label(codes)
    return label.mac is not None and (label.gpon_serial or label.serial) is not None
