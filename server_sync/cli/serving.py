"""Serving: the sync server, the embedded ERP alone, and the description of what is served."""

import argparse
import json
import sys
from contextlib import closing
from typing import Any, Final

import uvicorn

from server_sync.cli.command import Commands, add
from server_sync.cli.demo import make_demo
from server_sync.compose import create
from server_sync.settings import Settings, lacking

KEEPALIVE_S: Final = 75
"""Longer than a phone's pause between two exchanges, so that one connection serves both."""


def add_commands(commands: Commands) -> None:
    """Add `serve` and `openapi`."""
    one = add(commands, "serve", serve)
    one.add_argument("--host")
    one.add_argument("--port", type=int)
    one.add_argument("--demo", action="store_true", help="with the demo company")
    add(commands, "openapi", openapi)


def serve(arguments: argparse.Namespace, settings: Settings) -> int:
    """Serve until told to stop."""
    settings = _with(
        settings,
        server_host=arguments.host,
        server_port=arguments.port,
        demo=arguments.demo or settings.demo,
    )
    if settings.demo and not settings.erpnext_url:
        make_demo(settings)
    for name, meaning in lacking(settings):
        print(f"{name} is not set: {meaning}", file=sys.stderr)
    server = create(settings)
    uvicorn.run(
        server.app,
        host=settings.server_host,
        port=settings.server_port,
        server_header=False,
        proxy_headers=False,  # `Peers` believes them, from PROXY_NETWORKS alone
        access_log=False,
        log_level="warning",
        timeout_keep_alive=KEEPALIVE_S,
        timeout_graceful_shutdown=5,
    )
    return 0


def _with(settings: Settings, **changes: Any) -> Settings:  # noqa: ANN401  # values of settings of several types
    given = {name: value for name, value in changes.items() if value is not None}
    return Settings.model_validate({**settings.model_dump(), **given})


def openapi(_arguments: argparse.Namespace, settings: Settings) -> int:
    """Print the OpenAPI document."""
    with closing(create(settings)) as server:
        print(json.dumps(server.app.openapi, indent=1, ensure_ascii=False))
    return 0
