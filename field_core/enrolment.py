"""The one-time code that enrols a device: made for a voice and cold hands, or for a camera.

Ten characters of Crockford's base 32, which has no I, L, O or U, said in two halves. As a QR code
it stands behind the address of its server, so that nothing has to be typed.
"""

from typing import Final, NamedTuple

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CHARACTERS: Final = 10
HALF: Final = CHARACTERS // 2
_LOOK_ALIKES: Final = str.maketrans("ILO", "110")
_MARK: Final = "/#enrol="


class Enrolment(NamedTuple):
    """What a QR code told: a server, when it names one, and a code such as `7K3QD-XW94M`."""

    server: str | None
    code: str


def bare_code(typed: str) -> str:
    """Return what was meant: case, spaces, dashes and look-alikes do not matter."""
    return "".join(c for c in typed.upper() if c.isalnum()).translate(_LOOK_ALIKES)


def read_code(typed: str) -> str | None:
    """Return the code as the office wrote it, such as `7K3QD-XW94M`; None when it is no code.

    One spelling for each code: a second try with the same code is then the same enrolment.
    """
    bare = bare_code(typed)
    if len(bare) != CHARACTERS or not bare.isascii():
        return None
    return f"{bare[:HALF]}-{bare[HALF:]}"


def enrolment_link(server: str, code: str) -> str:
    """Return what the QR code of a code says; after `#`, so that no web server is told the code."""
    return f"{server.rstrip('/')}{_MARK}{code}"


def read_enrolment(text: str) -> Enrolment | None:
    """Return what a QR code told; None when it is another code."""
    server, mark, rest = text.strip().rpartition(_MARK)
    code = read_code(rest)
    if code is None or (mark and "://" not in server):
        return None
    return Enrolment(server or None, code)
