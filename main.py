"""Entry point that Flet's builders look for at the root of the packaged folder."""

from field_app.cli import main

main(["window"])
