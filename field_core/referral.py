"""Referral codes: six Crockford symbols that stand for a customer.

    code = 30 high bits of HMAC-SHA256(HMAC-SHA256(secret, "gf-ref/v1"), customer)

Every salt but the first, 0, follows the customer after a NUL, in decimal digits. A collision is
likely once there are tens of thousands of customers, so a code is stored in a unique column and
the next salt is tried; the stored code also outlives a renamed customer.
"""

import hmac
import re
from collections.abc import Callable
from typing import Final, NamedTuple

SALT_MAX: Final = 99
"""With a million customers one salt in a thousand collides; a hundred in a row never do."""

_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_ALIKE: Final = str.maketrans("OIL", "011")
_SYMBOLS: Final = 6
_CODE: Final = re.compile(f"[{_ALPHABET}]{{{_SYMBOLS}}}")


class ReferralCode(NamedTuple):
    """A code and the salt that made it, as stored."""

    code: str
    salt: int


def code_of(customer: str, *, secret: bytes, salt: int = 0) -> str:
    """Return the code of a customer's id for a salt."""
    key = hmac.digest(secret, b"gf-ref/v1", "sha256")
    message = f"{customer}\0{salt}" if salt else customer
    bits = int.from_bytes(hmac.digest(key, message.encode(), "sha256")[:4], "big") >> 2
    return "".join(_ALPHABET[bits >> shift & 31] for shift in range(25, -1, -5))


def free_code(
    customer: str, *, secret: bytes, is_taken: Callable[[str], bool], salt_max: int = SALT_MAX
) -> ReferralCode:
    """Return the code of the first salt that no other customer has.

    Raises LookupError when all are taken, which only a wrong `is_taken` brings about.
    """
    for salt in range(salt_max + 1):
        code = code_of(customer, secret=secret, salt=salt)
        if not is_taken(code):
            return ReferralCode(code, salt)
    raise LookupError(f"no free referral code within {salt_max + 1} salts")


def read_code(text: str) -> str | None:
    """Return the code that a person typed or said, or None when it is none.

    O is read as 0, I and L as 1; small letters, blanks and dashes do not matter. U is in no code.
    """
    typed = "".join(text.split()).replace("-", "")
    code = typed.upper().translate(_ALIKE) if typed.isascii() else ""
    return code if _CODE.fullmatch(code) else None
