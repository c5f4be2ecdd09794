"""Names that smell of a secret, and those that only look a little like it."""

import pytest
from hypothesis import given

from field_core.canon import Json
from field_core.secrets import is_secret, without_secrets
from tests.core.strategies import JSON

SECRET = (
    "password", "Password", "ConnectionRequestPassword", "password_hash", "radius_pwd", "passwd",
    "GponPwd", "KeyPassphrase", "SAEPassphrase", "PreSharedKey", "pre_shared_key", "WEPKey",
    "NetworkKey", "api_key", "apiKey", "AccessKey", "private_key", "PrivateKey", "RadiusSecret",
    "client_secret", "wpa_psk", "PSK", "LOID", "Loid", "DevicePIN", "pin", "sim_pin", "WpsPin",
    "refresh_token", "passkey", "Device.WiFi.AccessPoint.1.Security.KeyPassphrase",
)  # fmt: skip
PLAIN = (
    "sync_key", "document_key", "key", "bypass", "compass", "passed", "spin", "pinned", "signed_by",
    "radius_user", "stripe_id", "serial_no", "PINE", "description", "passage", "SSID", "",
)  # fmt: skip


@pytest.mark.parametrize("name", SECRET)
def test_is_secret(name: str) -> None:
    assert is_secret(name)


@pytest.mark.parametrize("name", PLAIN)
def test_is_not_secret(name: str) -> None:
    assert not is_secret(name)


def test_without_secrets_drops_them_at_every_depth() -> None:
    value: Json = {"wifi": [{"ssid": "home", "psk": "x"}, "psk"], "password": {"a": 1}}

    assert without_secrets(value) == {"wifi": [{"ssid": "home"}, "psk"]}


@given(JSON)
def test_without_secrets_twice_drops_nothing_more(value: Json) -> None:
    once = without_secrets(value)

    assert without_secrets(once) == once
