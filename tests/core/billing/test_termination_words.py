"""The reason of a charge in plain French and English."""

# ruff: noqa: ANN401, ISC004 - any field or option; sentences broken where the line ends

import string
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from field_core.money_text import NO_BREAK, write_amount
from field_core.termination import (
    BenefitKind,
    Contract,
    FixedClause,
    Limit,
    RemainingClause,
    ResidualClause,
    Rule,
    Why,
    calculate,
    explain,
    kind_in_words,
    why_in_words,
)
from field_core.termination.sentences import ENGLISH, FRENCH, Key
from tests.core.billing.making import INSTALLATION, D, commercial, contract, goods
from tests.core.billing.test_termination import ended

APRIL, JUNE = date(2026, 4, 23), date(2026, 6, 20)


def said(known: Contract, end: date = APRIL, language: str = "fr", **options: Any) -> list[str]:
    found = calculate(known, end, **options)
    return [line.replace(NO_BREAK, " ") for line in explain(found, language)]


def test_b_11_is_explained_in_french() -> None:
    assert said(contract(goods(), INSTALLATION)) == [
        "Mois comptés comme écoulés : 11 sur 24 (un mois commencé compte en entier).",
        "En ligne droite sur la durée, il resterait 211,22 $ de tous les avantages consentis"
        " (389,95 $).",
        "La loi ne retient que le rabais sur un bien acheté à la signature et nécessaire au"
        " service, réduit chaque mois : 240,00 $ − 240,00 $ × 11 ÷ 24 = 130,00 $ (Loi sur la"
        " protection du consommateur, art. 214.7, al. 1; Règlement, art. 79.10).",
        "Selon le Code sur les services Internet du CRTC, l’aide à l’achat d’un appareil s’éteint"
        " en 24 mois : 240,00 $ − 240,00 $ × 11 ÷ 24 = 130,00 $ (politique réglementaire"
        " 2019-269).",
        "Frais de résiliation : 130,00 $.",
        "Le reste, 81,22 $, n’est pas réclamé : ces règles ne le permettent pas.",
    ]


def test_b_12_is_explained_in_english() -> None:
    assert said(contract(INSTALLATION), JUNE, "en-CA") == [
        "Months counted as elapsed: 13 of 24 (a month begun counts in full).",
        "In a straight line over the term, $68.73 would be left of all benefits granted ($149.95).",
        "No goods needed for the service were sold at a rebate: the law allows at most the lesser"
        " of $50.00 and 10% of the services not supplied ($87.95), that is $50.00 (Consumer"
        " Protection Act, s. 214.7, par. 2).",
        "Since June 12, 2026, the CRTC allows no early cancellation fee without a subsidised"
        " device (Regulatory Policy 2026-43; Telecommunications Act, s. 27.04).",
        "Termination fee: none.",
        "The rest, $68.73, is not claimed: these rules do not allow it.",
    ]


def test_code_that_is_not_followed_is_not_quoted() -> None:
    lines = said(contract(), JUNE, follows_crtc=False)

    assert not any("CRTC" in line for line in lines)
    assert lines[-1] == "Frais de résiliation : 50,00 $."


def test_open_term_is_explained_without_a_term() -> None:
    assert said(contract(INSTALLATION, term_months=None), language="en") == [
        "Open term: the law allows no indemnity (Consumer Protection Act, s. 214.8).",
        "Under the CRTC’s Internet Code, an open term without a subsidised device ends without a"
        " fee (Regulatory Policy 2019-269).",
        "Termination fee: none.",
    ]


@pytest.mark.parametrize(
    ("fields", "clause"),
    [
        ({"clause": ResidualClause()}, "Le contrat réclame ce qui reste des avantages : 130,00 $."),
        (
            {"clause": RemainingClause(D("0.125"))},
            "Le contrat réclame 12,5 % des mensualités restantes (13 mois) : 129,92 $.",
        ),
        ({"clause": FixedClause(D(300))}, "Le contrat réclame un montant convenu : 300,00 $."),
        ({}, "Le contrat ne prévoit aucuns frais de résiliation."),
    ],
)
def test_commercial_contract_is_explained_by_its_clause(fields: Any, clause: str) -> None:
    lines = said(commercial(goods(), **fields))

    assert lines[2:4] == [
        "Contrat commercial : les frais sont ceux que le contrat prévoit.",
        clause,
    ]
    assert not any("loi" in line for line in lines)


def test_contract_that_counts_whole_months_says_so() -> None:
    assert said(commercial(counts_whole_months=True), language="en")[0] == (
        "Months counted as elapsed: 10 of 24 (whole months, as the contract says)."
    )


def test_consumer_hears_of_a_clause_that_asks_less() -> None:
    lines = said(contract(goods(), clause=FixedClause(D("25.00"))))

    assert lines[-2:] == [
        "Le contrat lui-même ne réclame que 25,00 $.",
        "Frais de résiliation : 25,00 $.",
    ]


@given(ended(), st.booleans(), st.sampled_from(["fr", "en"]))
def test_every_case_is_explained_and_names_its_charge_and_its_law(
    case: tuple[Contract, date],
    follows_crtc: bool,  # noqa: FBT001 - drawn
    language: str,
) -> None:
    found = calculate(*case, follows_crtc=follows_crtc)
    text = "\n".join(explain(found, language))

    assert "{" not in text
    assert "None" not in text
    assert not found.charge or write_amount(found.charge, language) in text
    assert not found.lpc or ("214.7" in text or "214.8" in text)
    assert found.limit is not Limit.CRTC or "CRTC" in text


def test_both_languages_say_the_same_things_with_the_same_figures() -> None:
    def fields(text: str) -> list[str]:
        return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name)

    assert FRENCH.keys() == ENGLISH.keys()
    assert {*Rule, *Why, *BenefitKind} <= FRENCH.keys()
    for key, text in FRENCH.items():
        assert fields(text) == fields(ENGLISH[key]), key
        assert text != ENGLISH[key] or isinstance(key, BenefitKind)


@pytest.mark.parametrize("key", FRENCH)
def test_french_follows_the_typography_of_quebec(key: Key) -> None:
    for mark in (" ;", "'", '"', "  "):
        assert mark not in FRENCH[key]


def test_row_and_kind_are_said_in_both_languages() -> None:
    (row,) = calculate(contract(goods(is_rented=True)), APRIL).rows

    assert why_in_words(row) == "Ne compte pas : appareil prêté ou loué, non vendu."
    assert why_in_words(row, "en") == "Does not count: a device lent or rented, not sold."
    assert (kind_in_words(BenefitKind.GIFT), kind_in_words(BenefitKind.GIFT, "en")) == (
        "Cadeau",
        "Gift",
    )
