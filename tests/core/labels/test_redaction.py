"""Keys of networks leave no trace in what is kept of a scan."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from field_core.labels import parse_label, redacted


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (r"WIFI:T:WPA;S:my\;net;P:p\:w\\d;;", r"WIFI:T:WPA;S:my\;net;P:•••;;"),
        ("WIFI:P:abc;S:P:x;;", "WIFI:P:•••;S:P:•••;;"),
        ("SSID: net  Key: secret99", "SSID: net  Key: •••"),
        ("Mot de passe : hunter2\nMAC A42BB01C9F3E", "Mot de passe : •••\nMAC A42BB01C9F3E"),
        ('{"ssid":"net","wifiKey":"abc"}', '{"ssid":"net","wifiKey":"•••"}'),
        ('{"password":"x\\"y"}', "•••"),
        ("https://x.net/?ssid=net&key=abc", "https://x.net/?ssid=net&key=•••"),
        ("https://x.net/?key=a%20b", "•••"),
        ("MAC: A42BB01C9F3E", "MAC: A42BB01C9F3E"),
    ],
)
def test_text_is_kept_without_keys(text: str, kept: str) -> None:
    assert redacted(text) == kept


@given(st.text(st.characters(categories=["L", "N"]), min_size=9, max_size=20))
def test_key_of_a_code_is_gone_whatever_it_is(key: str) -> None:
    text = f"WIFI:T:WPA;S:-;P:{key};;"
    network = parse_label([text]).wifi

    assert network is not None
    assert network.key == key
    assert key not in redacted(text)
