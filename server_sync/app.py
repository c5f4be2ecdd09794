"""The ASGI application of a production server: `server_sync.app:create_app(settings)`."""

from starlette.applications import Starlette

from server_sync.compose import create
from server_sync.settings import Settings


def create_app(settings: Settings) -> Starlette:
    """Return the application that a server process runs."""
    return create(settings).app
