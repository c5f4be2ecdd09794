"""`erp check`: everything a site needs to be well, with what to do about what is not."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest

from server_sync.erp import erp_doctypes
from tests.server.erp_setup.site import SERVICE, Receiver, Site, site_on_a_port
from tests.server.http.operator import Operator

CHECK = ("erp", "check", "--service-user", SERVICE.email, "--json")
INSTALL = ("erp", "install", "--yes", "--service-user", SERVICE.email)


def checked(operator: Operator, *words: str, **environment: str) -> tuple[int, dict[str, str]]:
    """What the check says: its exit code, and by name the verdict with what to do."""
    code, text, err = operator.types(*CHECK, *words, **environment)
    assert text, err
    return code, {row["check"]: f"{row['verdict']}: {row['to do']}" for row in json.loads(text)}


def test_site_set_up_is_good_in_everything(operator: Operator, receiver: Receiver) -> None:
    """IF-05: the smoke list after a change, as one command with an exit code."""
    operator.types(*INSTALL, "--server", receiver.url)

    code, found = checked(operator, "--server", receiver.url)

    assert code == 0
    assert set(found.values()) == {"good: "}
    assert [*found] == [
        *("connection", "version", "list Customer", "list Sales Invoice", "list Service Location"),
        *("balance", "set-up", "Item FRAIS-RESIL", "Mode of Payment Carte de crédit"),
        *("Mode of Payment Débit préautorisé", "Mode of Payment Crédit de parrainage"),
        *("Account TPS - GF", "Account TVQ - GF"),
        *("rounding", "rounded totals", "time zone", "rights", "write"),
        *("clock", "repeats", "files", "webhooks", "sync server"),
    ]


def test_check_leaves_nothing_behind_not_even_of_one_that_was_cut(
    bare: Site, operator: Operator
) -> None:
    operator.types(*INSTALL)
    bare.make("Dispatch Tag", tag_name="erp-check-0badcafe")

    checked(operator)

    assert bare.rows("Dispatch Tag") == []


def test_bare_site_is_told_to_be_set_up(operator: Operator) -> None:
    code, found = checked(operator)

    assert code == 1
    assert found["set-up"] == "bad: server-sync erp install --dry-run"
    assert found["list Service Location"].startswith("bad")


@pytest.mark.parametrize(
    ("settings", "check", "todo"),
    [
        ({"rounding_method": "Banker's Rounding"}, "rounding", "choose Commercial Rounding"),
        ({"disable_rounded_total": False}, "rounded totals", "Disable Rounded Total"),
        ({"time_zone": "America/Vancouver"}, "time zone", "SITE_TIME_ZONE to America/Vancouver"),
    ],
)
def test_setting_that_makes_wrong_figures_is_told(
    operator: Operator, settings: dict[str, object], check: str, todo: str
) -> None:
    with site_on_a_port(erp_doctypes(), **settings) as site:
        operator.types(*INSTALL, ERPNEXT_URL=site.url)
        code, found = checked(operator, ERPNEXT_URL=site.url)

    assert code == 1
    assert found[check].startswith("bad")
    assert todo in found[check]


def test_site_of_another_version_is_told(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """LP-01: an update of the framework broke every request; the list is run after each of them."""
    operator.types(*INSTALL)
    monkeypatch.setattr("server_sync.erp.setup.checking.MAJOR", 17)

    code, found = checked(operator)

    assert (code, found["version"]) == (1, "bad: this program was tried with version 17")


def test_clock_that_is_off_is_told(bare: Site, operator: Operator) -> None:
    operator.types(*INSTALL)
    bare.ahead = timedelta(minutes=5)

    code, found = checked(operator)

    assert (code, found["clock"][:3]) == (1, "bad")


def test_service_user_without_its_role_is_told_right_by_right(
    operator: Operator,
) -> None:
    operator.types("erp", "install", "--yes")  # the role goes to the admin, not to this user

    service = {"ERPNEXT_API_KEY": "service", "ERPNEXT_API_SECRET": "two"}
    code, text, _ = operator.types("erp", "check", "--json", **service)

    says = [row["says"] for row in json.loads(text) if row["check"] == "rights"]
    assert code == 1
    assert "may not create Dispatch Job" in says


def test_service_user_sees_what_it_may_and_is_told_what_it_may_not_look_at(
    operator: Operator,
) -> None:
    operator.types(*INSTALL)

    service = {"ERPNEXT_API_KEY": "service", "ERPNEXT_API_SECRET": "two"}
    _, text, _ = operator.types("erp", "check", "--json", **service)

    found = {row["check"]: row["verdict"] for row in json.loads(text)}
    assert found == {
        **dict.fromkeys(("connection", "version", "balance", "time zone", "rights"), "good"),
        **dict.fromkeys(("write", "clock", "repeats", "files"), "good"),
        **{f"list {d}": "good" for d in ("Customer", "Sales Invoice", "Service Location")},
        "Item FRAIS-RESIL": "good",
        **dict.fromkeys(("Mode of Payment", "Account"), "open"),
        "set-up": "bad",
        "amounts": "open",
        "webhooks": "open",
        "sync server": "open",
    }


def test_webhook_refused_by_its_receiver_is_told(operator: Operator, receiver: Receiver) -> None:
    operator.types(*INSTALL, "--server", receiver.url)
    receiver.secret = "not the one that signs"

    code, found = checked(operator, "--server", receiver.url)

    assert code == 1
    assert found["webhooks"] == (
        "bad: does the address answer from the ERP's machine, and is the secret the same?"
    )


def test_webhook_that_nobody_delivers_is_told(
    bare: Site, operator: Operator, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    operator.types(*INSTALL, "--server", receiver.url)
    monkeypatch.setattr("server_sync.erp.setup.probing.DELIVERY_S", 1)
    bare.erp.faults.drop_webhooks = True

    _, found = checked(operator, "--server", receiver.url)

    assert found["webhooks"] == "bad: is a background worker running? (bench doctor)"


def test_webhook_without_a_secret_here_is_told(operator: Operator, receiver: Receiver) -> None:
    operator.types(*INSTALL, "--server", receiver.url)

    _, found = checked(operator, ERPNEXT_WEBHOOK_SECRET="")

    assert found["webhooks"].startswith("bad: set ERPNEXT_WEBHOOK_SECRET")


def test_key_that_is_not_unique_is_found_by_sending_it_twice(
    bare: Site, operator: Operator
) -> None:
    operator.types(*INSTALL)
    with bare.erp.site.db.transaction():
        bare.erp.site.db.execute('DROP INDEX "tabDispatch Tag-sync_key-unique"')

    _, found = checked(operator)

    assert found["repeats"] == "bad: sync_key must be unique: server-sync erp install"
    assert bare.rows("Dispatch Tag") == []


@pytest.fixture
def postgres() -> Iterator[Site]:
    with site_on_a_port(flavour="postgres") as site:
        yield site


def test_site_on_postgresql_is_set_up_and_checked_alike(operator: Operator, postgres: Site) -> None:
    installed, table, _ = operator.types(*INSTALL, ERPNEXT_URL=postgres.url)
    code, found = checked(operator, ERPNEXT_URL=postgres.url)

    assert (installed, code) == (0, 0), table
    assert found["repeats"] == "good: "


def test_server_that_does_not_answer_is_told(operator: Operator) -> None:
    operator.types(*INSTALL)

    code, found = checked(operator, "--server", "http://127.0.0.1:9")

    assert (code, found["sync server"][:3]) == (1, "bad")


@pytest.mark.parametrize(
    ("environment", "todo"),
    [
        ({"ERPNEXT_API_SECRET": "wrong"}, "bad: make a new key"),
        ({"ERPNEXT_URL": "http://127.0.0.1:9"}, "bad: check ERPNEXT_URL"),
    ],
)
def test_site_out_of_reach_is_one_line_with_what_to_do(
    operator: Operator, environment: dict[str, str], todo: str
) -> None:
    code, found = checked(operator, **environment)

    assert (code, [*found]) == (1, ["connection"])
    assert found["connection"].startswith(todo)


def test_maintenance_is_told_as_such(bare: Site, operator: Operator) -> None:
    bare.erp.faults.outage = True

    code, found = checked(operator)

    assert (code, found) == (1, {"connection": "bad: wait until `bench migrate` is over"})


def test_connection_that_is_cut_once_is_no_finding(bare: Site, operator: Operator) -> None:
    """A server closes idle connections just when a write leaves: seen on a busy machine."""
    operator.types(*INSTALL)
    bare.traffic.after = lambda call: cut_once(bare, call)

    _, found = checked(operator)

    assert (found["write"], found["repeats"]) == ("good: ", "good: ")
    assert bare.rows("Dispatch Tag") == []


def cut_once(site: Site, call: str) -> None:
    if call == "POST /api/resource/Dispatch Tag":
        site.traffic.breaks, site.traffic.after = "cut", lambda _call: None


def test_table_is_for_a_person(operator: Operator) -> None:
    operator.types(*INSTALL)

    _, table, _ = operator.types("erp", "check", "--service-user", SERVICE.email)

    assert table.splitlines()[0].split("  ")[0] == "check"
    assert "to do" in table.splitlines()[0]
