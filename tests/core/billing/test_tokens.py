"""Payment links: genuine, for this use, in time; everything else is refused alike."""

import base64
import hmac
import string
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from field_core.pay_keys import KeyRing, PayKey
from field_core.tokens import (
    ALL_USES,
    LENGTH_MAX,
    SKEW_S,
    TTL_S,
    ExpiredToken,
    PayToken,
    Use,
    made_at_s,
    mint,
    sign,
    verify,
)
from tests.core.billing.making import KEY, NOW_S, OLD_SECRET, RING, SECRET
from tests.core.strategies import TEXT

INVOICE: Final = "SINV-2026-700010"
TOKEN: Final = mint(INVOICE, use=Use.QR, now_s=NOW_S, ring=RING)
GOOD: Final = PayToken(INVOICE, Use.QR, NOW_S + TTL_S[Use.QR])
ALPHABET: Final = string.ascii_letters + string.digits + "-_."


def checked(
    token: str = TOKEN,
    *,
    now_s: int = NOW_S,
    **options: Any,  # noqa: ANN401 - any option
) -> PayToken | ExpiredToken | None:
    return verify(token, **{"ring": RING, "accepts": ALL_USES, **options}, now_s=now_s)


def signed_by_hand(head: bytes, *, use: str = "qr", kid: str = "b") -> str:
    """Sign whatever bytes stand for the payload, with the specification's formula."""
    pre = f"v1.{kid}.{use}.{base64.urlsafe_b64encode(head).rstrip(b'=').decode()}"
    key = hmac.digest(SECRET, f"gf-pay/v1/{use}".encode(), "sha256")
    mac = base64.urlsafe_b64encode(hmac.digest(key, pre.encode(), "sha256")).rstrip(b"=")
    return f"{pre}.{mac.decode()}"


def test_minted_token_is_good_and_as_long_as_the_specification_says() -> None:
    assert checked() == GOOD
    assert len(TOKEN) == 124
    assert sign(INVOICE, use=Use.QR, expires_at_s=GOOD.expires_at_s, key=KEY) == TOKEN
    assert made_at_s(GOOD) == NOW_S


@pytest.mark.parametrize("use", Use)
def test_token_lives_as_long_as_its_use_to_the_second(use: Use) -> None:
    token = mint(INVOICE, use=use, now_s=NOW_S, ring=RING)
    end = NOW_S + TTL_S[use]

    assert checked(token, now_s=end - 1) == PayToken(INVOICE, use, end)
    assert checked(token, now_s=end) == ExpiredToken(INVOICE, use, end)
    assert checked(token, now_s=end + 86_400) == ExpiredToken(INVOICE, use, end)


def test_lives_are_sixty_days_a_quarter_of_an_hour_and_an_hour() -> None:
    assert dict(TTL_S) == {Use.QR: 5_184_000, Use.MAGIC: 900, Use.BRIDGE: 3_600}
    assert set(TTL_S) == ALL_USES


@pytest.mark.parametrize("use", Use)
def test_token_that_lives_longer_than_its_use_allows_is_refused(use: Use) -> None:
    longest = NOW_S + TTL_S[use] + SKEW_S
    just, longer = (sign(INVOICE, use=use, expires_at_s=longest + more, key=KEY) for more in (0, 1))

    assert checked(just) == PayToken(INVOICE, use, longest)
    assert checked(longer) is None


def test_token_for_one_use_does_not_open_the_door_of_another() -> None:
    assert checked(accepts={Use.MAGIC, Use.BRIDGE}) is None
    assert checked(accepts={Use.QR}) == GOOD
    assert checked(TOKEN.replace(".qr.", ".magic.")) is None


def test_token_of_one_invoice_does_not_open_another() -> None:
    assert checked(invoice=INVOICE) == GOOD
    assert checked(invoice="SINV-2026-700011") is None
    assert checked(now_s=NOW_S + 61 * 86_400, invoice="SINV-2026-700011") is None


def test_links_of_an_invoice_made_before_a_day_can_be_revoked() -> None:
    assert checked(revoked_before_s=NOW_S) == GOOD
    assert checked(revoked_before_s=NOW_S + 1) is None
    assert checked(now_s=NOW_S + 61 * 86_400, revoked_before_s=NOW_S + 1) is None


def test_key_that_was_replaced_is_accepted_and_a_third_is_not() -> None:
    old = sign(INVOICE, use=Use.QR, expires_at_s=GOOD.expires_at_s, key=RING.keys[1])
    newer = KeyRing((PayKey("c", bytes(32)), *RING.keys))

    assert checked(old) == GOOD
    assert checked(TOKEN, ring=newer) == GOOD
    assert checked(old, ring=newer) is None
    assert mint(INVOICE, use=Use.QR, now_s=NOW_S, ring=newer).startswith("v1.c.qr.")


def test_key_that_retired_is_refused() -> None:
    ring = KeyRing(
        (PayKey("c", OLD_SECRET), PayKey("b", SECRET, replaced_at_s=NOW_S - 61 * 86_400))
    )

    assert checked(ring=ring) is None
    assert checked(ring=ring, now_s=NOW_S - 1) == GOOD


def test_key_of_an_unknown_name_is_refused_even_when_it_signs_as_nobody_does() -> None:
    nobody = PayKey("z", bytes(32))

    assert checked(sign(INVOICE, use=Use.QR, expires_at_s=GOOD.expires_at_s, key=nobody)) is None
    assert checked(TOKEN.replace("v1.b.", "v1.zz.")) is None


def test_every_change_of_one_character_is_refused() -> None:
    tried = 0
    for at, was in enumerate(TOKEN):
        for now in {*ALPHABET, "=", "é", " ", "\n"} - {was}:
            assert checked(TOKEN[:at] + now + TOKEN[at + 1 :]) is None
            tried += 1
    assert tried > 8_000


def test_every_deletion_and_insertion_is_refused() -> None:
    for at in range(len(TOKEN) + 1):
        assert checked(TOKEN[:at] + TOKEN[at + 1 :] if at < len(TOKEN) else TOKEN[1:]) is None
        for new in ALPHABET + "=":
            assert checked(TOKEN[:at] + new + TOKEN[at:]) is None


def test_twin_of_a_signature_is_refused() -> None:
    """Four last characters decode to one signature; only the canonical one is a token."""
    stem, last = TOKEN[:-1], TOKEN[-1]
    mac = base64.urlsafe_b64decode(TOKEN.rpartition(".")[2] + "=")
    twins = [
        c
        for c in ALPHABET[:-1]
        if base64.urlsafe_b64decode((stem + c).rpartition(".")[2] + "=") == mac
    ]

    assert len(twins) == 4
    assert [c for c in twins if checked(stem + c)] == [last]


@given(st.data())
def test_no_mix_of_two_tokens_is_a_third(data: st.DataObject) -> None:
    uses = st.sampled_from(Use)
    one, other = (
        mint(data.draw(TEXT.filter(bool)), use=data.draw(uses), now_s=NOW_S, ring=RING)
        for _ in range(2)
    )
    cut = data.draw(st.integers(0, min(len(one), len(other))))
    mixed = one[:cut] + other[cut:]

    assert (checked(mixed) is None) is (mixed not in {one, other})


@given(st.text(max_size=600) | st.text(ALPHABET, max_size=600))
def test_any_text_is_refused(text: str) -> None:
    assert checked(text) is None


@given(TEXT.filter(bool), st.sampled_from(Use))
def test_invoice_of_any_name_comes_back(invoice: str, use: Use) -> None:
    token = mint(invoice, use=use, now_s=NOW_S, ring=RING)

    assert checked(token) == PayToken(invoice, use, NOW_S + TTL_S[use])


def test_too_long_is_not_read_even_when_it_is_genuine() -> None:
    long = signed_by_hand(b'{"expires_at":%d,"invoice":"%s"}' % (NOW_S, b"x" * 320))

    assert len(long) > LENGTH_MAX
    assert checked(long) is None
    with pytest.raises(AssertionError, match="too long"):
        mint("x" * 320, use=Use.QR, now_s=NOW_S, ring=RING)
    with pytest.raises(AssertionError, match="for an invoice"):
        mint("", use=Use.QR, now_s=NOW_S, ring=RING)


def test_by_hand_is_the_specification() -> None:
    head = b'{"expires_at":%d,"invoice":"SINV-2026-700010"}' % GOOD.expires_at_s

    assert signed_by_hand(head) == TOKEN


@pytest.mark.parametrize(
    "head",
    [
        b'{"expires_at": 1782000100,"invoice":"A"}',
        b'{"invoice":"A","expires_at":1782000100}',
        b'{"expires_at":1782000100,"invoice":"A","x":1}',
        b'{"expires_at":1782000100,"expires_at":1782000100,"invoice":"A"}',
        b'{"expires_at":"1782000100","invoice":"A"}',
        b'{"expires_at":1782000100.0,"invoice":"A"}',
        b'{"expires_at":true,"invoice":"A"}',
        b'{"expires_at":1782000100,"invoice":7}',
        b'{"expires_at":1782000100,"invoice":null}',
        b'{"expires_at":1782000100,"invoice":"\\u00e9"}',
        b'{"expires_at":1782000100,"invoice":"\\ud800"}',
        b'{"expires_at":1782000100}',
        b'["A",1782000100]',
        b"7",
        b"nonsense",
        b"\xff\xfe",
    ],
)
def test_payload_that_we_would_not_have_written_is_refused_though_signed(head: bytes) -> None:
    assert checked(signed_by_hand(head)) is None


def test_payload_whose_length_is_no_base64_is_refused_though_signed() -> None:
    pre = "v1.b.qr.A"
    key = hmac.digest(SECRET, b"gf-pay/v1/qr", "sha256")
    mac = base64.urlsafe_b64encode(hmac.digest(key, pre.encode(), "sha256")).rstrip(b"=")

    assert checked(f"{pre}.{mac.decode()}") is None


def test_version_to_come_and_use_to_come_are_refused() -> None:
    assert checked(TOKEN.replace("v1.", "v2.", 1)) is None
    assert checked(signed_by_hand(b'{"expires_at":1782000100,"invoice":"A"}', use="gift")) is None
