"""`server-sync`: serve, and what an operator does around it; a module per group of commands."""

from server_sync.cli.main import main

__all__ = ["main"]
