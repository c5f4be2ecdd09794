"""Has labels read by the server, one at a time, the job that is open on the screen first."""

from collections.abc import Callable

Forget = Callable[[], None]


class LabelReader:
    """The readings under way."""

    def __init__(self) -> None:
        self._listeners: list[Callable[[], None]] = []
        self._preferred: str | None = None

    def prefer(self, job: str | None) -> None:
        """Have the readings of a job that is open on the screen go first; None: no job is."""
        self._preferred = job

    def on_change(self, listener: Callable[[], None]) -> Forget:
        """Have every reading's progress told on the loop; returns what ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)
