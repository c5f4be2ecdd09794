"""How much goes wrong: chances that the seed scales, all zero while the world comes to rest."""

import random
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Faults:
    """Chances of each fault at the moment it could happen; server_crash: in each turn."""

    drop_request: float = 0.0
    drop_reply: float = 0.0
    repeat_request: float = 0.0
    cut_body: float = 0.0
    captive: float = 0.0
    device_crash: float = 0.0
    server_crash: float = 0.0
    erp_lost_answer: float = 0.0
    erp_refused_conflict: float = 0.0
    erp_down: float = 0.0

    @classmethod
    def of(cls, rng: random.Random) -> "Faults":
        """Return this seed's weather: some seeds are calm, some dreadful."""
        bad = rng.choice((0.2, 1.0, 1.0, 2.5))
        return cls(
            drop_request=0.05 * bad,
            drop_reply=0.06 * bad,
            repeat_request=0.04 * bad,
            cut_body=0.04 * bad,
            captive=0.01 * bad,
            device_crash=0.02 * bad,
            server_crash=0.002 * bad,
            erp_lost_answer=0.05 * bad,
            erp_refused_conflict=0.04 * bad,
            erp_down=0.01 * bad,
        )


CALM = Faults()
