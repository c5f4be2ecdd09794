"""What a person chose, at work at once in every window of this program."""

from dataclasses import replace
from typing import Any

from field_app.ports import PreferenceKeeping, Preferences
from field_app.state.screen import Screen
from field_core.problems import ProblemError


class Preferred(Screen):
    """Holds the preferences; a change is seen even when the disk could not keep it."""

    def __init__(self, keeping: PreferenceKeeping) -> None:
        super().__init__()
        self._keeping = keeping
        self.value: Preferences = keeping.read()

    def change(self, **chosen: Any) -> None:  # noqa: ANN401 - fields of Preferences
        """Choose something else; what others wrote to the file meanwhile stays."""
        shown = replace(self.value, **chosen)
        try:
            self._keeping.write(replace(self._keeping.read(), **chosen))
        except ProblemError as error:
            self.problem = error.problem
        else:
            self.problem = None
        self.value = shown
        self.changed()
