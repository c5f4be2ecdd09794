"""Sites as they were recorded."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from server_sync.embedded_erp.settings import Flavour
from tests.contract.erp_recordings.field_site import FieldSite
from tests.contract.erp_recordings.recorded_site import Clock, open_site
from tests.contract.erp_recordings.sending import Sender

OpenSite = Callable[[Flavour], Sender]


@pytest.fixture
def site_of() -> Iterator[OpenSite]:
    """A function that opens an empty site of a flavour."""
    opened: list[Sender] = []

    def opener(flavour: Flavour) -> Sender:
        clock = Clock()
        opened.append(Sender(open_site(flavour, clock), clock))
        return opened[-1]

    yield opener
    for sender in opened:
        sender.erp.close()


@pytest.fixture
def site() -> Iterator[FieldSite]:
    """An empty small site."""
    opened = FieldSite()
    yield opened
    opened.erp.close()
