"""Fees that may no longer be billed since 2026-06-12 are pointed out (B-12)."""

from datetime import date

import pytest

from field_core.barred_fees import SINCE, BarredFee, barred_fee
from tests.core.billing.making import D


@pytest.mark.parametrize(
    ("description", "fee"),
    [
        ("Frais d’activation", BarredFee.ACTIVATION),
        ("Réactivation du service", BarredFee.ACTIVATION),
        ("Mise en service", BarredFee.ACTIVATION),
        ("Set-up fee", BarredFee.ACTIVATION),
        ("Frais de changement de forfait", BarredFee.MODIFICATION),
        ("Plan change fee", BarredFee.MODIFICATION),
        ("Fee for change of plan", BarredFee.MODIFICATION),
        ("Frais de modification", BarredFee.MODIFICATION),
        ("Frais d’installation", None),
        ("Installation et activation", None),
        ("Internet 500", None),
        ("Exchange fee", None),
        ("Désactivation du pare-feu", None),
    ],
)
def test_fee_that_is_barred_is_found_by_its_words(description: str, fee: BarredFee | None) -> None:
    assert barred_fee(description, D("35.00"), invoiced_on=SINCE) is fee


def test_fee_was_allowed_the_day_before_and_a_credit_always_is() -> None:
    assert barred_fee("Activation", D("35.00"), invoiced_on=date(2026, 6, 11)) is None
    assert barred_fee("Activation", D("-35.00"), invoiced_on=SINCE) is None
    assert barred_fee("Activation", D("0.00"), invoiced_on=SINCE) is None
