"""Key rings: which key signs, which are accepted, how they are written in the settings."""

import pytest

from field_core.pay_keys import RETIRES_AFTER_S, KeyRing, PayKey, read_ring
from tests.core.billing.making import NOW_S, OLD_SECRET, RING, SECRET


def test_ring_is_read_from_the_settings_newest_first() -> None:
    setting = f"b:{SECRET.hex()}, a:{OLD_SECRET.hex().upper()}@{NOW_S}"

    assert read_ring(setting) == KeyRing((PayKey("b", SECRET), PayKey("a", OLD_SECRET, NOW_S)))


@pytest.mark.parametrize(
    "setting",
    [
        "",
        SECRET.hex(),
        f"b:{SECRET.hex()[:-2]}",
        f"B:{SECRET.hex()}",
        f"toolong:{SECRET.hex()}",
        f"b:{SECRET.hex()},b:{OLD_SECRET.hex()}",
        f"b:{SECRET.hex()},",
        f"b:{SECRET.hex()}@yesterday",
    ],
)
def test_setting_that_cannot_be_read_is_refused_without_a_word_of_the_secret(setting: str) -> None:
    with pytest.raises(ValueError, match="64 hexadecimal digits") as caught:
        read_ring(setting)

    assert SECRET.hex()[:16] not in str(caught.value)


def test_replaced_key_retires_after_its_papers() -> None:
    ring = KeyRing((PayKey("b", SECRET), PayKey("a", OLD_SECRET, NOW_S)))
    last = NOW_S + RETIRES_AFTER_S

    assert ring.accepted("a", last - 1) == ring.keys[1]
    assert ring.accepted("a", last) is None
    assert ring.accepted("b", last) == ring.newest
    assert ring.accepted("c", NOW_S) is None


def test_secret_does_not_show() -> None:
    assert "secret" not in repr(RING)
    assert repr(SECRET) not in repr(RING)


@pytest.mark.parametrize(
    ("kid", "secret"), [("", SECRET), ("abcde", SECRET), ("é", SECRET), ("b", SECRET[:-1])]
)
def test_key_that_could_not_sign_is_a_programmer_mistake(kid: str, secret: bytes) -> None:
    with pytest.raises(AssertionError, match="a key"):
        PayKey(kid, secret)


def test_ring_without_keys_or_with_one_name_twice_is_a_programmer_mistake() -> None:
    with pytest.raises(AssertionError, match="at least one"):
        KeyRing(())
    with pytest.raises(AssertionError, match="one name"):
        KeyRing((RING.newest, RING.newest))
