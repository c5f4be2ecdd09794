"""The PIN of an account: a salted scrypt hash in the secret store, and a patience that grows.

A PIN keeps a curious hand out of a phone that was left on a table. Failures are counted before an
attempt is judged and kept with the hash, so neither a kill nor a restart buys another try.
"""

import hashlib
import hmac
import json
from base64 import b64decode, b64encode
from collections.abc import Callable
from typing import Any, Final, TypeGuard

from field_app.device.secrets import Secrets
from field_app.ports import PinState

TRIES_MAX: Final = 10
"""One in a thousand for four digits; after that only the office's word counts."""
WAITS_S: Final = (0, 0, 0, 5, 15, 30, 60, 120, 300, 600)
"""How long no attempt is taken after so many failures: two slips cost nothing."""
SALT_BYTES: Final = 16
_N: Final = 2**14
_R, _P = 8, 1
"""RFC 7914: 16 MiB and about 60 ms on a phone of 2020; more would show in the unlocking."""
_MEMORY_BYTES: Final = 64 * 1024 * 1024


class Pins:
    """One account's PIN in the store of secrets."""

    def __init__(
        self,
        secrets: Secrets,
        name: str,
        *,
        now_ms: Callable[[], int],
        noise: Callable[[int], bytes],
    ) -> None:
        self._secrets = secrets
        self._name = name
        self._now_ms = now_ms
        self._noise = noise

    def state(self) -> PinState:
        """Return where it stands."""
        held = self._held()
        if held is None:
            return PinState()
        failures = int(held["failures"])
        return PinState(
            is_set=True,
            failures=failures,
            wait_ms=self._left_ms(held),
            is_exhausted=failures >= TRIES_MAX,
        )

    def choose(self, pin: str | None) -> None:
        """Set the PIN, or do without one."""
        if pin is None:
            self._secrets.put(self._name, None)
            return
        salt = self._noise(SALT_BYTES)
        self._keep({"salt": _text(salt), "hash": _text(_hash(pin, salt)), "failures": 0, "at": 0})

    def opens(self, pin: str) -> bool:
        """Try a PIN; during a wait, and when every try is used up, nothing opens."""
        held = self._held()
        if held is None:
            return True
        if held["failures"] >= TRIES_MAX or self._left_ms(held):
            return False
        self._keep({**held, "failures": held["failures"] + 1, "at": self._now_ms()})
        if not hmac.compare_digest(_hash(pin, b64decode(held["salt"])), b64decode(held["hash"])):
            return False
        self._keep({**held, "failures": 0, "at": 0})
        return True

    def _left_ms(self, held: dict[str, Any]) -> int:
        """Return what is left of the wait; never more than it was, wherever the clock was put."""
        wait_ms = WAITS_S[min(held["failures"], TRIES_MAX - 1)] * 1000
        left_ms: int = held["at"] + wait_ms - self._now_ms()
        return max(0, min(wait_ms, left_ms))

    def _held(self) -> dict[str, Any] | None:
        """Return what is kept; what is damaged opens nothing, and signing in replaces it."""
        text = self._secrets.get(self._name)
        if not text:
            return None
        try:
            held = json.loads(text)
        except ValueError:
            held = None
        return held if _is_whole(held) else {"salt": "", "hash": "", "failures": TRIES_MAX, "at": 0}

    def _keep(self, held: dict[str, Any]) -> None:
        self._secrets.put(self._name, json.dumps(held))


def _is_whole(held: object) -> TypeGuard[dict[str, Any]]:
    return (
        isinstance(held, dict)
        and all(isinstance(held.get(name), str) for name in ("salt", "hash"))
        and all(isinstance(held.get(name), int) for name in ("failures", "at"))
    )


def _hash(pin: str, salt: bytes) -> bytes:
    return hashlib.scrypt(pin.encode(), salt=salt, n=_N, r=_R, p=_P, maxmem=_MEMORY_BYTES)


def _text(value: bytes) -> str:
    return b64encode(value).decode()
