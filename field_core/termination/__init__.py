"""Ending a service contract early: what the law lets us ask, and why, in plain words.

Law read as engineering input, not legal advice: Consumer Protection Act (P-40.1, here LPC)
s. 214.6 to 214.8; its regulation (P-40.1, r. 3) s. 25.7, 79.10, 79.11; the CRTC's Internet Code
(TRP 2019-269) and its amendment (TRP 2026-43).
"""

from field_core.termination.benefits import BenefitRow, Why
from field_core.termination.calculation import Limit, Termination, calculate
from field_core.termination.caps import Cap, Rule
from field_core.termination.contract import (
    Benefit,
    BenefitKind,
    Clause,
    Contract,
    FixedClause,
    Regime,
    RemainingClause,
    ResidualClause,
)
from field_core.termination.months import anniversary, months_begun
from field_core.termination.policy import POLICIES, Policy, policy_on
from field_core.termination.reading import contract_of
from field_core.termination.settlement import Settlement, settle
from field_core.termination.term import Phase, TermBar, end_of_term, notice_day, term_bar
from field_core.termination.words import explain, kind_in_words, why_in_words

__all__ = [
    "POLICIES",
    "Benefit",
    "BenefitKind",
    "BenefitRow",
    "Cap",
    "Clause",
    "Contract",
    "FixedClause",
    "Limit",
    "Phase",
    "Policy",
    "Regime",
    "RemainingClause",
    "ResidualClause",
    "Rule",
    "Settlement",
    "TermBar",
    "Termination",
    "Why",
    "anniversary",
    "calculate",
    "contract_of",
    "end_of_term",
    "explain",
    "kind_in_words",
    "months_begun",
    "notice_day",
    "policy_on",
    "settle",
    "term_bar",
    "why_in_words",
]
