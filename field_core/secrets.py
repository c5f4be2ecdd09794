"""Names that smell of a secret: such leaves are dropped before storage, logs and the wire."""

import re
from typing import Final

from field_core.canon import Json

_SECRET: Final = re.compile(
    r"(?i:(?<!by)(?<!com)pass(phrase|key)?$|passw|passphrase|pwd$|secret|psk$|loid$|token$"
    r"|pre_?shared|(api|private|access|network|encryption|wep|wpa)_?key)"
    r"|(^|[^A-Za-z])pin$|PIN$|[a-z]Pin$"
)
"""GponPwd, KeyPassphrase, WEPKey, LOID and DevicePIN are parameters of real gateways; `sync_key`,
`document_key` and `bypass` are not secrets."""


def is_secret(name: str) -> bool:
    """Tell whether a field or parameter of this name would hold a secret."""
    return _SECRET.search(name) is not None


def without_secrets(value: Json) -> Json:
    """Return the value without its secret-looking members, at every depth."""
    if isinstance(value, dict):
        return {n: without_secrets(item) for n, item in value.items() if not is_secret(n)}
    if isinstance(value, list):
        return [without_secrets(item) for item in value]
    return value
