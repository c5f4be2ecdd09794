"""Customer equipment, read: device documents, SNMP walks and gateway answers, and verdicts.

Pure and total: no IO, no clock, and no input of any kind raises.
"""

from field_core.cpe.model import CpeSnapshot, Grade
from field_core.cpe.redaction import redact
from field_core.cpe.snapshot import normalise
from field_core.cpe.snmp import normalise_snmp
from field_core.cpe.snmp_model import SnmpSnapshot
from field_core.cpe.thresholds import Thresholds, read_thresholds
from field_core.cpe.verdicts import Verdict, grades_of, judge, judge_level

__all__ = [
    "CpeSnapshot",
    "Grade",
    "SnmpSnapshot",
    "Thresholds",
    "Verdict",
    "grades_of",
    "judge",
    "judge_level",
    "normalise",
    "normalise_snmp",
    "read_thresholds",
    "redact",
]
