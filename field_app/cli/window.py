"""Opening the app: its own window, or a page that a browser on this machine shows."""

import argparse

from field_app.cli.console import Console, Exit
from field_app.compose.asking import MachineEntry


def window(console: Console, _args: argparse.Namespace) -> Exit:
    """Open the app's window."""
    from field_app.views import app  # noqa: PLC0415 - commands for scripts start without the GUI

    app.open_window(MachineEntry(console.machine), console.words, console.machine.clock.now_ms)
    return Exit.DONE


def web(console: Console, args: argparse.Namespace) -> Exit:
    """Serve the app to a browser on this machine."""
    from field_app.views import app  # noqa: PLC0415 - see window

    machine = console.machine.with_settings(server=args.server, web_port=args.port)
    host, port = machine.settings.web_host, machine.settings.web_port
    console.say(console.words("web.address", host=host, port=port))
    console.out.flush()
    app.serve(MachineEntry(machine), console.words, machine.clock.now_ms, host=host, port=port)
    return Exit.DONE
