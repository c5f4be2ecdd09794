"""The PIN: hashed, counted before it is judged, patient for longer each time."""

import json
from pathlib import Path

import pytest

from field_app.compose.upkeep import PinsOffLoop
from field_app.device.pins import TRIES_MAX, WAITS_S, Pins
from field_app.device.secrets import FileSecrets
from field_app.ports import PinState
from tests.app.making import Clock

NAME = "pin:marc"


class Kept:
    """A PIN in a file of secrets, with a clock turned by hand."""

    def __init__(self, folder: Path) -> None:
        self.clock = Clock()
        self.secrets = FileSecrets(folder / "secrets.json")
        self.pins = self.again()

    def again(self) -> Pins:
        """Start the program again on the same files."""
        return Pins(self.secrets, NAME, now_ms=self.clock.now_ms, noise=lambda n: b"\x07" * n)

    def miss(self, times: int = 1) -> None:
        """Try a wrong PIN, waiting as long as it takes between."""
        for _ in range(times):
            self.clock.go(self.pins.state().wait_ms)
            assert not self.pins.opens("0000")


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    kept = Kept(tmp_path)
    kept.pins.choose("4821")
    return kept


def test_pin_opens_and_another_does_not(kept: Kept) -> None:
    assert (kept.pins.opens("4820"), kept.pins.opens("4821")) == (False, True)


def test_right_pin_forgets_what_was_missed(kept: Kept) -> None:
    kept.miss(2)

    kept.pins.opens("4821")

    assert kept.pins.state() == PinState(is_set=True)


def test_pin_is_not_readable_where_it_is_kept(kept: Kept) -> None:
    text = kept.secrets.get(NAME)

    assert text is not None
    assert "4821" not in text
    assert json.loads(text).keys() == {"salt", "hash", "failures", "at"}


def test_without_a_pin_everything_opens(tmp_path: Path) -> None:
    pins = Kept(tmp_path).pins

    assert (pins.state(), pins.opens("1")) == (PinState(), True)


def test_pin_removed_is_gone(kept: Kept) -> None:
    kept.pins.choose(None)

    assert (kept.pins.state(), kept.secrets.get(NAME)) == (PinState(), None)


@pytest.mark.parametrize("failures", range(1, TRIES_MAX))
def test_wait_grows_with_failures(kept: Kept, failures: int) -> None:
    kept.miss(failures)

    assert kept.pins.state().wait_ms == WAITS_S[failures] * 1000
    assert list(WAITS_S) == sorted(WAITS_S)


def test_right_pin_does_not_open_during_the_wait_and_costs_no_try(kept: Kept) -> None:
    kept.miss(3)

    assert not kept.pins.opens("4821")
    kept.clock.go(WAITS_S[3] * 1000)
    assert kept.pins.opens("4821")


def test_restart_does_not_shorten_the_wait(kept: Kept) -> None:
    kept.miss(5)
    kept.clock.go(4_000)

    assert kept.again().state() == PinState(
        is_set=True, failures=5, wait_ms=WAITS_S[5] * 1000 - 4_000
    )


def test_clock_put_back_does_not_lengthen_the_wait(kept: Kept) -> None:
    kept.miss(4)

    kept.clock.go(-86_400_000)

    assert kept.pins.state().wait_ms == WAITS_S[4] * 1000


def test_attempt_killed_before_it_was_judged_counts(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_: object) -> bytes:
        raise KeyboardInterrupt

    monkeypatch.setattr("field_app.device.pins._hash", dies)
    with pytest.raises(KeyboardInterrupt):
        kept.pins.opens("4821")

    assert kept.again().state().failures == 1


def test_after_ten_failures_even_the_right_pin_opens_nothing(kept: Kept) -> None:
    kept.miss(TRIES_MAX)
    kept.clock.go(86_400_000)

    assert not kept.pins.opens("4821")
    assert kept.pins.state() == PinState(is_set=True, failures=TRIES_MAX, is_exhausted=True)


@pytest.mark.parametrize("damage", ["{", "[]", '{"salt": "", "hash": ""}', '{"salt": 1}'])
def test_damaged_pin_opens_nothing(kept: Kept, damage: str) -> None:
    kept.secrets.put(NAME, damage)

    assert kept.pins.state().is_exhausted
    assert not kept.pins.opens("4821")


async def test_pin_off_the_loop_is_the_same(kept: Kept) -> None:
    pins = PinsOffLoop(kept.pins)

    await pins.choose("135790")

    assert (await pins.opens("4821"), await pins.opens("135790")) == (False, True)
    assert await pins.state() == PinState(is_set=True)
