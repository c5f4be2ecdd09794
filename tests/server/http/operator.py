"""Someone at a terminal, who types `server-sync`."""

import io
from pathlib import Path

import pytest

from server_sync.cli import main
from tests.server.http.house import PASSWORD


class Operator:
    """Someone at a terminal."""

    def __init__(
        self, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.environment = {
            "DATA_DIR": str(folder),
            "PASSWORD_MEMORY_KIB": "8",
            "PASSWORD_PASSES": "1",
        }
        self._capsys = capsys
        self._monkeypatch = monkeypatch

    def types(self, *words: str, stdin: str = "", **environment: str) -> tuple[int, str, str]:
        self._monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        code = main([*words], self.environment | environment)
        said = self._capsys.readouterr()
        return code, said.out, said.err

    def adds_marc(self) -> None:
        code, _, err = self.types(
            "account",
            "add",
            "marc@example.test",
            "--name",
            "Marc T.",
            "--role",
            "technician",
            "--technician",
            "DT-00001",
            "--password-stdin",
            stdin=f"{PASSWORD}\n",
        )
        assert code == 0, err
