"""What an administrator sees at a terminal: the bar over itself, and the question."""

import io

import pytest

from server_sync.cli.command import UsageError
from server_sync.cli.console import agrees
from server_sync.cli.progress import Bar


class Terminal(io.StringIO):
    """Standard output or input of a person."""

    def isatty(self) -> bool:
        return True


def test_bar_is_drawn_over_itself_and_left_standing() -> None:
    out = Terminal()
    bar = Bar(out)

    bar(5, 10, "Customer")
    bar(10, 10)
    bar.end()
    bar.end()

    half, whole = out.getvalue().split("\r")[1:]
    assert half == f"[{'#' * 15}{'.' * 15}]  50%  5 of 10  Customer\x1b[K"
    assert whole == f"[{'#' * 30}] 100%  10 of 10  \x1b[K\n"


def test_log_that_is_no_terminal_hears_of_it_now_and_then() -> None:
    out = io.StringIO()
    bar = Bar(out)

    for done in range(101):
        bar(done, 100)
    bar.end()

    assert out.getvalue().splitlines() == [f"{done} of 100" for done in range(0, 101, 10)]


def test_bar_of_nothing_is_full() -> None:
    out = io.StringIO()

    Bar(out)(0, 0)

    assert out.getvalue() == "0 of 0\n"


@pytest.mark.parametrize(
    ("typed", "said"), [("y", True), ("OUI ", True), ("", False), ("n", False)]
)
def test_answer_decides(monkeypatch: pytest.MonkeyPatch, *, typed: str, said: bool) -> None:
    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr("builtins.input", lambda _question: typed)

    assert agrees("Go on?") is said


def test_question_that_nobody_can_answer_is_a_wrong_usage(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())

    with pytest.raises(UsageError, match="--yes"):
        agrees("Go on?")
