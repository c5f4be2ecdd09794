"""What a run's results mean together: one headline, one action, causes before effects."""

import re
import string

import pytest

from field_core.cpe.model import Grade
from field_core.diagnosis import Result, Target, judge_run
from field_core.diagnosis.sentences import ACTIONS, SENTENCES
from tests.core.diagnosis.making import BEYOND_GONE, BEYOND_SILENT, changed, got, healthy, lost

T = Target


def codes(results: list[Result]) -> list[str]:
    return [verdict.code for verdict in judge_run(results)]


def test_healthy_house_by_cable_is_called_good() -> None:
    assert codes(healthy()) == ["good"]


def test_healthy_house_on_wifi_says_that_the_line_was_not_measured() -> None:
    wifi = changed(got("link-kind", "wifi", T.DEVICE), without=("throughput-of-plan.server",))

    assert codes(wifi) == ["good-on-wifi"]


def test_nothing_measured_is_not_called_good() -> None:
    (verdict,) = judge_run([])

    assert (verdict.code, verdict.grade, verdict.value) == ("nothing-measured", Grade.UNKNOWN, None)


def test_t13_line_that_was_not_tested_is_not_called_good() -> None:
    assert codes([got("gateway-address", "192.168.1.1"), got("latency", 1.0)]) == ["line-untested"]


def test_device_without_a_network_hears_of_nothing_else() -> None:
    results = changed(lost("gateway-address", "not-connected"), *BEYOND_SILENT)

    assert codes(results) == ["not-connected"]


def test_modem_that_answers_nothing_is_the_headline() -> None:
    results = [
        got("gateway-address", "192.168.1.1"),
        lost("latency", "no-answer"),
        *BEYOND_SILENT,
    ]

    (verdict,) = judge_run(results)

    assert (verdict.code, verdict.action) == ("gateway-silent", "restart-modem")
    assert verdict.fr == "Le modem (192.168.1.1) ne répond à rien."


def test_modem_that_drops_pings_is_no_fault() -> None:
    results = changed(lost("latency", "no-answer"), without=("loss.gateway",))

    assert codes(results) == ["good"]


@pytest.mark.parametrize(
    ("status", "error", "code"),
    [
        ("disconnected", "ERROR_AUTHENTICATION_FAILURE", "wan-auth"),
        ("disconnected", "ERROR_ISP_TIME_OUT", "wan-no-answer"),
        ("disconnected", None, "wan-down"),
        ("connecting", None, "wan-connecting"),
    ],
)
def test_modem_says_why_its_line_is_down(status: str, error: str | None, code: str) -> None:
    more = [got("wan-error", error)] if error else []
    results = changed(got("wan-status", status), *more, *BEYOND_SILENT, without=BEYOND_GONE)

    assert codes(results) == [code]


def test_line_that_works_is_not_down_whatever_the_modem_says() -> None:
    assert codes(changed(got("wan-status", "disconnected"))) == ["good"]


def test_modem_that_calls_a_dead_line_connected_is_not_believed() -> None:
    results = changed(*BEYOND_SILENT, got("wan-status", "connected"), without=BEYOND_GONE)

    assert codes(results) == ["beyond-modem-dead"]


def test_silence_beyond_a_modem_that_answers_is_not_in_the_house() -> None:
    assert codes(changed(*BEYOND_SILENT, without=BEYOND_GONE)) == ["internet-down"]


def test_silence_without_a_known_modem_accuses_nobody() -> None:
    assert codes([lost("gateway-address", "platform"), *BEYOND_SILENT]) == ["outside-silent"]


@pytest.mark.parametrize(
    ("address", "code"), [("100.64.1.2", "wan-cgnat"), ("192.168.0.9", "double-nat")]
)
def test_external_address_that_is_not_public_is_a_finding(address: str, code: str) -> None:
    assert codes(changed(got("wan-address", address))) == [code]


@pytest.mark.parametrize(("link", "code"), [("wire", "lan-loss-wired"), ("wifi", "lan-loss")])
def test_loss_in_the_house_hides_the_loss_beyond(link: str, code: str) -> None:
    results = changed(
        got("link-kind", link, T.DEVICE),
        got("loss", 4, details={"sent": 20}),
        got("loss", 5, T.SERVER, details={"sent": 20}),
    )

    (verdict,) = judge_run(results)

    assert (verdict.code, verdict.grade, verdict.limit) == (code, Grade.BAD, 2)
    assert "4 packets of 20" in verdict.en


def test_loss_beyond_the_modem_is_the_lines() -> None:
    results = changed(got("loss", 2, T.SERVER, details={"sent": 20}))

    assert [(v.code, v.grade) for v in judge_run(results)] == [("line-loss", Grade.WATCH)]


def test_our_own_server_that_is_silent_is_no_fault_of_the_line() -> None:
    results = changed(
        lost("latency", "no-answer", T.SERVER),
        without=("loss.server", "throughput-of-plan.server", "latency-added.server"),
    )

    assert [(v.code, v.grade) for v in judge_run(results)] == [
        ("good", Grade.OK),
        ("server-silent", Grade.UNKNOWN),
    ]


def test_slow_modem_hides_a_slow_line() -> None:
    results = changed(got("latency", 60.0), got("latency", 90.0, T.SERVER))

    assert codes(results) == ["lan-slow"]


def test_slow_line_says_against_which_limit_and_whose() -> None:
    (verdict,) = judge_run(changed(got("latency", 62.0, T.SERVER, source="sync.example")))

    assert (verdict.code, verdict.limit, verdict.limit_source, verdict.unit, verdict.source) == (
        "line-slow", 50, "own", "ms", "sync.example",
    )  # fmt: skip


def test_latency_to_others_is_shown_and_not_graded() -> None:
    assert got("latency", 300.0, T.PUBLIC).grade is None


def test_weak_wifi_here_is_told_before_what_it_causes() -> None:
    results = changed(
        got("link-kind", "wifi", T.DEVICE),
        got("wifi-signal", -80, T.DEVICE),
        got("latency-added", 150.0, T.SERVER),
    )

    assert codes(results) == ["wifi-weak-here", "loaded-slow"]


@pytest.mark.parametrize(
    ("quantity", "code"),
    [("throughput-of-plan", "throughput-low"), ("throughput-up-of-plan", "throughput-up-low")],
)
def test_line_below_its_plan_is_a_finding(quantity: str, code: str) -> None:
    assert codes(changed(got(quantity, 60.0, T.SERVER))) == [code]


def test_modem_that_resolves_no_names_while_others_do() -> None:
    assert codes(changed(lost("dns-time", "no-answer"))) == ["dns-modem-silent"]


def test_modem_need_not_resolve_where_the_device_finds_names_elsewhere() -> None:
    results = changed(got("dns-time", 6.0, T.DEVICE), lost("dns-time", "no-answer"))

    assert codes(results) == ["good"]


def test_no_dns_server_answers_while_the_internet_does() -> None:
    results = changed(lost("dns-time", "no-answer"), lost("dns-time", "no-answer", T.PUBLIC))

    assert codes(results) == ["dns-silent"]


def test_silent_dns_of_the_modem_alone_is_said_of_nobody_else() -> None:
    results = changed(lost("dns-time", "no-answer"), without=("dns-time.public",))

    assert codes(results) == ["good"]


@pytest.mark.parametrize(
    ("there", "found"), [("192.0.2.9", ["dns-differs"]), ("192.0.2.7, 192.0.2.8", ["good"])]
)
def test_modem_and_public_dns_are_compared(there: str, found: list[str]) -> None:
    results = changed(got("dns-answer", "192.0.2.7"), got("dns-answer", there, T.PUBLIC))

    assert codes(results) == found


def test_t12_receive_level_over_snmp_is_judged_by_the_olt_profile_table() -> None:
    results = changed(got("optical-rx", -27.6, source="ENTITY-SENSOR"))

    (verdict, *_) = judge_run(results)

    assert (verdict.code, verdict.field, verdict.source) == (
        "optical-low", "optical-rx.gateway", "ENTITY-SENSOR",
    )  # fmt: skip


def test_good_receive_level_stands_after_the_summary() -> None:
    assert codes(changed(got("optical-rx", -20.0))) == ["good", "optical-ok"]


def test_receive_level_that_is_no_number_is_left_alone() -> None:
    assert codes(changed(got("optical-rx", "-"))) == ["good"]


@pytest.mark.parametrize("code", SENTENCES)
def test_sentence_has_an_action_and_the_same_parameters_in_both_languages(code: str) -> None:
    sentence = SENTENCES[code]
    fr, en = ({n for _, n, _, _ in string.Formatter().parse(t) if n} for t in sentence[:2])

    assert sentence.action in ACTIONS
    assert fr == en
    assert re.search(r"[.!]$", sentence.fr)
