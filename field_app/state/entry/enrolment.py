"""The enrolment code as people type it: read from a screen, a sticker, or over the phone."""

from typing import Final

CHARACTERS: Final = 10
_HALF: Final = CHARACTERS // 2
_LOOK_ALIKES: Final = str.maketrans("ILO", "110")
"""Codes are in Crockford's base 32, which has no I, L, O or U."""


def read_code(typed: str) -> str | None:
    """Return the code as the office wrote it, such as `7K3QD-XW94M`; None when it is no code.

    One spelling for each code: a second try with the same code is then the same enrolment.
    """
    bare = "".join(c for c in typed.upper() if c.isalnum()).translate(_LOOK_ALIKES)
    if len(bare) != CHARACTERS or not bare.isascii():
        return None
    return f"{bare[:_HALF]}-{bare[_HALF:]}"
