"""The client over real HTTP on loopback: reason phrases and escapes as bytes on a wire."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from field_core.problems import ProblemError
from server_sync.acs.bench import Bench
from server_sync.acs.bench.nbi import response_of
from server_sync.acs.nbi import NbiClient
from server_sync.acs.ports import Away, Deferred, Performed
from server_sync.acs.tasks import Read, Reboot
from tests.server.acs.recordings import NOKIA, XX230V
from tests.server.acs.ward import Recorded


@contextmanager
def served(bench: Bench) -> Iterator[str]:
    """Serve the stand-in on a free port; yield its address."""

    class Handler(BaseHTTPRequestHandler):
        def do(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            try:
                answer = bench.answer(self.command, self.path, body)
            except ConnectionError:
                self.close_connection = True
                return
            told = response_of(answer, self.command)
            self.send_response(told.status_code, told.reason_phrase)
            for name, value in told.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(told.content)

        do_GET = do_HEAD = do_POST = do_DELETE = do  # noqa: N815 - the library's names

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


@pytest.fixture
def bench() -> Bench:
    return Bench(Recorded(), lambda: datetime.now(UTC))


async def test_id_with_escapes_arrives_as_the_acs_wants_it(bench: Bench) -> None:
    with served(bench) as url:
        client = NbiClient(url)
        done = await client.perform(NOKIA, Read(("InternetGatewayDevice.DeviceInfo.UpTime",)))
        read = await client.read(NOKIA, ["_lastInform"])
        await client.close()

    assert isinstance(done, Performed)
    assert read is not None


async def test_reason_phrase_tells_why_a_task_waits(bench: Bench) -> None:
    bench.off.add(XX230V)
    with served(bench) as url:
        client = NbiClient(url)
        outcome = await client.perform(XX230V, Reboot())
        told = await client.check()
        await client.close()

    assert isinstance(outcome, Deferred)
    assert outcome.why is Away.OFFLINE
    assert told == "version 1.2.16, 5 devices"


async def test_acs_that_is_gone_is_a_problem() -> None:
    client = NbiClient("http://127.0.0.1:9")

    with pytest.raises(ProblemError, match="acs-unreachable"):
        await client.check()
    await client.close()
