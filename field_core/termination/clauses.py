"""What a contract's own clause claims, before any law looks at it."""

from decimal import Decimal
from typing import assert_never

from field_core.money import ZERO, half_up
from field_core.termination.contract import (
    Clause,
    Contract,
    FixedClause,
    RemainingClause,
    ResidualClause,
)


def claim_of(clause: Clause, contract: Contract, *, residual: Decimal, left: int) -> Decimal:
    """Return the claim in dollars with `left` months to go; nothing when none are left.

    An open term has nothing to keep to, so only an amount that was agreed for it can be claimed.
    """
    match clause:
        case ResidualClause():
            return residual
        case RemainingClause(share):
            return half_up(share * contract.monthly * left)
        case FixedClause(amount):
            return amount if left or contract.term_months is None else ZERO
        case _:
            assert_never(clause)
