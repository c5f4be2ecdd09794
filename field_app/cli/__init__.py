"""`field-app`: the app without its window, for support and scripts; and what opens the window."""

from field_app.cli.main import main

__all__ = ["main"]
