"""Every published vector of billing: tokens, codes, taxes, terminations, periods."""

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest

from field_core.pay_keys import KeyRing, PayKey
from field_core.referral import code_of
from field_core.service_period import period_text
from field_core.taxes import taxes_on
from field_core.termination import (
    Benefit,
    BenefitKind,
    Contract,
    Regime,
    Termination,
    calculate,
    months_begun,
)
from field_core.tokens import ALL_USES, PayToken, Use, sign, verify

FILE: Final[dict[str, Any]] = json.loads(
    (Path(__file__).parents[2] / "fixtures" / "billing_vectors.json").read_text(encoding="utf-8")
)
"""Made for this project beside the specification of billing, copied unchanged; two of its
terminations are the examples that the Office de la protection du consommateur published."""
SECRET: Final = bytes.fromhex(FILE["secret_hex"])

Vector = dict[str, Any]


def holds_for_a_token(vector: Vector) -> None:
    key = PayKey(vector["kid"], SECRET)
    use, expires_at_s = Use(vector["use"]), vector["expires_at"]

    token = sign(vector["invoice"], use=use, expires_at_s=expires_at_s, key=key)

    assert token == vector["token"]
    read = verify(token, ring=KeyRing((key,)), accepts=ALL_USES, now_s=expires_at_s - 1)
    assert read == PayToken(vector["invoice"], use, expires_at_s)


def holds_for_a_referral_code(vector: Vector) -> None:
    made = code_of(vector["customer"], secret=SECRET, salt=vector["salt"])

    assert made == vector["code"]


def holds_for_taxes(vector: Vector) -> None:
    taxes = taxes_on(Decimal(vector["net"]))

    found = {name: str(getattr(taxes, name)) for name in ("net", "tps", "tvq", "total")}
    assert found == vector


def holds_for_a_fixed_term(vector: Vector) -> None:
    rebate = Benefit("Modem", BenefitKind.GOODS, Decimal(vector["goods_rebate"]))
    found = ended(
        vector,
        term_months=vector["term_months"],
        monthly=Decimal(vector["monthly"]),
        benefits=(rebate,),
    )

    assert found.lpc
    assert found.crtc
    assert found.months_elapsed == vector["months_elapsed"]
    assert (found.lpc.amount, found.lpc.rule) == (Decimal(vector["lpc_max"]), vector["rule"])
    assert found.crtc.amount == Decimal(vector["crtc_24m_cap"])
    assert found.charge == Decimal(vector["policy_min_of_both"])


def holds_for_an_open_term(vector: Vector) -> None:
    found = ended(
        vector, term_months=None, monthly=Decimal("59.95"), unpaid=Decimal(vector["unpaid"])
    )

    assert found.lpc
    assert found.months_elapsed == vector["months_elapsed"]
    assert (found.lpc.amount, found.lpc.rule) == (Decimal(vector["lpc_max"]), vector["rule"])


def ended(vector: Vector, **fields: Any) -> Termination:  # noqa: ANN401 - any field
    start, end = date.fromisoformat(vector["start"]), date.fromisoformat(vector["end"])
    assert months_begun(start, end) == vector["months_elapsed"]
    return calculate(Contract("CTR-1", Regime.CONSUMER, start=start, **fields), end)


def holds_for_a_service_period(vector: Vector) -> None:
    start, end = date.fromisoformat(vector["from"]), date.fromisoformat(vector["to"])

    assert period_text(start, end) == vector["fr"]


_TERMINATION: Final = {"case", "start", "end", "months_elapsed", "lpc_max", "rule"}
SECTIONS: Final[dict[str, tuple[int, set[str], Callable[[Vector], None]]]] = {
    "pay_tokens": (3, {"kid", "use", "invoice", "expires_at", "token"}, holds_for_a_token),
    "referral": (3, {"customer", "salt", "code"}, holds_for_a_referral_code),
    "taxes_qc": (11, {"net", "tps", "tvq", "total"}, holds_for_taxes),
    "termination_fixed": (
        8,
        _TERMINATION
        | {"term_months", "goods_rebate", "monthly", "crtc_24m_cap", "policy_min_of_both"},
        holds_for_a_fixed_term,
    ),
    "termination_open": (1, _TERMINATION | {"unpaid"}, holds_for_an_open_term),
    "service_periods": (6, {"from", "to", "fr"}, holds_for_a_service_period),
}
"""How many vectors a section has, what each says, and what checks it."""


def vectors() -> list[tuple[str, int, Vector]]:
    return [
        (section, at, vector)
        for section in FILE.keys() - {"note", "secret_hex"}
        for at, vector in enumerate(FILE[section])
    ]


def test_every_section_of_the_file_is_checked_with_as_many_vectors_as_it_has() -> None:
    sections = {name: len(FILE[name]) for name in FILE.keys() - {"note", "secret_hex"}}

    assert sections == {name: count for name, (count, _, _) in SECTIONS.items()}
    assert len(vectors()) == 32


@pytest.mark.parametrize(
    ("section", "vector"),
    [(section, vector) for section, _, vector in sorted(vectors(), key=lambda v: v[:2])],
    ids=[f"{section}-{at}" for section, at, _ in sorted(vectors(), key=lambda v: v[:2])],
)
def test_vector_holds(section: str, vector: Vector) -> None:
    _, fields, holds = SECTIONS[section]

    assert vector.keys() == fields, "a field that no check looks at"
    holds(vector)
