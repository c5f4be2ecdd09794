"""The first step of ending a contract: work everything out, write nothing.

    consumer:    the least of the Act's cap, the Internet Code's cap if it is followed, and the
                 contract's own clause if it has one
    commercial:  the contract's own clause

The second step quotes `calc_id`: the same inputs on the same rules give the same id, and anything
that changed gives another.
"""

import hashlib
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum

from field_core.canon import Json, dump
from field_core.money import ZERO, as_text
from field_core.problems import ProblemError
from field_core.termination.benefits import BenefitRow, goods_rebate_of, residual_of, table_of
from field_core.termination.caps import Cap, crtc_cap, lpc_fixed, lpc_open
from field_core.termination.clauses import claim_of
from field_core.termination.contract import Contract, Regime
from field_core.termination.months import anniversary, months_begun
from field_core.termination.policy import POLICIES, Policy, last_day_of, policy_on


class Limit(Enum):
    """What decided the charge."""

    LPC = "Consumer Protection Act"
    CRTC = "Internet Code"
    CLAUSE = "the contract's own clause"
    NO_CLAUSE = "a commercial contract without a clause"


@dataclass(frozen=True, slots=True)
class Termination:
    """A contract's end, worked out. Amounts in dollars; `residual` is the straight-line total."""

    contract: Contract
    end: date
    months_elapsed: int
    months_left: int
    policy: Policy
    follows_crtc: bool
    rows: tuple[BenefitRow, ...]
    residual: Decimal
    lpc: Cap | None
    crtc: Cap | None
    """Worked out also where it is not followed, for information."""
    claim: Decimal | None
    """What the contract's own clause claims; None without one."""
    charge: Decimal
    limit: Limit
    holds_until: date | None
    """The last end date with the same figures; None when they do not change any more."""

    @property
    def calc_id(self) -> str:
        """The sha256 of what went in and what came out, in hexadecimal."""
        return hashlib.sha256(dump(_facts(self)).encode()).hexdigest()


def calculate(contract: Contract, end: date, *, follows_crtc: bool = True) -> Termination:
    """Work out what may be charged when a contract ends on `end`, its last day.

    `follows_crtc` is counsel's switch: whether the Internet Code binds this provider, or is
    followed anyway. Raises ProblemError `termination-date` for a day before the contract's start.
    """
    policy = _policy(contract, end)
    elapsed = _elapsed(contract, end)
    left = 0 if contract.term_months is None else contract.term_months - elapsed
    rows = table_of(contract, elapsed)
    residual = residual_of(rows)
    lpc, crtc = _caps(contract, policy, rows, elapsed)
    clause = contract.clause
    claim = claim_of(clause, contract, residual=residual, left=left) if clause else None
    charge, limit = _least(lpc, crtc if follows_crtc else None, claim)
    return Termination(
        contract=contract,
        end=end,
        months_elapsed=elapsed,
        months_left=left,
        policy=policy,
        follows_crtc=follows_crtc,
        rows=rows,
        residual=residual,
        lpc=lpc,
        crtc=crtc,
        claim=claim,
        charge=charge,
        limit=limit,
        holds_until=_holds_until(contract, end, policy),
    )


def _policy(contract: Contract, end: date) -> Policy:
    policy = policy_on(end)
    if policy is None or end < contract.start:
        first = max(contract.start, POLICIES[0].since)
        raise ProblemError("termination-date", first=first.isoformat())
    return policy


def _elapsed(contract: Contract, end: date) -> int:
    """Count months, the one begun included unless a commercial contract leaves it out."""
    counted = months_begun(contract.start, end) - contract.leaves_begun_month_out
    return counted if contract.term_months is None else min(counted, contract.term_months)


def _caps(
    contract: Contract, policy: Policy, rows: tuple[BenefitRow, ...], elapsed: int
) -> tuple[Cap | None, Cap | None]:
    """Return the Act's cap and the Code's; a commercial contract has neither."""
    if contract.regime is Regime.COMMERCIAL:
        return None, None
    term, monthly = contract.term_months, contract.monthly
    subsidy = contract.unpaid if term is None else goods_rebate_of(rows)
    by_act = lpc_fixed(subsidy, monthly, elapsed, term) if term else lpc_open(subsidy, elapsed)
    by_code = crtc_cap(policy.crtc, subsidy=subsidy, monthly=monthly, elapsed=elapsed, term=term)
    return by_act, by_code


def _least(lpc: Cap | None, crtc: Cap | None, claim: Decimal | None) -> tuple[Decimal, Limit]:
    """Return the lowest of what there is; of two alike, the law goes first."""
    found = [(cap.amount, of) for cap, of in ((lpc, Limit.LPC), (crtc, Limit.CRTC)) if cap]
    if claim is not None:
        found.append((claim, Limit.CLAUSE))
    return min(found, key=lambda one: one[0], default=(ZERO, Limit.NO_CLAUSE))


def _holds_until(contract: Contract, end: date, policy: Policy) -> date | None:
    """Return the last day before a month begins that still counts, or before new rules."""
    begun, term = months_begun(contract.start, end), contract.term_months
    turns = None
    if term is None or begun < term + contract.leaves_begun_month_out:
        turns = anniversary(contract.start, begun) - timedelta(days=1)
    days = [day for day in (turns, last_day_of(policy)) if day]
    return min(days, default=None)


def _facts(found: Termination) -> dict[str, Json]:
    """Return inputs and result as JSON: amounts as text, so that no float stands between."""
    contract = asdict(found.contract)
    contract["clause"] = [type(found.contract.clause).__name__, contract["clause"]]
    return {
        "contract": _plain(contract),
        "end": found.end.isoformat(),
        "policy": found.policy.version,
        "follows_crtc": found.follows_crtc,
        "months_elapsed": found.months_elapsed,
        "residual": as_text(found.residual),
        "lpc": as_text(found.lpc.amount) if found.lpc else None,
        "crtc": as_text(found.crtc.amount) if found.crtc else None,
        "charge": as_text(found.charge),
    }


def _plain(value: object) -> Json:
    if isinstance(value, dict):
        return {str(name): _plain(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return value if value is None or isinstance(value, (bool, int)) else str(value)
