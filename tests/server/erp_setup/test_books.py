"""What the money needs in the books: made where that is safe, told where a person must decide."""

import json

import pytest

from tests.server.erp_setup.site import SERVICE, Site
from tests.server.http.operator import Operator

INSTALL = ("erp", "install", "--yes", "--service-user", SERVICE.email, "--json")
CHECK = ("erp", "check", "--service-user", SERVICE.email, "--json")
MODES = ("Carte de crédit", "Crédit de parrainage", "Débit préautorisé")


def checked(operator: Operator, **environment: str) -> dict[str, tuple[str, str, str]]:
    _, text, err = operator.types(*CHECK, **environment)
    assert text, err
    return {row["check"]: (row["verdict"], row["says"], row["to do"]) for row in json.loads(text)}


def installed(operator: Operator, **environment: str) -> tuple[int, dict[str, str]]:
    code, text, err = operator.types(*INSTALL, **environment)
    assert text, err
    return code, {row["where"]: row["do"] for row in json.loads(text)}


def lose(site: Site, doctype: str, name: str) -> None:
    site.ask("DELETE", f"/api/resource/{doctype}/{name}")


def test_item_and_modes_are_made_without_any_account(bare: Site, operator: Operator) -> None:
    code, made = installed(operator)

    assert code == 0
    assert made["FRAIS-RESIL"] == "create item"
    item = bare.get("Item", "FRAIS-RESIL")
    assert (item["item_name"], item["item_group"], item["stock_uom"]) == (
        "Frais de résiliation",
        "Services",
        "Nos",
    )
    modes = bare.rows("Mode of Payment", ("name", "type", "enabled"))
    assert sorted(row["name"] for row in modes) == [*MODES]
    assert {row["name"]: row["type"] for row in modes}["Carte de crédit"] == "Bank"
    assert all(row["enabled"] for row in modes)


def test_dry_run_tells_what_it_would_make_and_makes_nothing(bare: Site, operator: Operator) -> None:
    code, text, _ = operator.types("erp", "install", "--dry-run", "--service-user", SERVICE.email)

    assert code == 3
    assert "create item" in text
    assert "Bank, without an account" in text
    assert (bare.rows("Item"), bare.rows("Mode of Payment")) == ([], [])


def test_what_exists_stays_as_it_is_and_a_second_run_does_nothing(
    bare: Site, operator: Operator
) -> None:
    bare.make("Item", item_code="FRAIS-RESIL", item_name="Nos frais", item_group="Autre")
    bare.make("Mode of Payment", mode_of_payment="Carte de crédit", type="General")
    installed(operator)
    tables = ("Item", "Mode of Payment", "Account")
    before = [bare.rows(name, ("name", "modified")) for name in tables]

    code, made = installed(operator)

    assert (code, made) == (0, {})
    assert [bare.rows(name, ("name", "modified")) for name in tables] == before
    assert bare.get("Item", "FRAIS-RESIL")["item_name"] == "Nos frais"
    assert bare.get("Mode of Payment", "Carte de crédit")["type"] == "General"


def test_each_that_is_missing_is_named_with_what_to_do(bare: Site, operator: Operator) -> None:
    installed(operator)
    lose(bare, "Item", "FRAIS-RESIL")
    lose(bare, "Mode of Payment", "Débit préautorisé")
    lose(bare, "Account", "TVQ - GF")

    found = checked(operator)

    install = ("bad", "is missing", "server-sync erp install")
    assert found["Item FRAIS-RESIL"] == install
    assert found["Mode of Payment Débit préautorisé"] == install
    assert found["Account TVQ - GF"] == (
        "bad",
        "is missing",
        "have the accountant name the TVQ of a termination fee in TVQ_ACCOUNT",
    )
    assert found["Account TPS - GF"][0] == "good"
    assert found["set-up"][0] == "good"  # its own part is complete


def test_account_is_a_persons_to_decide_and_never_made(bare: Site, operator: Operator) -> None:
    lose(bare, "Account", "TPS - GF")

    code, made = installed(operator, STRIPE_SECRET_KEY="rk_test_1")

    assert code == 1
    assert made["Account TPS - GF"] == "decide"
    assert made["Account PAYMENT_ACCOUNT"] == "decide"
    assert {row["name"] for row in bare.rows("Account")} == {"TVQ - GF", "Compte chèques - GF"}


def test_accounts_of_payments_and_referrals_are_looked_at_once_they_are_named(
    operator: Operator,
) -> None:
    installed(operator)

    found = checked(
        operator, PAYMENT_ACCOUNT="Compte chèques - GF", REFERRAL_ACCOUNT="Publicité - GF"
    )

    assert found["Account Compte chèques - GF"][0] == "good"
    assert found["Account Publicité - GF"][:2] == ("bad", "is missing")


@pytest.mark.parametrize(
    ("doctype", "name", "change", "says"),
    [
        ("Item", "FRAIS-RESIL", {"disabled": 1}, "is disabled"),
        ("Mode of Payment", "Carte de crédit", {"enabled": 0}, "is not enabled"),
        ("Account", "TPS - GF", {"is_group": 1}, "is a group"),
        ("Account", "TPS - GF", {"disabled": 1}, "is disabled"),
    ],
)
def test_what_others_may_not_name_is_told_and_left_to_a_person(
    bare: Site, operator: Operator, doctype: str, name: str, change: dict[str, int], says: str
) -> None:
    installed(operator)
    bare.change(doctype, name, **change)

    code, made = installed(operator)

    assert (code, made) == (1, {f"{doctype} {name}": "decide"})
    assert checked(operator)[f"{doctype} {name}"][:2] == ("bad", says)


@pytest.mark.parametrize(("doctype", "name"), [("Item Group", "Services"), ("UOM", "Nos")])
def test_item_is_not_made_where_its_group_or_unit_would_be_a_guess(
    bare: Site, operator: Operator, doctype: str, name: str
) -> None:
    lose(bare, doctype, name)

    code, made = installed(operator)

    assert (code, made["Item FRAIS-RESIL"]) == (1, "decide")
    assert bare.rows("Item") == []
    assert "TERMINATION_ITEM" in checked(operator)["Item FRAIS-RESIL"][2]


def test_key_that_may_not_look_is_told_so_rather_than_that_all_is_well(
    operator: Operator,
) -> None:
    installed(operator)

    found = checked(operator, ERPNEXT_API_KEY="service", ERPNEXT_API_SECRET="two")

    assert found["Item FRAIS-RESIL"][0] == "good"
    for name in ("Mode of Payment", "Account"):
        assert found[name][0] == "open"
        assert "Accounts Manager" in found[name][2]
