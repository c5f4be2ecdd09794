"""What was just done, said once at the foot of the screen: saved, refused, and a way to undo it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from field_app.state.screen import Screen
from field_core.problems import Problem, ProblemError

Undo = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True, eq=False)
class Notice:
    """One thing to say: a text's key with its parameters, or a problem; perhaps with an undo."""

    key: str | None = None
    named: dict[str, object] = field(default_factory=dict)
    problem: Problem | None = None
    undo: Undo | None = None


class Notices(Screen):
    """Holds the last notice; a new one takes its place."""

    def __init__(self) -> None:
        super().__init__()
        self.current: Notice | None = None

    def say(self, key: str, *, undo: Undo | None = None, **named: object) -> None:
        """Say that something was done; `undo` takes it back as long as the notice stands."""
        self._show(Notice(key, named, undo=undo))

    def refuse(self, problem: Problem) -> None:
        """Say why something was not done."""
        self._show(Notice(problem=problem))

    def clear(self, notice: Notice | None = None) -> None:
        """Take a notice away; a given one only if it is still the one shown."""
        if self.current is not None and notice in (None, self.current):
            self._show(None)

    def dismiss(self) -> None:
        """Take away whatever is shown."""
        self.clear()

    async def take_back(self) -> None:
        """Undo what the notice offers to undo."""
        notice = self.current
        if notice is None or notice.undo is None:
            return
        self.clear()
        try:
            done = await notice.undo()
        except ProblemError as error:
            done = error.problem
        if isinstance(done, Problem):
            self.refuse(done)
        else:
            self.say("notice.undone")

    def _show(self, notice: Notice | None) -> None:
        self.current = notice
        self.changed()
