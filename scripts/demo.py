"""Start a server with the demo company and the app in a browser; Ctrl-C ends both.

Each day has a folder of its own under var/demo, since the company's jobs lie around its first day;
nothing of a real installation is touched.

Ports: GIGAFIBRE_DEMO_SERVER_PORT (8040) and GIGAFIBRE_DEMO_APP_PORT (8551). The app opens for the
address printed below and for no other; GIGAFIELD_WEB_TOKEN fixes its token, for tests.
"""

import argparse
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from datetime import date
from pathlib import Path
from typing import Final, NoReturn

from server_sync.clock import SystemClock, today_at
from server_sync.settings import Settings

BIN: Final = Path(sys.executable).parent
HOST: Final = "127.0.0.1"
START_TIMEOUT_S: Final = 90  # the demo company is made on the first start; two slow cores take 20 s
POLL_S: Final = 0.2
PROBE_TIMEOUT_S: Final = 2
TOKEN_BYTES: Final = 24
STOP_TIMEOUT_S: Final = 10  # both programs finish what they hold in well under a second


def main() -> int:
    """Run both programs until one ends or a person has had enough."""
    parser = argparse.ArgumentParser(
        prog="make demo", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.parse_args()
    server_port = os.environ.get("GIGAFIBRE_DEMO_SERVER_PORT", "8040")
    app_port = os.environ.get("GIGAFIBRE_DEMO_APP_PORT", "8551")
    server_url = f"http://{HOST}:{server_port}"
    app_url = f"http://{HOST}:{app_port}"
    token = os.environ.setdefault("GIGAFIELD_WEB_TOKEN", secrets.token_urlsafe(TOKEN_BYTES))
    signal.signal(signal.SIGTERM, _interrupt)
    _refuse_taken(server_port, "GIGAFIBRE_DEMO_SERVER_PORT")
    _refuse_taken(app_port, "GIGAFIBRE_DEMO_APP_PORT")

    _use_folder_of_the_day()
    children: list[subprocess.Popen[bytes]] = []
    try:
        children.append(_start("server-sync", "serve", "--demo", "--port", server_port))
        _wait_for(f"{server_url}/health", children)
        children.append(_start("field-app", "web", "--port", app_port, "--server", server_url))
        _wait_for(app_url, children)
        _greet(f"{app_url}/?token={token}", server_url)
        return _wait_for_an_end(children)
    except KeyboardInterrupt:
        print("\ndemo: stopping")
        return 0
    finally:
        _stop(children)


def _use_folder_of_the_day() -> None:
    folder = Path("var/demo").resolve() / _day_of_the_company().isoformat()
    os.environ.setdefault("DATA_DIR", str(folder / "server"))
    os.environ.setdefault("GIGAFIELD_DATA_DIR", str(folder / "app"))


def _day_of_the_company() -> date:
    """Return the date where the company works: around it the server makes its jobs."""
    return today_at(SystemClock(), Settings.from_environment(os.environ).zone)


def _interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt


def _refuse_taken(port: str, variable: str) -> None:
    """Stop when something else listens there: its answers would be taken for our programs'."""
    with socket.socket() as probe:
        probe.settimeout(PROBE_TIMEOUT_S)
        if probe.connect_ex((HOST, int(port))) == 0:
            sys.exit(f"demo: port {port} is taken; choose another: {variable}=... make demo")


def _start(program: str, *arguments: str) -> subprocess.Popen[bytes]:
    """Start one of our programs in a group of its own, so that Ctrl-C reaches only this script."""
    return subprocess.Popen([BIN / program, *arguments], start_new_session=True)


def _wait_for(url: str, children: list[subprocess.Popen[bytes]]) -> None:
    """Wait until the address answers; stop with a sentence if a program ends or time runs out."""
    deadline = time.monotonic() + START_TIMEOUT_S
    while not _answers(url):
        if any(child.poll() is not None for child in children):
            sys.exit("demo: a program ended before it was ready; its own words stand above")
        if time.monotonic() > deadline:
            sys.exit(f"demo: {url} did not answer within {START_TIMEOUT_S} s")
        time.sleep(POLL_S)


def _answers(url: str) -> bool:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(url, timeout=PROBE_TIMEOUT_S):
            return True
    except urllib.error.HTTPError:  # the app's guard refuses a stranger: it is there
        return True
    except (urllib.error.URLError, OSError):
        return False


def _greet(app_url: str, server_url: str) -> None:
    listing = subprocess.run(
        [BIN / "server-sync", "demo-accounts", "--json"], check=True, capture_output=True, text=True
    )
    print(f"\n  app     {app_url}\n  server  {server_url}\n\n  sign in as")
    for account in json.loads(listing.stdout):
        print(f"    {account['role']:<12} {account['email']:<40} {account['password']}")
    print("\n  Ctrl-C ends both.\n", flush=True)


def _wait_for_an_end(children: list[subprocess.Popen[bytes]]) -> int:
    """Wait until either program ends; return its exit code."""
    while True:
        for child in children:
            status = child.poll()
            if status is not None:
                print("demo: one program ended, so the other is stopped too", file=sys.stderr)
                return status
        time.sleep(POLL_S)


def _stop(children: list[subprocess.Popen[bytes]]) -> None:
    """End both programs; an impatient second Ctrl-C must not leave one behind."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    for child in reversed(children):
        child.terminate()
    for child in reversed(children):
        try:
            child.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            child.kill()


if __name__ == "__main__":
    sys.exit(main())
