"""A gateway on loopback that answers SSDP and SOAP as miniupnpd 2.3.1 was recorded doing."""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.app.diagnostics.house import HERE, udp_server

RECORDED = Path(__file__).resolve().parents[2] / "fixtures" / "cpe" / "upnp" / "igd_responses.json"


@dataclass
class Gateway:
    """The recorded answers; values may be put in their place, counters as a list to go through."""

    values: dict[str, str] = field(default_factory=dict)
    counters: dict[str, list[int]] = field(default_factory=dict)
    location: str = ""
    asked: list[str] = field(default_factory=list)
    silent: bool = False

    def __post_init__(self) -> None:
        self._recorded: dict[str, Any] = json.loads(RECORDED.read_text(encoding="utf-8"))

    @property
    def description(self) -> bytes:
        return str(self._recorded["description_xml"]).encode()

    def discovery(self, data: bytes, _address: object) -> Iterator[bytes]:
        if data.startswith(b"M-SEARCH") and not self.silent:
            text = str(self._recorded["ssdp_response"])
            yield text.replace(self._recorded["description_url"], self.location).encode()

    def answer(self, action: str) -> tuple[int, bytes]:
        self.asked.append(action)
        recorded = self._recorded["actions"].get(action)
        if recorded is None:
            return 500, b"<errorCode>401</errorCode>"
        body = str(recorded["body"])
        for name, value in self._now(action).items():
            body = re.sub(rf"(<{name}>)[^<]*", rf"\g<1>{value}", body)
        return 200, body.encode()

    def _now(self, action: str) -> dict[str, str]:
        moving = {}
        if action in self.counters:
            course = self.counters[action]
            moving[action.replace("Get", "New")] = str(
                course.pop(0) if len(course) > 1 else course[0]
            )
        return {**self.values, **moving}


@contextmanager
def gateway(made: Gateway, *, host: str = HERE) -> Iterator[tuple[str, int]]:
    """Serve a gateway; yields where its discovery listens."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._send(200, made.description)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self._send(*made.answer(self.headers["SOAPAction"].strip('"').partition("#")[2]))

        def log_message(self, *_: object) -> None:
            """Say nothing."""

        def _send(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer((host, 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    made.location = made.location or f"http://{host}:{server.server_port}/rootDesc.xml"
    try:
        with udp_server(made.discovery, host=host) as port:
            yield host, port
    finally:
        server.shutdown()
        server.server_close()
