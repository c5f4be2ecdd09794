"""Nobody real: reserved phone numbers and domains; and who can sign in."""

import json
import re
from collections import Counter

from field_core.capabilities import Role
from server_sync.demo import PASSWORD, Company
from tests.server.demo.reading import number

EMAIL = re.compile(r"[\w.+-]+@[\w.-]+")
PHONE = re.compile(r"\d{3}-555-01\d\d")
LONG_NUMBER = re.compile(r"\b\d{3}-\d{3}-\d{4}\b")
POSTAL_CODE = re.compile(r"J\d[A-Z] \d[ABCEGHJKLMNPRSTVWXYZ]\d")


def test_address_is_in_a_reserved_domain(any_company: Company) -> None:
    text = json.dumps(any_company.documents, ensure_ascii=False)
    found = {*EMAIL.findall(text), *(account.email for account in any_company.accounts)}
    assert len(found) > 60
    assert all(address.endswith(".test") for address in found)


def test_telephone_is_in_the_range_kept_for_fiction(any_company: Company) -> None:
    found = LONG_NUMBER.findall(json.dumps(any_company.documents))
    assert len(set(found)) == 66
    assert all(PHONE.fullmatch(text) for text in found)


def test_customer_has_a_name_of_their_own(any_company: Company) -> None:
    names = Counter(body["customer_name"] for body in any_company.documents["Customer"])
    assert set(names.values()) == {1}


def test_customers_are_mostly_people_and_some_firms(any_company: Company) -> None:
    kinds = Counter(body["customer_type"] for body in any_company.documents["Customer"])
    assert kinds == {"Individual": 51, "Company": 9}


def test_location_lies_in_the_region_with_a_postal_code_of_its_shape(any_company: Company) -> None:
    for body in any_company.documents["Service Location"]:
        assert 44.99 < number(body["latitude"]) < 45.4
        assert -74.5 < number(body["longitude"]) < -73.5
        assert POSTAL_CODE.fullmatch(str(body["postal_code"]))


def test_port_of_the_olt_serves_one_location(any_company: Company) -> None:
    ports = Counter(body["olt_port"] for body in any_company.documents["Service Location"])
    assert set(ports.values()) == {1}


def test_accounts_are_ten_with_the_four_roles(any_company: Company) -> None:
    roles = Counter(role for account in any_company.accounts for role in account.roles)
    assert roles == {
        Role.TECHNICIAN: 6,
        Role.DISPATCHER: 2,
        Role.SUPERVISOR: 1,
        Role.BILLING: 1,
    }
    assert len({account.email for account in any_company.accounts}) == 10


def test_account_of_a_technician_names_the_document_with_the_same_address(
    any_company: Company,
) -> None:
    technicians = any_company.documents["Dispatch Technician"]
    addresses = {body["name"]: body["email"] for body in technicians}
    held = {a.technician: a.email for a in any_company.accounts if a.technician}
    assert held == addresses


def test_password_says_that_it_is_a_demo_and_is_long_enough_to_sign_in(story: Company) -> None:
    assert {account.password for account in story.accounts} == {PASSWORD}
    assert "demo" in PASSWORD
    assert len(PASSWORD) >= 10


def test_technician_is_told_apart_by_colour_and_by_initials(story: Company) -> None:
    for field in ("color", "initials"):
        assert len({body[field] for body in story.documents["Dispatch Technician"]}) == 6
