"""A caller says a name, a number, a street, an invoice: the clerk finds the customer."""

import pytest

from server_sync.billing.desk.finding import PATTERNS_MAX, _patterns, find
from tests.server.billing.shop import INVOICE, Shop


async def found(shop: Shop, typed: str) -> list[tuple[str, str]]:
    rows = (await find(shop.billing.till.client, typed)).rows
    return [(row.customer_name, row.found_by) for row in rows]


async def test_customer_is_found_however_a_caller_says_who_it_is(shop: Shop) -> None:
    shop.location(shop.customer(customer_name="Zoé Côté", mobile_no="(450) 555-0199",
                                email_id="zoe@exemple.test", legacy_account_id="C-20001"),
                  "14, rang Double")  # fmt: skip
    gilles, zoe = ("Gilles D.", ""), ("Zoé Côté", "")

    assert await found(shop, "gilles") == [gilles]
    assert await found(shop, "COTE zoe") == [zoe]
    assert await found(shop, "zoe lilas") == []
    assert await found(shop, "zoe cote") == [zoe]
    assert await found(shop, "côté") == [zoe]
    assert await found(shop, "4505550199") == [zoe]
    assert await found(shop, "450-555-0199") == [zoe]
    assert await found(shop, "c-20001") == [zoe]
    assert await found(shop, "zoe@exemple") == [zoe]
    assert await found(shop, "cust-00001") == [gilles]
    assert await found(shop, "rang double") == [("Zoé Côté", "14, rang Double, Saint-Rémi")]
    assert await found(shop, INVOICE.lower()) == [("Gilles D.", INVOICE)]


@pytest.mark.parametrize("typed", ["", "g", " ", "%", "%%%", "__", "'; DROP TABLE", "\\", "xyzzy"])
async def test_what_means_nobody_finds_nobody(shop: Shop, typed: str) -> None:
    assert await found(shop, typed) == []


async def test_name_of_vowels_is_found_among_everybody(shop: Shop) -> None:
    """A pattern that matched everybody would end before her."""
    for number in range(120):
        shop.customer(customer_name=f"Abcd Efgh {number}", legacy_account_id=f"X-{number}")
    shop.customer(customer_name="Zénaïde Aïoli")

    assert await found(shop, "zenaide") == [("Zénaïde Aïoli", "")]
    assert await found(shop, "aioli") == [("Zénaïde Aïoli", "")]


def test_patterns_stay_few_whatever_is_typed() -> None:
    assert _patterns(["lucie"])[0] == "%lucie%"
    assert "%c_t_%" in _patterns(["cote"])
    assert len(_patterns(["aeiou" * 15])) == PATTERNS_MAX
    assert _patterns(["a%b_c"])[0] == "%a_b_c%"


async def test_exact_account_comes_first_and_closed_customers_last(shop: Shop) -> None:
    shop.customer(customer_name="Anne C-10370", legacy_account_id="C-1")
    shop.customer(customer_name="Closed C-10370", legacy_account_id="C-2", disabled=1)

    assert [name for name, _ in await found(shop, "C-10370")] == [
        "Gilles D.",
        "Anne C-10370",
        "Closed C-10370",
    ]
