"""Enrolment codes: ten characters that are read aloud over the phone and typed with cold hands."""

from typing import Final

_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O or U."""
_HALF: Final = 5
CODE_BYTES: Final = 7
"""Fifty of these 56 bits are used: at ten tries a minute, ages."""


def make_code(noise: bytes) -> str:
    """Return a code such as `7K3QD-XW94M` from seven random bytes."""
    assert len(noise) == CODE_BYTES, "a code wants seven random bytes"
    value = int.from_bytes(noise, "big")
    letters = "".join(_ALPHABET[value >> 5 * i & 31] for i in range(2 * _HALF))
    return f"{letters[:_HALF]}-{letters[_HALF:]}"


def read_code(typed: str) -> str:
    """Return the code that was meant: case, spaces, dashes and look-alikes do not matter."""
    bare = "".join(c for c in typed.upper() if c.isalnum())
    return bare.translate(str.maketrans("ILO", "110"))
