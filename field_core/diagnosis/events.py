"""What a run tells while it goes on, in order: probes start, measure and end; then the run ends."""

from dataclasses import dataclass

from field_core.cpe.verdict import Verdict
from field_core.diagnosis.model import Probe, Result, Run


@dataclass(frozen=True, slots=True)
class ProbeStarted:
    """A probe has begun; it is given up after `time_max_s` seconds."""

    probe: Probe
    time_max_s: float


@dataclass(frozen=True, slots=True)
class Measured:
    """Something is known: a share of the probe (0 to 1), and what it gave so far."""

    probe: Probe
    share: float
    results: tuple[Result, ...] = ()


@dataclass(frozen=True, slots=True)
class ProbeEnded:
    """A probe is over: these are its results, absences included; they replace what came before."""

    probe: Probe
    results: tuple[Result, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """What all results so far mean, the headline first; told again whenever it changes."""

    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True)
class Ended:
    """The run is over, by itself or cut short; always the last event, and always told."""

    run: Run


Event = ProbeStarted | Measured | ProbeEnded | Judged | Ended
