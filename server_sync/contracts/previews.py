"""The id of a preview: it proves what was shown, for whom nobody has to keep anything.

A keyed hash over the figures and a time. A preview that expired, or whose figures are not what
they would be now, gets no money moved: the clerk sees the new one first (CT-06).
"""

import hmac
import re
from typing import Final

from field_core.ending import Figures, Preview
from field_core.instants import ms_to_text
from field_core.problems import ProblemError

LIFE_S: Final = 15 * 60
_LABEL: Final = b"gf-termination/v1"
_ID: Final = re.compile(r"(\d{1,12})\.([0-9a-f]{64})", re.ASCII)


def preview_of(figures: Figures, *, contract_key: str, secret: bytes, now_s: int) -> Preview:
    """Return a preview that can be quoted for a quarter of an hour."""
    expires_s = now_s + LIFE_S
    return Preview(
        id=f"{expires_s}.{_mac(figures, contract_key, expires_s, secret)}",
        expires_at=ms_to_text(expires_s * 1000),
        figures=figures,
    )


def check_quoted(
    quoted: str, fresh: Preview, *, contract_key: str, secret: bytes, now_s: int
) -> None:
    """Raise ProblemError `preview-expired` or `preview-changed`, each with the fresh one."""
    found = _ID.fullmatch(quoted)
    expires_s = int(found[1]) if found else 0
    right = _mac(fresh.figures, contract_key, expires_s, secret)
    shown = fresh.model_dump(mode="json")
    if not found or not hmac.compare_digest(found[2], right):
        raise ProblemError("preview-changed", preview=shown)
    if now_s >= expires_s:
        raise ProblemError("preview-expired", preview=shown)


def _mac(figures: Figures, contract_key: str, expires_s: int, secret: bytes) -> str:
    key = hmac.digest(secret, _LABEL, "sha256")
    told = f"{contract_key}/{expires_s}/{figures.model_dump_json()}"
    return hmac.digest(key, told.encode(), "sha256").hex()
