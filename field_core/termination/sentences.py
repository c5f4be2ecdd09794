"""The sentences behind a termination's figures, in French and in English, key by key.

A key is a rule, a reason, a kind of benefit, or a word for what is none of these.
"""

# ruff: noqa: E501 - two tables of sentences: one each, to be compared line by line

from collections.abc import Mapping
from typing import Final

from field_core.termination.benefits import Why
from field_core.termination.caps import Rule
from field_core.termination.contract import BenefitKind

Key = str | Rule | Why | BenefitKind

FRENCH: Final[Mapping[Key, str]] = {
    "months": "Mois comptés comme écoulés : {elapsed} sur {term} (un mois commencé compte en entier).",
    "months-whole": "Mois comptés comme écoulés : {elapsed} sur {term} (mois entiers, selon le contrat).",
    "residual": "En ligne droite sur la durée, il resterait {residual} de tous les avantages consentis ({savings}).",
    Rule.LPC_GOODS: "La loi ne retient que le rabais sur un bien acheté à la signature et nécessaire au service, réduit chaque mois : {base} − {base} × {elapsed} ÷ {over} = {amount} (Loi sur la protection du consommateur, art. 214.7, al. 1; Règlement, art. 79.10).",
    Rule.LPC_SERVICES: "Aucun bien nécessaire au service n’a été vendu au rabais : la loi permet au plus le moindre de 50,00\u00a0$ et de 10 % des services non fournis ({base}), soit {amount} (Loi sur la protection du consommateur, art. 214.7, al. 2).",
    Rule.LPC_OPEN_GOODS: "Durée indéterminée : la loi ne permet que le solde du bien payé par mensualités, réduit chaque mois : {base} − {base} × {elapsed} ÷ {over} = {amount} (Loi sur la protection du consommateur, art. 214.8; Règlement, art. 79.11).",
    Rule.LPC_OPEN: "Durée indéterminée : la loi ne permet aucune indemnité (Loi sur la protection du consommateur, art. 214.8).",
    Rule.CRTC_SUBSIDY: "Selon le Code sur les services Internet du CRTC, l’aide à l’achat d’un appareil s’éteint en {over} mois : {base} − {base} × {elapsed} ÷ {over} = {amount} (politique réglementaire 2019-269).",
    Rule.CRTC_SERVICES: "Selon le Code sur les services Internet du CRTC, sans appareil subventionné : au plus le moindre de 50,00\u00a0$ et de 10 % des mensualités restantes ({base}), soit {amount} (politique réglementaire 2019-269).",
    Rule.CRTC_NOTHING: "Depuis le 12 juin 2026, le CRTC ne permet aucuns frais de résiliation sans appareil subventionné (politique réglementaire 2026-43; Loi sur les télécommunications, art. 27.04).",
    Rule.CRTC_OPEN: "Selon le Code sur les services Internet du CRTC, un contrat à durée indéterminée sans appareil subventionné se résilie sans frais (politique réglementaire 2019-269).",
    "claim": "Le contrat lui-même ne réclame que {claim}.",
    "commercial": "Contrat commercial : les frais sont ceux que le contrat prévoit.",
    "clause-residual": "Le contrat réclame ce qui reste des avantages : {claim}.",
    "clause-remaining": "Le contrat réclame {percent} % des mensualités restantes ({left} mois) : {claim}.",
    "clause-fixed": "Le contrat réclame un montant convenu : {claim}.",
    "clause-none": "Le contrat ne prévoit aucuns frais de résiliation.",
    "charge": "Frais de résiliation : {charge}.",
    "nothing": "Frais de résiliation : aucuns.",
    "unclaimed": "Le reste, {unclaimed}, n’est pas réclamé : ces règles ne le permettent pas.",
    Why.COUNTS: "Compte : rabais sur un bien acheté à la signature et nécessaire au service.",
    Why.NOT_GOODS: "Ne compte pas : la loi ne retient que le rabais sur le prix de vente d’un bien.",
    Why.RENTED: "Ne compte pas : appareil prêté ou loué, non vendu.",
    Why.OPTIONAL: "Ne compte pas : le service fonctionne sans ce bien.",
    Why.OPEN_TERM: "Ne compte pas : le contrat est à durée indéterminée.",
    Why.COMMERCIAL: "Selon le contrat commercial.",
    BenefitKind.GOODS: "Bien",
    BenefitKind.SERVICE: "Service",
    BenefitKind.DISCOUNT: "Rabais sur le service",
    BenefitKind.INSTALLATION: "Installation",
    BenefitKind.GIFT: "Cadeau",
}  # fmt: skip
ENGLISH: Final[Mapping[Key, str]] = {
    "months": "Months counted as elapsed: {elapsed} of {term} (a month begun counts in full).",
    "months-whole": "Months counted as elapsed: {elapsed} of {term} (whole months, as the contract says).",
    "residual": "In a straight line over the term, {residual} would be left of all benefits granted ({savings}).",
    Rule.LPC_GOODS: "The law counts only the rebate on goods bought at signing and needed for the service, falling every month: {base} − {base} × {elapsed} ÷ {over} = {amount} (Consumer Protection Act, s. 214.7, par. 1; Regulation, s. 79.10).",
    Rule.LPC_SERVICES: "No goods needed for the service were sold at a rebate: the law allows at most the lesser of $50.00 and 10% of the services not supplied ({base}), that is {amount} (Consumer Protection Act, s. 214.7, par. 2).",
    Rule.LPC_OPEN_GOODS: "Open term: the law allows only the balance of goods paid off monthly, falling every month: {base} − {base} × {elapsed} ÷ {over} = {amount} (Consumer Protection Act, s. 214.8; Regulation, s. 79.11).",
    Rule.LPC_OPEN: "Open term: the law allows no indemnity (Consumer Protection Act, s. 214.8).",
    Rule.CRTC_SUBSIDY: "Under the CRTC’s Internet Code, a device subsidy falls to nothing in {over} months: {base} − {base} × {elapsed} ÷ {over} = {amount} (Regulatory Policy 2019-269).",
    Rule.CRTC_SERVICES: "Under the CRTC’s Internet Code, without a subsidised device: at most the lesser of $50.00 and 10% of the remaining monthly charges ({base}), that is {amount} (Regulatory Policy 2019-269).",
    Rule.CRTC_NOTHING: "Since June 12, 2026, the CRTC allows no early cancellation fee without a subsidised device (Regulatory Policy 2026-43; Telecommunications Act, s. 27.04).",
    Rule.CRTC_OPEN: "Under the CRTC’s Internet Code, an open term without a subsidised device ends without a fee (Regulatory Policy 2019-269).",
    "claim": "The contract itself claims only {claim}.",
    "commercial": "Commercial contract: the fee is what the contract provides.",
    "clause-residual": "The contract claims what is left of the benefits: {claim}.",
    "clause-remaining": "The contract claims {percent}% of the remaining monthly charges ({left} months): {claim}.",
    "clause-fixed": "The contract claims an agreed amount: {claim}.",
    "clause-none": "The contract provides for no termination fee.",
    "charge": "Termination fee: {charge}.",
    "nothing": "Termination fee: none.",
    "unclaimed": "The rest, {unclaimed}, is not claimed: these rules do not allow it.",
    Why.COUNTS: "Counts: rebate on goods bought at signing and needed for the service.",
    Why.NOT_GOODS: "Does not count: the law takes only a rebate on the sale price of goods.",
    Why.RENTED: "Does not count: a device lent or rented, not sold.",
    Why.OPTIONAL: "Does not count: the service works without these goods.",
    Why.OPEN_TERM: "Does not count: the contract has an open term.",
    Why.COMMERCIAL: "As the commercial contract says.",
    BenefitKind.GOODS: "Goods",
    BenefitKind.SERVICE: "Service",
    BenefitKind.DISCOUNT: "Rebate on the service",
    BenefitKind.INSTALLATION: "Installation",
    BenefitKind.GIFT: "Gift",
}  # fmt: skip


def sentences(language: str) -> Mapping[Key, str]:
    """Return the sentences of a language; French unless it is English."""
    return ENGLISH if language.startswith("en") else FRENCH
