"""One run as its probes see it: what was found before them, how to tell, and when to stop."""

import threading
from collections.abc import Callable, Iterable

from field_app.diagnostics.kit import Kit
from field_app.ports import Order
from field_core.diagnosis import QUANTITIES, Absence, Probe, Result, Target
from field_core.diagnosis.judging import graded
from field_core.instants import ms_to_text

Tell = Callable[[Probe, float, tuple[Result, ...]], None]
Series = Iterable[tuple[float, float]]


class Visit:
    """Shared by the probes of one run, each on its own thread."""

    def __init__(self, kit: Kit, order: Order, *, tell: Tell) -> None:
        self.kit = kit
        self.order = order
        self.stop = threading.Event()
        self.gateway: str | None = kit.places.gateway
        self.interface: str | None = None
        self.is_wifi: bool | None = None
        self.raw: dict[str, object] = {}
        self.idle_known = threading.Event()
        self.is_loading = threading.Event()
        self.load_over = threading.Event()
        self._tell = tell

    @property
    def is_over(self) -> bool:
        """Whether the run was cancelled or is out of time."""
        return self.stop.is_set()

    def wait(self, seconds: float) -> None:
        """Wait, unless the run ends."""
        self.stop.wait(max(seconds, 0.0))

    def tell(self, probe: Probe, share: float, *results: Result) -> None:
        """Tell how far a probe is, and what it gave so far."""
        if not self.is_over:
            self._tell(probe, min(max(share, 0.0), 1.0), results)

    def result(
        self,
        quantity: str,
        value: float | str,
        *,
        target: Target = Target.GATEWAY,
        source: str = "",
        method: str = "",
        series: Series = (),
        sent: int | None = None,
    ) -> Result:
        """Make a result of now, graded."""
        known = QUANTITIES[quantity]
        made = Result(
            probe=known.probe,
            quantity=quantity,
            target=target,
            value=round(value, 3) if isinstance(value, float) else value,
            unit=known.unit,
            source=source,
            method=method,
            measured_at=ms_to_text(self.kit.now_ms()),
            details={} if sent is None else {"sent": sent},
            series=tuple((round(at, 3), round(y, 3)) for at, y in series),
        )
        return graded(made, self.order.limits.thresholds)

    def absent(
        self, quantity: str, why: Absence, *, target: Target = Target.GATEWAY, source: str = ""
    ) -> Result:
        """Say why a quantity was not measured."""
        return Result(
            probe=QUANTITIES[quantity].probe,
            quantity=quantity,
            target=target,
            unit=QUANTITIES[quantity].unit,
            source=source,
            measured_at=ms_to_text(self.kit.now_ms()),
            absence=why,
        )


def because(code: str, **details: str | int) -> Absence:
    """Name a reason."""
    return Absence(code=code, details=details)
