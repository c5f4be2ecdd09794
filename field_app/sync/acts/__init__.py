"""What people do, in the field's own words: each act is one transaction, refused whole or kept.

An act answers with what it recorded, or with the `Problem` that kept it from being recorded.
"""

from field_app.ports import NewEquipment, Photo, Signed, Strokes, Summary
from field_app.sync.acts.acting import Acting, act, done
from field_app.sync.acts.attaching import IMAGE_TYPES
from field_app.sync.acts.capturing import CapturingActs
from field_app.sync.acts.counting import CountingActs
from field_app.sync.acts.evidence import EvidenceActs
from field_app.sync.acts.job import JobActs
from field_app.sync.acts.records import RecordActs
from field_app.sync.acts.remembering import RememberingActs
from field_app.sync.acts.signing import SigningActs
from field_app.sync.acts.steps import StepActs, label
from field_app.sync.acts.times import ACTIVITIES, TimeActs
from field_app.sync.acts.undoing import UNDO_MS, UndoingActs

__all__ = [
    "ACTIVITIES",
    "IMAGE_TYPES",
    "UNDO_MS",
    "Acting",
    "Acts",
    "NewEquipment",
    "Photo",
    "Signed",
    "Strokes",
    "Summary",
    "act",
    "done",
    "label",
]


class Acts(
    JobActs,
    RememberingActs,
    RecordActs,
    TimeActs,
    CapturingActs,
    SigningActs,
    EvidenceActs,
    StepActs,
    CountingActs,
    UndoingActs,
):
    """Every act on jobs and equipment."""
