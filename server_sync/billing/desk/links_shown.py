"""The link that an invoice carries to a screen: the same all day, so that its answer is too."""

from typing import Final

from field_core.pay_keys import PayKey
from field_core.tokens import TTL_S, Use, sign
from server_sync.billing.till import Till

_DAY_S: Final = 86_400


def shown_link(till: Till, invoice: str) -> tuple[str, int]:
    """Return the address for a QR code on a screen and until when it is good, in milliseconds.

    It begins with the day: as long as paper, less the hours that have passed.
    """
    key: PayKey = till.ring.newest
    until_s = till.now_s() // _DAY_S * _DAY_S + TTL_S[Use.QR]
    token = sign(invoice, use=Use.QR, expires_at_s=until_s, key=key)
    return till.link(token), until_s * 1000
