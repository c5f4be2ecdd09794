"""What asks the server beside the engine, under the session of whoever syncs the account."""

from functools import partial
from typing import Final

from field_app.compose.live import Live
from field_app.compose.machine import Machine
from field_app.sync.events import Hinted
from field_app.sync.fetching import PhotoFetcher
from field_app.sync.granted import Granted
from field_app.sync.kept import KeptAnswers
from field_app.sync.remote import RemoteDesk
from field_app.sync.status import Phase

RENEWED_S_MAX: Final = 10.0
"""A person waits for what they look at; who has no answer by then is told so."""


def make_remote(machine: Machine, live: Live) -> RemoteDesk:
    """Return the port `Remote` of a live account."""
    return RemoteDesk(
        live.transport,
        KeptAnswers(live.account.folder.kept),
        _granted(machine, live),
        now_ms=machine.clock.now_ms,
    )


def make_fetcher(machine: Machine, live: Live) -> PhotoFetcher:
    """Return the port `Fetching` of a live account."""
    return PhotoFetcher(
        live.transport,
        live.account.fetched,
        _granted(machine, live),
        is_held=machine.are_photos_held,
        look=partial(live.runner.post, Hinted()),
    )


def _granted(machine: Machine, live: Live) -> Granted:
    def access() -> str | None:
        if live.runner.status.phase is not Phase.ELSEWHERE:
            return live.runner.access
        session = machine.session(live.account.folder)
        return str(session["access"]) if session else None

    return Granted(access=access, renew=partial(live.runner.sync_now, RENEWED_S_MAX))
