"""Payment links: a signed pair of invoice and expiry, for one use, to the byte.

    head  = b64url(JSON {"expires_at":…,"invoice":…})   sorted names, no spaces, UTF-8, no padding
    pre   = "v1." + kid + "." + use + "." + head
    token = pre + "." + b64url(HMAC-SHA256(HMAC-SHA256(secret, "gf-pay/v1/" + use), pre))

The signature is compared as text, before anything is decoded: the three other last characters
that would decode to the same bytes are other texts, and are refused.
"""

import hmac
import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from field_core.canon import dump
from field_core.pay_keys import KeyRing, PayKey

LENGTH_MAX: Final = 512
"""A token of ours has about 124 characters; what is longer is not read."""
SKEW_S: Final = 5
"""How far the clocks of two servers may differ: a link made by one is opened at another at once."""

_SHAPE: Final = re.compile(
    r"(v1\.([a-z0-9]{1,4})\.(qr|magic|bridge)\.([A-Za-z0-9_-]+))\.([A-Za-z0-9_-]{43})", re.ASCII
)
_NOBODY: Final = PayKey("none", bytes(32))
"""Signs in place of an unknown key, so that a guess at names takes as long as a guess at tokens."""


class Use(StrEnum):
    """What a link is for; a token for one use does not pass as another's."""

    QR = "qr"
    MAGIC = "magic"
    BRIDGE = "bridge"


ALL_USES: Final = frozenset(Use)
"""What opens the public pay page."""
TTL_S: Final[Mapping[Use, int]] = {Use.QR: 60 * 86_400, Use.MAGIC: 15 * 60, Use.BRIDGE: 60 * 60}
"""How long a link lives: printed on paper, sent to a phone, opened from the customer portal."""


@dataclass(frozen=True, slots=True)
class PayToken:
    """A link that is good now."""

    invoice: str
    use: Use
    expires_at_s: int


@dataclass(frozen=True, slots=True)
class ExpiredToken:
    """A link that was good: the paper is in hand, so a new link may be asked for."""

    invoice: str
    use: Use
    expires_at_s: int


def mint(invoice: str, *, use: Use, now_s: int, ring: KeyRing) -> str:
    """Return a new link's token, good for the time that its use allows (Unix seconds)."""
    return sign(invoice, use=use, expires_at_s=now_s + TTL_S[use], key=ring.newest)


def sign(invoice: str, *, use: Use, expires_at_s: int, key: PayKey) -> str:
    """Return the token for an invoice and an expiry."""
    pre = f"v1.{key.kid}.{use}.{_head(invoice, expires_at_s)}"
    token = f"{pre}.{_signature(pre, use, key)}"
    assert invoice, "a payment link is for an invoice"
    assert len(token) <= LENGTH_MAX, f"the name of the invoice is too long: {len(invoice)}"
    return token


def verify(
    token: str,
    *,
    ring: KeyRing,
    accepts: Collection[Use],
    now_s: int,
    invoice: str | None = None,
    revoked_before_s: int | None = None,
) -> PayToken | ExpiredToken | None:
    """Return what a token says when it is genuine; None, for whatever reason, when it is not.

    `accepts` are the uses that open this door; `invoice` is the one in the address, when it is
    there. `revoked_before_s` refuses the links of an invoice made before then. A token that lives
    longer than its use allows is refused, whoever signed it.
    """
    genuine = _genuine(token, ring, now_s)
    if genuine is None or genuine.use not in accepts:
        return None
    if invoice is not None and invoice != genuine.invoice:
        return None
    if revoked_before_s is not None and made_at_s(genuine) < revoked_before_s:
        return None
    if made_at_s(genuine) > now_s + SKEW_S:
        return None
    if now_s >= genuine.expires_at_s:
        return ExpiredToken(genuine.invoice, genuine.use, genuine.expires_at_s)
    return genuine


def made_at_s(token: PayToken) -> int:
    """Return when a link of full life was made."""
    return token.expires_at_s - TTL_S[token.use]


def _genuine(token: str, ring: KeyRing, now_s: int) -> PayToken | None:
    """Return the payload of a token with a good signature, whatever it says."""
    parts = _SHAPE.fullmatch(token) if len(token) <= LENGTH_MAX else None
    if parts is None:
        return None
    pre, kid, use, head, signature = parts.groups()
    key = ring.accepted(kid, now_s)
    is_signed = hmac.compare_digest(_signature(pre, use, key or _NOBODY), signature)
    return _payload(head, Use(use)) if key and is_signed else None


def _signature(pre: str, use: str, key: PayKey) -> str:
    key_of_use = hmac.digest(key.secret, f"gf-pay/v1/{use}".encode(), "sha256")
    return _b64(hmac.digest(key_of_use, pre.encode(), "sha256"))


def _head(invoice: str, expires_at_s: int) -> str:
    return _b64(dump({"expires_at": expires_at_s, "invoice": invoice}).encode())


def _payload(head: str, use: Use) -> PayToken | None:
    """Read a head; only the one that we would write for it is taken."""
    try:
        body = json.loads(urlsafe_b64decode(head + "=" * (-len(head) % 4)).decode())
        token = PayToken(body["invoice"], use, body["expires_at"])
        is_canonical = _head(token.invoice, token.expires_at_s) == head
    except (ValueError, TypeError, KeyError):
        return None
    is_typed = type(token.invoice) is str and type(token.expires_at_s) is int
    return token if is_canonical and is_typed else None


def _b64(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()
