"""`field-app web` as a person starts it: a real program, a real socket, real websockets."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import websockets
from websockets.sync.client import connect
from websockets.typing import Origin

from field_app.cli.console import Exit
from field_app.views import web

ENDED_BY_HAND = 1
STOP_TIMEOUT_S = 20


def command(folder: Path, *arguments: str, **environment: str) -> dict[str, Any]:
    """Return how to start the program on a data folder of its own."""
    kept = {"PATH", "HOME", "LANG", "COVERAGE_PROCESS_START"}
    return {
        "args": [sys.executable, "-m", "field_app.cli", *arguments, "--data-dir", str(folder)],
        "env": {
            **{name: value for name, value in os.environ.items() if name in kept},
            "GIGAFIELD_SECRETS": "file",
            **environment,
        },
        "text": True,
        "stdout": subprocess.PIPE,
        "stderr": subprocess.PIPE,
    }


@contextmanager
def served(folder: Path, **environment: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Serve the app; yields the address it printed."""
    program = subprocess.Popen(**command(folder, "web", "--port", "0", "--json", **environment))
    try:
        assert program.stdout is not None
        lines = [program.stdout.readline() for _ in range(5)]
        yield json.loads("".join(lines))["address"], program
    finally:
        program.terminate()
        program.communicate(timeout=STOP_TIMEOUT_S)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("web")) as (address, _):
        yield address


@pytest.fixture
def friend(address: str) -> Iterator[httpx.Client]:
    """A browser that opened the printed address."""
    base = "http://" + urlsplit(address).netloc
    transport = httpx.HTTPTransport(retries=20)  # it listens a moment after it has said where
    with httpx.Client(base_url=base, transport=transport, follow_redirects=True) as client:
        assert client.get(address).status_code == 200
        yield client


def test_printed_address_opens_the_app_and_only_that(address: str, friend: httpx.Client) -> None:
    parts = urlsplit(address)
    assert (parts.scheme, parts.hostname, len(parts.query)) == ("http", "127.0.0.1", 38)

    page = friend.get("/today")
    stranger = httpx.get(f"http://{parts.netloc}/")

    assert "flutter_bootstrap.js" in page.text
    assert (stranger.status_code, "adresse complète" in stranger.text) == (403, True)


def test_page_speaks_french_before_the_app_draws_on_it(friend: httpx.Client) -> None:
    page = friend.get("/today")

    assert "L’application s’est arrêtée" in page.text
    assert '<html lang="fr-CA">' in page.text
    assert friend.head("/icon.png").status_code == 200, "the page looks there whether it is back"


@pytest.mark.parametrize("path", ["/fonts/B612-Regular.otf", "/main.dart.mjs", "/icon.png"])
def test_what_the_page_needs_is_served_from_here(friend: httpx.Client, path: str) -> None:
    assert friend.get(path).status_code == 200


@pytest.mark.parametrize("family", ["notosanshebrew", "notocoloremoji"])
def test_letters_our_fonts_lack_come_from_here_at_the_engines_addresses(
    friend: httpx.Client, family: str
) -> None:
    """A customer's name in Hebrew, an emoji in a note: no boxes, and no request to anyone."""
    font = friend.get(f"/assets/fonts/{family}/v46/or3HQ7v33eiDljA1IufXTtVf7V6R.0.woff2")

    assert font.content[:4] == b"wOF2"


@pytest.mark.parametrize("path", ["/docs", "/openapi.json", "/i18n/../../pyproject.toml"])
def test_what_the_page_does_not_need_is_not(friend: httpx.Client, path: str) -> None:
    answer = friend.get(path)

    assert answer.status_code == 404 or "flutter_bootstrap.js" in answer.text


def test_websocket_wants_cookie_and_origin(address: str, friend: httpx.Client) -> None:
    netloc = urlsplit(address).netloc
    cookie = "; ".join(f"{name}={value}" for name, value in friend.cookies.items())
    ours, theirs = Origin(f"http://{netloc}"), Origin("http://evil.example")

    with connect(f"ws://{netloc}/ws", origin=ours, additional_headers={"Cookie": cookie}) as opened:
        assert opened.state is websockets.State.OPEN
    for origin, headers in ((ours, {}), (theirs, {"Cookie": cookie})):
        with pytest.raises(websockets.InvalidStatus) as caught:
            connect(f"ws://{netloc}/ws", origin=origin, additional_headers=headers)
        assert caught.value.response.status_code == 403


def test_each_start_has_an_address_of_its_own(address: str, tmp_path: Path) -> None:
    with served(tmp_path) as (other, _):
        assert urlsplit(other).query != urlsplit(address).query


def test_given_token_is_used_and_does_not_reach_the_log(tmp_path: Path) -> None:
    with served(tmp_path, GIGAFIELD_WEB_TOKEN="0123456789abcdef") as (address, program):
        assert address.endswith("/?token=0123456789abcdef")
        transport = httpx.HTTPTransport(retries=20)
        with httpx.Client(transport=transport) as client:
            assert client.get(address).status_code == 303
        program.send_signal(signal.SIGTERM)
        said, warned = program.communicate(timeout=STOP_TIMEOUT_S)

    assert program.returncode == ENDED_BY_HAND
    assert "Traceback" not in warned
    written = b"".join(path.read_bytes() for path in (tmp_path / "logs").iterdir())
    assert "0123456789abcdef" not in said + warned + written.decode()


def test_token_too_short_to_be_one_is_refused(tmp_path: Path) -> None:
    ended = subprocess.run(
        **command(tmp_path, "web", GIGAFIELD_WEB_TOKEN="short"), check=False, timeout=60
    )

    assert (ended.returncode, "GIGAFIELD_WEB_TOKEN" in ended.stderr) == (Exit.USAGE, True)


@pytest.mark.parametrize("host", ["0.0.0.0", "10.0.0.4", "::", "example.org"])  # noqa: S104 - refused
def test_address_open_to_the_network_is_refused(tmp_path: Path, host: str) -> None:
    ended = subprocess.run(
        **command(tmp_path, "web", GIGAFIELD_WEB_HOST=host), check=False, timeout=60
    )

    assert (ended.returncode, host in ended.stderr) == (Exit.USAGE, True)


def test_port_taken_is_said(tmp_path: Path) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = str(holder.getsockname()[1])
        ended = subprocess.run(
            **command(tmp_path, "web", "--port", port, "--lang", "en"), check=False, timeout=60
        )

    assert (ended.returncode, ended.stderr) == (
        Exit.REFUSED,
        f"Port {port} is taken; choose another with --port.\n",
    )


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_loopback_is_listened_on(host: str) -> None:
    with web.listen(host, 0) as listener:
        assert listener.getsockname()[0] in ("127.0.0.1", "::1")
