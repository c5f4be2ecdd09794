"""Which probes a run makes, in which order, by the type of its job.

The probes of one stage run at once; a later stage waits, so that a transfer disturbs no ping. The
first two stages answer the question "is it the house or the line" within ten seconds.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from field_core.diagnosis.model import Probe

Stage = tuple[Probe, ...]


class Profile(NamedTuple):
    """A named order of probes, its words, and how long all of it may take in seconds."""

    name: str
    fr: str
    en: str
    stages: tuple[Stage, ...]
    time_max_s: float

    @property
    def probes(self) -> tuple[Probe, ...]:
        """All of its probes, in order."""
        return tuple(probe for stage in self.stages for probe in stage)


_HERE: Final[Stage] = (Probe.GATEWAY, Probe.LINK)
_AROUND: Final[Stage] = (Probe.DNS, Probe.PING, Probe.IGD, Probe.SNMP)
_PATH: Final[Stage] = (Probe.TRACE,)
_LOAD: Final[Stage] = (Probe.THROUGHPUT, Probe.LOADED)

QUICK_MAX_S: Final = 12.0
FULL_MAX_S: Final = 40.0
"""On a healthy line 25 s; a line where everything times out is given up here."""

PROFILES: Final[Mapping[str, Profile]] = {
    profile.name: profile
    for profile in (
        Profile("full", "Essai complet", "Full test", (_HERE, _AROUND, _PATH, _LOAD), FULL_MAX_S),
        Profile(
            "proof",
            "Preuve d’installation",
            "Proof of installation",
            (_HERE, _AROUND, _LOAD),
            FULL_MAX_S,
        ),
        Profile("quick", "Essai rapide", "Quick test", (_HERE, _AROUND), QUICK_MAX_S),
    )
}

_OF_JOB_TYPE: Final[Mapping[str, str]] = {
    "Install": "proof",
    "Swap": "proof",
    "Repair": "full",
    "Service Call": "full",
    "Maintenance": "quick",
    "Removal": "quick",
    "Survey": "quick",
}


def profile_of(job_type: str | None) -> Profile:
    """Return what a job of this type asks for; any other one, and none, ask for all of it."""
    return PROFILES[_OF_JOB_TYPE.get(job_type or "", "full")]
