"""The app's process on a technician's machine: started, killed, started again on the same files."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Final

START_S: Final = 60
TOKEN: Final = "journey-token-of-more-than-16-characters"


class Phone:
    """One device: a folder of data, and the process that has it open."""

    def __init__(
        self, folder: Path, server: str, *, language: str = "fr", ahead_s: int = 0
    ) -> None:
        self.folder = folder
        self.folder.mkdir(parents=True, exist_ok=True)
        self._server = server
        self._language = language
        self._ahead_s = ahead_s
        self._process: subprocess.Popen[bytes] | None = None
        self.port = free_port()

    @property
    def url(self) -> str:
        """Where a browser on this machine finds the app."""
        return f"http://127.0.0.1:{self.port}/?token={TOKEN}"

    def at(self, path: str) -> str:
        """Return the address of a place in the app."""
        return f"http://127.0.0.1:{self.port}{path}?token={TOKEN}"

    def start(self) -> "Phone":
        """Start the process and wait until it answers."""
        with (self.folder / "log.txt").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.journeys.run_app", str(self._ahead_s), "web"],
                env=self._environment(),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        end = time.monotonic() + START_S
        while not _answers(self.port):
            assert self._process.poll() is None, self.log()
            assert time.monotonic() < end, self.log()
            time.sleep(0.1)
        return self

    def _environment(self) -> dict[str, str]:
        return {
            **{n: v for n, v in os.environ.items() if not n.startswith("GIGAFIELD_")},
            "GIGAFIELD_DATA_DIR": str(self.folder / "data"),
            "GIGAFIELD_SERVER": self._server,
            "GIGAFIELD_WEB_PORT": str(self.port),
            "GIGAFIELD_WEB_TOKEN": TOKEN,
            "GIGAFIELD_LANGUAGE": self._language,
            "GIGAFIELD_SECRETS": "file",
        }

    @property
    def pid(self) -> int:
        """The process that runs now."""
        assert self._process, "it was started"
        return self._process.pid

    def kill(self) -> None:
        """Kill the process the way a system short of memory does."""
        assert self._process
        self._process.send_signal(signal.SIGKILL)
        self._process.wait(10)

    def stop(self) -> None:
        """End the process if it still runs."""
        if self._process and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self.kill()

    def log(self) -> str:
        """Return what the process said."""
        return (self.folder / "log.txt").read_text(encoding="utf-8", errors="replace")[-8000:]


def free_port() -> int:
    """Return a port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(port: int) -> bool:
    """Tell whether anything answers; a refusal for want of a token is an answer."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(f"http://127.0.0.1:{port}/", timeout=2):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
