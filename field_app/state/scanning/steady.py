"""The codes of a camera's stream: what enough frames agree on, and when that is enough."""

from collections import Counter
from typing import Final

from field_app.ports import ReadCode, Sight
from field_core.labels import Label, parse_label

FRAMES_NEEDED: Final = 2
"""Equal reads of what has no check of its own: a wrong serial is worse than none."""
FRAMES_MORE: Final = 3
"""After a device is known, for the other codes of its label: about a second."""


def is_whole(label: Label) -> bool:
    """Tell whether a label gave all that is asked of one: the MAC and a serial."""
    return label.mac is not None and (label.gpon_serial or label.serial) is not None


class Steady:
    """Gathers what frames show of one label."""

    def __init__(self) -> None:
        self._seen: Counter[tuple[str, str]] = Counter()
        self._codes: dict[tuple[str, str], ReadCode] = {}
        self._since_known = 0

    def add(self, sight: Sight) -> None:
        """Take in one frame."""
        for code in sight.codes:
            fact = (str(code.symbology), code.text)
            self._seen[fact] += 1
            self._codes[fact] = code
        if self.label.identifies:
            self._since_known += 1

    @property
    def codes(self) -> list[ReadCode]:
        """What counts: read twice, or with a check of its own."""
        return [
            code
            for fact, code in self._codes.items()
            if code.is_checked or self._seen[fact] >= FRAMES_NEEDED
        ]

    @property
    def label(self) -> Label:
        """What they say."""
        return parse_label(self.codes)

    @property
    def is_enough(self) -> bool:
        """Whether a person need not hold still any longer."""
        return is_whole(self.label) or self._since_known > FRAMES_MORE
