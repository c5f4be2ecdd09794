"""The server's face: routes, bodies, problems; every decision is made behind it."""

from server_sync.http.application import make_application
from server_sync.http.context import Context

__all__ = ["Context", "make_application"]
