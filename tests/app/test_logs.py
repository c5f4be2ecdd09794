"""The log on disk: it takes turns, it is small, it holds no secret."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from field_app.device import logs


@pytest.fixture
def written(tmp_path: Path) -> Iterator[Path]:
    root = logging.getLogger()
    level = root.level
    handler = logs.start(tmp_path / "logs")
    yield tmp_path / "logs"
    logs.stop(handler)
    root.setLevel(level)


def text(folder: Path) -> str:
    return logs.recent(folder).decode()


def test_what_happens_is_in_the_log(written: Path) -> None:
    logging.getLogger("field_app.sync").info("snapshot taken in: %d", 512)

    assert "INFO field_app.sync: snapshot taken in: 512" in text(written)


@pytest.mark.parametrize(
    "said",
    [
        "Authorization: Bearer s3cr3t",
        "{'access': 's3cr3t', 'refresh': 's3cr3t'}",
        '{"refresh": "s3cr3t"}',
        "password=s3cr3t",
        "GET /?token=s3cr3t&x=1",
        "code: s3cr3t",
    ],
)
def test_secret_is_left_out(written: Path, said: str) -> None:
    logging.getLogger("field_app").warning("%s", said)

    assert "s3cr3t" not in text(written)


def test_secret_in_a_traceback_is_left_out(written: Path) -> None:
    try:
        int("refresh=s3cr3t")
    except ValueError:
        logging.getLogger("field_app").exception("call failed")

    assert "call failed" in text(written)
    assert "s3cr3t" not in text(written)


def test_files_take_turns_and_are_read_oldest_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "FILE_BYTES_MAX", 200)
    handler = logs.start(tmp_path)
    try:
        for n in range(40):
            logging.getLogger("field_app").warning("line %02d", n)
    finally:
        logs.stop(handler)

    numbers = [line.rpartition(" ")[2] for line in text(tmp_path).splitlines()]
    assert numbers == sorted(numbers)
    assert numbers[-1] == "39"
    assert len(list(tmp_path.iterdir())) == logs.FILES_KEPT + 1


def test_no_log_yet_is_empty(tmp_path: Path) -> None:
    assert logs.recent(tmp_path) == b""
