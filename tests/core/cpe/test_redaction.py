"""A document without its secrets."""

from typing import Any

import pytest
from hypothesis import given

from field_core.canon import Json
from field_core.cpe import redact
from field_core.cpe.redaction import NODES_MAX, is_hidden
from tests.core.cpe.samples import CASES, TREES, read, real_document
from tests.core.strategies import JSON

HIDDEN = (
    "KeyPassphrase", "PreSharedKey", "X_HW_RadiusKey", "X_HW_RouteProtocolAuthKey", "GponPwd",
    "GponAuthCtcPwd", "ConnectionRequestPassword", "Username", "WebSuperUsername", "PSK",
    "X_CT-COM_Loid", "DevicePIN", "PrivateKey", "WEPKey", "PloamSecret", "AccessToken",
    "UserID", "LoginName", "Credential",
)  # fmt: skip
SHOWN = (
    "IPPing", "PINGCount", "SSID", "BSSID", "SerialNumber", "RXPower", "AssociatedDevice",
    "Passthrough", "MACAddress", "_value", "X_TP_LinkRate",
)  # fmt: skip


@pytest.mark.parametrize("name", HIDDEN)
def test_is_hidden(name: str) -> None:
    assert is_hidden(name)


@pytest.mark.parametrize("name", SHOWN)
def test_is_shown(name: str) -> None:
    assert not is_hidden(name)


@pytest.mark.parametrize("case", CASES)
def test_document_redacted_holds_no_marker(case: str) -> None:
    document = read("devices", case)

    assert "DO-NOT-LEAK" in str(document)
    assert "DO-NOT-LEAK" not in str(redact(document))


@pytest.mark.parametrize("name", TREES)
def test_tree_redacted_holds_no_log_in(name: str) -> None:
    assert "Username" not in str(redact(real_document(name)))


def test_redaction_drops_what_is_under_a_hidden_name() -> None:
    document = {"PreSharedKey": {"1": {"Value": {"_value": "x"}}}, "SSID": {"_value": "home"}}

    assert redact(document) == {"SSID": {"_value": "home"}}


def test_redaction_makes_everything_storable() -> None:
    document: Any = {
        "a\ud800": "b\x00", "c": float("nan"), "d": b"x", "e": (1, True, None), 5: "x",
    }  # fmt: skip

    assert redact(document) == {"a\ufffd": "b\ufffd", "c": None, "d": None, "e": [1, True, None]}


def test_document_that_holds_itself_ends() -> None:
    document: dict[str, Any] = {"a": "1"}
    document["b"] = document["c"] = document

    assert isinstance(redact(document), dict)


def test_document_too_large_is_cut() -> None:
    found = redact({str(number): [] for number in range(NODES_MAX + 5)})

    assert isinstance(found, dict)
    assert len(found) == NODES_MAX


@given(JSON)
def test_redaction_twice_changes_nothing_more(value: Json) -> None:
    once = redact(value)

    assert redact(once) == once
