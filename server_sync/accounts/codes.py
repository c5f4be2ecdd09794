"""Enrolment codes: ten characters that are read aloud over the phone and typed with cold hands."""

from typing import Final

from field_core.enrolment import ALPHABET, CHARACTERS, HALF

CODE_BYTES: Final = 7
"""Fifty of these 56 bits are used: at ten tries a minute, ages."""


def make_code(noise: bytes) -> str:
    """Return a code such as `7K3QD-XW94M` from seven random bytes."""
    assert len(noise) == CODE_BYTES, "a code wants seven random bytes"
    value = int.from_bytes(noise, "big")
    letters = "".join(ALPHABET[value >> 5 * i & 31] for i in range(CHARACTERS))
    return f"{letters[:HALF]}-{letters[HALF:]}"
