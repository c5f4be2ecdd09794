"""The sums over what each audience holds: a few bytes that tell a device whether it is right."""

from sqlalchemy import Connection, bindparam, insert, select, update

from field_core.canon import add64, negate64, sum64
from server_sync.store.batches import rows_in, write
from server_sync.store.schema import feed_sum


class Sums:
    """What one transaction adds to and takes from the sums, by (audience, doctype)."""

    def __init__(self) -> None:
        self._moves: dict[tuple[str, str], tuple[int, int]] = {}

    def add(self, audience: str, doctype: str, key: str, rev: int, hashed: str) -> None:
        """Count a document in."""
        self._move(audience, doctype, 1, sum64(key, rev, hashed))

    def take(self, audience: str, doctype: str, key: str, rev: int, hashed: str) -> None:
        """Count a document out, as it was counted in."""
        self._move(audience, doctype, -1, negate64(sum64(key, rev, hashed)))

    def _move(self, audience: str, doctype: str, n: int, share: int) -> None:
        had_n, had_share = self._moves.get((audience, doctype), (0, 0))
        self._moves[audience, doctype] = had_n + n, add64(had_share, share)

    def save(self, connection: Connection) -> None:
        """Write the sums; under the numbering lock, so that nobody else moves them meanwhile."""
        have = {
            (row.audience, row.doctype): row
            for row in rows_in(connection, _SUMS, (a for a, _ in self._moves))
        }
        moves = sorted(self._moves.items())
        write(
            connection,
            _INSERT,
            [
                {"audience": audience, "doctype": doctype, "n": n, "sum64": signed(share)}
                for (audience, doctype), (n, share) in moves
                if (audience, doctype) not in have
            ],
        )
        write(
            connection,
            _UPDATE,
            [
                {
                    "b_a": audience,
                    "b_d": doctype,
                    "n": had.n + n,
                    "sum64": signed(add64(unsigned(had.sum64), share)),
                }
                for (audience, doctype), (n, share) in moves
                if (had := have.get((audience, doctype)))
            ],
        )


def signed(value: int) -> int:
    """Store an unsigned 64-bit sum in a signed column."""
    return value - (1 << 64) if value >= 1 << 63 else value


def unsigned(value: int) -> int:
    """Read back what `signed` stored."""
    return value & (1 << 64) - 1


_SUMS = select(feed_sum).where(feed_sum.c.audience.in_(bindparam("v", expanding=True)))
_INSERT = insert(feed_sum)
_UPDATE = update(feed_sum).where(
    feed_sum.c.audience == bindparam("b_a"), feed_sum.c.doctype == bindparam("b_d")
)
