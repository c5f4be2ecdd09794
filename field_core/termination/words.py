"""Why a charge is what it is, sentence by sentence, in French and in English.

The straight-line total of the contract stands beside the lawful charge, with the sum, the law and
the article, so that a clerk can read it out and a customer can check it.
"""

from collections.abc import Iterator

from field_core.money import ZERO
from field_core.money_text import write_amount
from field_core.termination.benefits import BenefitRow, savings_of
from field_core.termination.calculation import Limit, Termination
from field_core.termination.caps import Cap
from field_core.termination.contract import BenefitKind, FixedClause, Regime, RemainingClause
from field_core.termination.sentences import Key, sentences


def explain(termination: Termination, language: str = "fr") -> tuple[str, ...]:
    """Return the sentences that lead from the contract to its charge."""
    words, values = sentences(language), _values(termination, language)
    return (
        *(words[key].format(**values) for key in _term_keys(termination)),
        *(words[cap.rule].format(**_cap_values(cap, language)) for cap in _caps(termination)),
        *(words[key].format(**values) for key in _clause_keys(termination)),
        *(words[key].format(**values) for key in _charge_keys(termination)),
    )


def why_in_words(row: BenefitRow, language: str = "fr") -> str:
    """Say why a benefit counts for the legal cap, or does not."""
    return sentences(language)[row.why]


def kind_in_words(kind: BenefitKind, language: str = "fr") -> str:
    """Name a kind of benefit."""
    return sentences(language)[kind]


def _term_keys(found: Termination) -> Iterator[Key]:
    if found.contract.term_months is None:
        return
    yield "months-whole" if found.contract.leaves_begun_month_out else "months"
    if found.rows:
        yield "residual"


def _caps(found: Termination) -> Iterator[Cap]:
    if found.lpc:
        yield found.lpc
    if found.crtc and found.follows_crtc:
        yield found.crtc


def _clause_keys(found: Termination) -> Iterator[Key]:
    """A consumer hears of the clause only when it asks for less than the law allows."""
    if found.contract.regime is Regime.COMMERCIAL:
        yield "commercial"
        yield _clause_key(found)
    elif found.limit is Limit.CLAUSE:
        yield "claim"


def _clause_key(found: Termination) -> Key:
    match found.contract.clause:
        case None:
            return "clause-none"
        case RemainingClause():
            return "clause-remaining"
        case FixedClause():
            return "clause-fixed"
        case _:
            return "clause-residual"


def _charge_keys(found: Termination) -> Iterator[Key]:
    yield "charge" if found.charge else "nothing"
    is_capped = found.limit in {Limit.LPC, Limit.CRTC}
    if is_capped and found.residual > found.charge:
        yield "unclaimed"


def _values(found: Termination, language: str) -> dict[str, str]:
    clause = found.contract.clause
    share = clause.share if isinstance(clause, RemainingClause) else ZERO
    amounts = {
        "residual": found.residual,
        "savings": savings_of(found.rows),
        "charge": found.charge,
        "claim": found.claim or ZERO,
        "unclaimed": found.residual - found.charge,
    }
    return {
        **{name: write_amount(amount, language) for name, amount in amounts.items()},
        "elapsed": str(found.months_elapsed),
        "term": str(found.contract.term_months),
        "left": str(found.months_left),
        "percent": f"{(share * 100).normalize():f}".replace(".", _point(language)),
    }


def _cap_values(cap: Cap, language: str) -> dict[str, str]:
    amounts = {"base": cap.base, "amount": cap.amount}
    return {
        **{name: write_amount(amount, language) for name, amount in amounts.items()},
        "elapsed": str(cap.elapsed),
        "over": str(cap.over),
    }


def _point(language: str) -> str:
    return "." if language.startswith("en") else ","
