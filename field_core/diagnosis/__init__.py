"""A diagnostic run at a customer's: what was measured, by which method, and what it means.

Pure. The device's probes and the server's readings of an ACS give results of the one schema
(DX-01); screens, the CLI and the PDF say them with the words that stand beside it.
"""

from field_core.diagnosis.absences import ABSENCES, Absence
from field_core.diagnosis.baseline import baseline_rx_dbm
from field_core.diagnosis.events import Ended, Event, Judged, Measured, ProbeEnded, ProbeStarted
from field_core.diagnosis.judging import judge_run
from field_core.diagnosis.model import Probe, Result, Run, Target
from field_core.diagnosis.profiles import PROFILES, Profile, profile_of
from field_core.diagnosis.quantities import QUANTITIES, Quantity

__all__ = [
    "ABSENCES",
    "PROFILES",
    "QUANTITIES",
    "Absence",
    "Ended",
    "Event",
    "Judged",
    "Measured",
    "Probe",
    "ProbeEnded",
    "ProbeStarted",
    "Profile",
    "Quantity",
    "Result",
    "Run",
    "Target",
    "baseline_rx_dbm",
    "judge_run",
    "profile_of",
]
