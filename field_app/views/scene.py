"""What every drawing function is given: words, look, shape of the window, the clock."""

from collections.abc import Callable
from dataclasses import dataclass

from field_app.i18n import Words
from field_app.theme import STACKED_ABOVE, Look, Palette


@dataclass(frozen=True, slots=True)
class Scene:
    """How to draw, for this person on this screen."""

    words: Words
    look: Look
    is_wide: bool
    """Whether list and detail stand side by side."""
    now_ms: Callable[[], int]

    @property
    def palette(self) -> Palette:
        """The colours."""
        return self.look.palette

    @property
    def is_stacked(self) -> bool:
        """Whether what else stands side by side must stand below: large text on a phone."""
        return not self.is_wide and self.look.scale > STACKED_ABOVE

    def ago(self, unix_ms: int) -> str:
        """Say how long ago an instant was."""
        return self.words.age(max(0, self.now_ms() - unix_ms))
