"""The keys that sign payment links: the newest signs, the two newest are accepted.

A key that was replaced stays good for as long as the papers it signed, then retires by itself.
"""

import re
from dataclasses import dataclass, field
from typing import Final

SECRET_BYTES: Final = 32
"""As long as the hash: 64 hexadecimal digits in the settings."""
ACCEPTED_MAX: Final = 2
RETIRES_AFTER_S: Final = (60 + 1) * 86_400
"""A printed QR code lives 60 days; a day more for clocks and for what was printed that evening."""

_KID: Final = re.compile(r"[a-z0-9]{1,4}", re.ASCII)
_SETTING: Final = re.compile(r"([a-z0-9]{1,4}):([0-9a-fA-F]{64})(?:@(\d{1,12}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class PayKey:
    """A secret and the name it goes by in tokens; `replaced_at_s` is Unix time in seconds."""

    kid: str
    secret: bytes = field(repr=False)
    replaced_at_s: int | None = None

    def __post_init__(self) -> None:
        """Refuse a key that could not sign."""
        assert _KID.fullmatch(self.kid), "a key's name is one to four small letters or digits"
        assert len(self.secret) == SECRET_BYTES, f"a key has {SECRET_BYTES} bytes"


@dataclass(frozen=True, slots=True)
class KeyRing:
    """Keys, the newest first."""

    keys: tuple[PayKey, ...]

    def __post_init__(self) -> None:
        """Refuse a ring without a key, or where a name means two keys."""
        assert self.keys, "a key ring holds at least one key"
        assert len({key.kid for key in self.keys}) == len(self.keys), "two keys have one name"

    @property
    def newest(self) -> PayKey:
        """The key that signs."""
        return self.keys[0]

    def accepted(self, kid: str, now_s: int) -> PayKey | None:
        """Return the key of this name while what it signed is accepted."""
        for key in self.keys[:ACCEPTED_MAX]:
            if key.kid == kid and not _is_retired(key, now_s):
                return key
        return None


def read_ring(setting: str) -> KeyRing:
    """Read `b:<64 hex>,a:<64 hex>@<when a was replaced, Unix seconds>`, the newest first.

    Raises ValueError, without a word of the secret.
    """
    read = [_SETTING.fullmatch(part.strip()) for part in setting.split(",")]
    found = [one for one in read if one]
    if len(found) != len(read) or len({one[1] for one in found}) != len(found):
        raise ValueError("keys are written name:64 hexadecimal digits[@seconds], each name once")
    return KeyRing(tuple(_key(one) for one in found))


def _key(read: re.Match[str]) -> PayKey:
    return PayKey(read[1], bytes.fromhex(read[2]), int(read[3]) if read[3] else None)


def _is_retired(key: PayKey, now_s: int) -> bool:
    return key.replaced_at_s is not None and now_s >= key.replaced_at_s + RETIRES_AFTER_S
