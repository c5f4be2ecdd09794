"""An offered job: asked for, left, lost; it is mine only once the server says so."""

from collections.abc import Callable
from enum import StrEnum

from field_app.ports import Acting, JobDetail
from field_app.state.workspace import Workspace
from field_core.instants import ms_to_text
from field_core.offers import ACCEPT, DECLINE, answer_of, is_offered
from field_core.operations import Operation


class OfferState(StrEnum):
    """Where an offer stands for this person."""

    NONE = "none"
    """No offer: somebody has the job, or nobody offers it."""
    OPEN = "open"
    REQUESTED = "requested"
    """Asked for here; the first that the server receives has it."""
    DECLINED = "declined"
    OVER = "over"


class Offer:
    """What an open job says as an offer."""

    def __init__(self, workspace: Workspace, detail: JobDetail) -> None:
        self._workspace = workspace
        self._detail = detail

    @property
    def state(self) -> OfferState:
        """Where it stands."""
        body = self._detail.body
        if body.get("assigned_technician") or not body.get("offered_until"):
            return OfferState.NONE
        answer = answer_of(body, self._workspace.account.person.technician)
        if answer == ACCEPT:
            return OfferState.REQUESTED
        if not is_offered(body, now=ms_to_text(self._workspace.now_ms())):
            return OfferState.OVER
        return OfferState.DECLINED if answer == DECLINE else OfferState.OPEN

    @property
    def until(self) -> str:
        """When it ends, as the document writes it."""
        return str(self._detail.body.get("offered_until") or "")

    @property
    def may_answer(self) -> bool:
        """Whether accepting still makes sense."""
        return self.state in (OfferState.OPEN, OfferState.DECLINED)

    async def accept(self) -> None:
        """Ask for the job."""
        key = self._detail.row.key
        await self._workspace.act(
            lambda acts: acts.accept_offer(key),
            said="offer.requested.saved",
            undo=_taken_back,  # type: ignore[misc]  # an alias of a union stays one to us, not to mypy
        )

    async def decline(self, reason: str | None) -> None:
        """Leave it to others."""
        key = self._detail.row.key
        await self._workspace.act(
            lambda acts: acts.decline_offer(key, reason),
            said="offer.declined.saved",
            undo=_taken_back,  # type: ignore[misc]  # an alias of a union stays one to us, not to mypy
        )


def _taken_back(made: Operation) -> Callable[[Acting], object]:
    """An answer that has not left the device is withdrawn; one that has stands."""
    return lambda acts: acts.undo(made, reason="")
