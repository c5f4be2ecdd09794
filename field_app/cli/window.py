"""Opening the app: its own window, or a page that a browser on this machine shows."""

import argparse
import base64
import signal
import webbrowser
from typing import Final, NoReturn

from field_app.cli.console import Console, Exit
from field_app.compose.asking import MachineEntry
from field_app.device import logs, product
from field_app.device.uploads import open_uploads
from field_app.theme import PALETTES

TOKEN_BYTES: Final = 24
"""192 bits: nobody guesses it while the program runs, and the address still fits a line."""


def window(console: Console, _args: argparse.Namespace) -> Exit:
    """Open the app's window."""
    from field_app.views import app  # noqa: PLC0415 - commands for scripts start without the GUI

    machine = console.machine
    logs.start(machine.log_dir)
    entry = MachineEntry(machine, version=product.version())
    app.open_window(app.make_main(entry, entry, console.words, machine.clock.now_ms))
    return Exit.DONE


def web(console: Console, args: argparse.Namespace) -> Exit:
    """Serve the app to a browser on this machine, and say the one address that opens it."""
    from field_app.views import app, standing_page, web  # noqa: PLC0415 - see window

    machine = console.machine.with_settings(server=args.server, web_port=args.port)
    host, port = machine.settings.web_host, machine.settings.web_port
    try:
        listener = web.listen(host, port)
    except web.NotLoopbackError:
        console.warn(console.words("web.not-loopback", host=host))
        return Exit.USAGE
    except web.PortTakenError:
        console.warn(console.words("web.port-taken", port=port))
        return Exit.REFUSED
    token = machine.settings.web_token or _text(machine.ids.bytes(TOKEN_BYTES))
    _tell(console, host, listener.getsockname()[1], token, is_opening=args.open)
    logs.start(machine.log_dir)
    open_uploads(machine.data_dir)
    entry = MachineEntry(machine, version=product.version())
    main = app.make_main(entry, entry, console.words, machine.clock.now_ms)

    def dress(page: bytes) -> bytes:
        """Speak and look as the person chose, who may choose otherwise while this runs."""
        chosen = entry.read()
        words = console.words.spoken_in(chosen.language or entry.language)
        return standing_page.dressed(page, words, PALETTES[chosen.mode])

    signal.signal(signal.SIGTERM, _interrupt)
    web.serve(
        web.application(main),
        listener,
        token=token,
        refusal=console.words("web.closed"),
        dress=dress,
        closed=entry.close,
    )
    return Exit.DONE


def _tell(console: Console, host: str, port: int, token: str, *, is_opening: bool) -> None:
    named = f"[{host}]" if ":" in host else host
    address = f"http://{named}:{port}/?token={token}"
    console.say(console.words("web.address", address=address))
    console.tell({"address": address, "host": host, "port": port})
    console.out.flush()
    if is_opening:
        webbrowser.open(address)


def _text(noise: bytes) -> str:
    return base64.urlsafe_b64encode(noise).decode()


def _interrupt(*_: object) -> NoReturn:
    """End as by Ctrl-C: what is open is closed first."""
    raise KeyboardInterrupt
