"""The modem's own word by UPnP: state, error, address, true rates; and answers nobody may trust."""

import pytest

from field_app.diagnostics import igd, ssdp
from field_core.diagnosis import Result
from tests.app.diagnostics.house import kit, reasons, values, visit
from tests.app.diagnostics.igd_server import Gateway, gateway


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(igd, "COUNTED_S", 0.2)
    monkeypatch.setattr(ssdp, "WAIT_S", 0.5)


def probed(made: Gateway, **changes: object) -> list[Result]:
    with gateway(made) as place:
        return igd.probe(visit(kit(ssdp=place, **changes)))


def test_recorded_gateway_tells_its_line() -> None:
    found = values(probed(Gateway()))

    rates = {found.pop("wan-rate-down.gateway"), found.pop("wan-rate-up.gateway")}
    assert rates == {0.0}
    assert found == {
        "wan-status.gateway": "connected",
        "wan-uptime.gateway": 3994,
        "wan-address.gateway": "203.0.113.77",
        "wan-link-down.gateway": 500.0,
        "wan-link-up.gateway": 50.0,
    }


def test_rates_are_what_passed_between_two_readings_of_the_counters() -> None:
    results = probed(Gateway(counters={"GetTotalBytesReceived": [1_000_000, 3_500_000]}))

    rate = next(r for r in results if r.quantity == "wan-rate-down")
    # 2.5 MB in 0.2 s is 100 Mbit/s; the readings themselves take a few milliseconds.
    assert isinstance(rate.value, float)
    assert 60 < rate.value <= 101
    assert rate.method == "upnp-counters"


def test_counter_that_wraps_is_no_negative_rate() -> None:
    results = probed(Gateway(counters={"GetTotalBytesSent": [2**32 - 500_000, 500_000]}))

    rate = next(r for r in results if r.quantity == "wan-rate-up")
    assert isinstance(rate.value, float)
    assert 20 < rate.value <= 41


def test_counter_that_was_set_back_is_no_rate() -> None:
    results = probed(Gateway(counters={"GetTotalBytesSent": [3_000_000_000, 1_000]}))

    assert reasons(results) == {"wan-rate-up.gateway": "unreadable"}


def test_line_that_is_down_says_why() -> None:
    down = Gateway(
        values={
            "NewConnectionStatus": "Disconnected",
            "NewLastConnectionError": "ERROR_AUTHENTICATION_FAILURE",
            "NewExternalIPAddress": "",
        }
    )

    results = probed(down)

    assert values(results)["wan-error.gateway"] == "ERROR_AUTHENTICATION_FAILURE"
    assert reasons(results) == {"wan-address.gateway": "not-told"}


def test_modem_without_upnp_offers_nothing() -> None:
    assert set(reasons(probed(Gateway(silent=True))).values()) == {"not-offered"}


def test_answer_that_points_elsewhere_is_not_followed() -> None:
    made = Gateway(location="http://192.0.2.77/rootDesc.xml")

    assert set(reasons(probed(made)).values()) == {"not-offered"}
    assert made.asked == []


def test_answer_of_something_that_is_not_the_gateway_is_not_followed() -> None:
    made = Gateway()

    assert set(reasons(probed(made, gateway="192.168.1.1")).values()) == {"not-offered"}
    assert made.asked == []


def test_nothing_is_ever_changed_on_the_gateway() -> None:
    made = Gateway()
    probed(made)

    assert all(action.startswith("Get") for action in made.asked)


def test_gateway_whose_answers_are_garbage_is_said_to_be_unreadable() -> None:
    made = Gateway()
    made._recorded["actions"] = {}  # noqa: SLF001 - a gateway that knows no action

    results = probed(made)

    assert reasons(results)["wan-status.gateway"] == "not-told"


def test_run_that_is_over_asks_no_more() -> None:
    made = Gateway()
    with gateway(made) as place:
        seen = visit(kit(ssdp=place))
        seen.stop.set()
        igd.probe(seen)

    assert made.asked == []
