"""What an invoice tells, as a value, and how it is put in words."""

from datetime import date
from decimal import Decimal

import pytest

from server_sync.billing.printed import Company, Layout, printed
from server_sync.billing.statement import (
    ADDRESS_CHARACTERS_MAX,
    Earlier,
    Statement,
    Summary,
    recipient_of,
    shortened,
    statement_of,
)
from server_sync.billing.words import catalogue

COMPANY = Company("TARGO", "1867, chemin de la Rivière", "855 888-2746", "1 RT0001", "1 TQ0001")
CUSTOMER = {"name": "CUST-1", "customer_name": "Gilles D.", "language": "fr"}
PLACES = [
    {"name": "LOC-1", "civic_address": "12, rang du Cordon", "city": "Saint-Rémi"},
    {"name": "LOC-2", "civic_address": "9, rue des Lilas", "city": "Saint-Anicet"},
]
INVOICE = {
    "name": "SINV-2026-700010",
    "posting_date": "2026-04-16",
    "due_date": "2026-05-16",
    "net_total": 100.0,
    "grand_total": 114.98,
    "items": [
        {"item_name": "Fibre", "amount": 70.0, "service_location": "LOC-1",
         "service_start_date": "2026-04-16", "service_end_date": "2026-04-30"},
        {"item_name": "Frais divers", "amount": 5.0},
        {"item_name": "Fibre", "amount": 45.0, "service_location": "LOC-2"},
        {"item_name": "Installation", "amount": 20.0, "service_location": "LOC-2"},
        {"item_name": "Boni", "amount": -40.0, "service_location": "LOC-1"},
    ],
    "taxes": [
        {"account_head": "TPS - GF", "rate": 5.0, "tax_amount": 5.0},
        {"account_head": "TVQ - GF", "rate": 9.975, "tax_amount": 9.98},
    ],
}  # fmt: skip


def told(earlier: Earlier | None = None, **customer: object) -> Statement:
    return statement_of(INVOICE, customer=CUSTOMER | customer, locations=PLACES, earlier=earlier)


def drawn(statement: Statement) -> dict[str, object]:
    return printed(statement, company=COMPANY, layout=Layout(), qr=None, referral_code=None)


def test_b17_lines_are_grouped_by_location_and_dated_as_they_are_billed() -> None:
    places = drawn(told())["places"]
    assert isinstance(places, list)

    assert [
        (place["title"], [(c["text"], c["period"], c["amount"]) for c in place["charges"]])
        for place in places
    ] == [
        (
            "12, rang du Cordon, Saint-Rémi",
            [
                ("Fibre", "(16\xa0avril\xa0au\xa030\xa0avril)", "70,00\xa0$"),
                ("Boni", None, "−40,00\xa0$"),
            ],
        ),
        (
            "9, rue des Lilas, Saint-Anicet",
            [
                ("Fibre", "(1er\xa0avril\xa0au\xa030\xa0avril)", "45,00\xa0$"),
                ("Installation", None, "20,00\xa0$"),
            ],
        ),
        ("Autres frais", [("Frais divers", "(1er\xa0avril\xa0au\xa030\xa0avril)", "5,00\xa0$")]),
    ]


@pytest.mark.parametrize(
    ("language", "labels"),
    [
        ("fr", ["Sous-total avant taxes", "TPS 5\xa0%", "TVQ 9,975\xa0%"]),
        ("en", ["Subtotal before taxes", "GST 5%", "QST 9.975%"]),
    ],
)
def test_taxes_are_named_apart_and_never_added(language: str, labels: list[str]) -> None:
    data = drawn(told(language=language))

    totals = data["totals"]
    assert isinstance(totals, list)
    assert [row["label"] for row in totals] == labels
    assert "14.975" not in str(data)
    assert "14,975" not in str(data)


def test_summary_reconciles_and_is_part_of_what_is_due() -> None:
    statement = told(Earlier(owed=Decimal("12.50"), paid=Decimal("91.93")))

    assert statement.summary == Summary(Decimal("104.43"), Decimal("91.93"), Decimal("12.50"))
    assert statement.amount_due == Decimal("127.48")


def test_credit_on_the_account_is_said_to_be_one() -> None:
    due = drawn(told(Earlier(owed=Decimal("-200.00"), paid=Decimal(0))))["due"]

    assert due == {"label": "Crédit à votre compte", "text": "85,02\xa0$", "by": None}


def test_date_in_the_middle_of_the_month_keeps_the_words() -> None:
    assert told().issued == date(2026, 4, 16)


def test_recipient_has_no_number_sign_and_two_spaces_before_the_code() -> None:
    place = {"civic_address": "12 #4, rang du Cordon", "city": "Saint-Rémi", "province": "QC",
             "postal_code": "j0l 2l0"}  # fmt: skip

    lines = list(recipient_of(CUSTOMER, [place]))

    assert lines == ["Gilles D.", "12 4, rang du Cordon", "Saint-Rémi QC\xa0\xa0J0L 2L0"]


def test_recipient_too_long_for_the_window_goes_on_in_the_next_line() -> None:
    lines = list(recipient_of({"name": "x", "customer_name": "Œuvre " * 12 + "x" * 50}, []))

    assert max(map(len, lines)) <= ADDRESS_CHARACTERS_MAX
    assert "".join(lines).replace(" ", "") == "Œuvre" * 12 + "x" * 50


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Fibre", "Fibre"),
        ("  Fibre   500 ", "Fibre 500"),
        ("Téléphonie illimitée", "Téléphonie…"),
        ("é" * 30, "é" * 14 + "…"),
    ],
)
def test_item_name_is_cut_at_a_word(name: str, short: str) -> None:
    assert shortened(name, 15) == short


def test_both_languages_say_the_same_things_with_the_same_values() -> None:
    french, english = catalogue("fr-CA"), catalogue("en")

    def fields(text: str) -> list[str]:
        return sorted(part.partition("}")[0] for part in text.split("{")[1:])

    assert french.keys() == english.keys()
    assert {k: fields(v) for k, v in french.items()} == {k: fields(v) for k, v in english.items()}
