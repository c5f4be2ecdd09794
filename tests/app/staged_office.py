"""The office's word on customers' devices as a test says it: answers to calls, in their order."""

from dataclasses import dataclass, field

from field_app.sync.events import Event, Failed, FailureKind, Replied


@dataclass
class StagedOffice:
    """Away until a test gives answers; keeps what it was asked."""

    answers: dict[tuple[str, str], list[Event]] = field(default_factory=dict)
    asked: list[tuple[str, str, dict[str, object] | None]] = field(default_factory=list)

    async def call(self, method: str, path: str, body: dict[str, object] | None) -> Event:
        self.asked.append((method, path, body))
        left = self.answers.get((method, path))
        if not left:
            return Failed(0, FailureKind.UNREACHABLE)
        return left.pop(0) if len(left) > 1 else left[0]

    def says(self, method: str, path: str, *bodies: object, status: int = 200) -> None:
        """Have a call answered; the last answer stays."""
        self.answers[method, path] = [Replied(0, status, body) for body in bodies]
