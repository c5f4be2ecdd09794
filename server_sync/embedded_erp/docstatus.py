"""Draft, submitted, cancelled: which steps exist, and what may change after submission."""

from __future__ import annotations

from enum import Enum, auto

from server_sync.embedded_erp.calls import Call
from server_sync.embedded_erp.documents import Document
from server_sync.embedded_erp.errors import ErpError, refused
from server_sync.embedded_erp.values import to_int

DRAFT, SUBMITTED, CANCELLED = 0, 1, 2
_WORDS = {DRAFT: "Draft", SUBMITTED: "Submitted", CANCELLED: "Cancelled"}


class Step(Enum):
    """What a save does to `docstatus`."""

    SAVE = auto()
    SUBMIT = auto()
    UPDATE_AFTER_SUBMIT = auto()
    CANCEL = auto()


_STEPS = {
    (DRAFT, DRAFT): Step.SAVE,
    (DRAFT, SUBMITTED): Step.SUBMIT,
    (SUBMITTED, SUBMITTED): Step.UPDATE_AFTER_SUBMIT,
    (SUBMITTED, CANCELLED): Step.CANCEL,
}


def check_step(_call: Call, document: Document) -> Step:
    """The step a save takes. Raises ErpError 417 for one that does not exist."""
    before = document.before
    assert before is not None, "a step starts from a stored document"
    start, end = to_int(before["docstatus"]), to_int(document.values["docstatus"])
    document.values["docstatus"] = end
    step = _STEPS.get((start, end))
    if step is not None:
        return step
    if start == CANCELLED:
        raise refused("Cannot edit cancelled document")
    text = (
        f"Cannot change docstatus from {start} ({_WORDS[start]}) "
        f"to {end} ({_WORDS.get(end, 'Unknown')})"
    )
    raise ErpError(417, "DocstatusTransitionError", text, throws=False)


def check_unchanged_after_submit(_call: Call, document: Document) -> None:
    """Raise ErpError 417 UpdateAfterSubmitError for a field that is fixed by submission."""
    before, form = document.before, document.form
    assert before is not None, "only a stored document is submitted"
    for item in form.fields.values():
        if item.allow_on_submit:
            continue
        name = item.fieldname
        was, now = (form.stored(name, r[name]) for r in (before, document.values))
        if was != now and (was or now):
            raise refused(
                f" Not allowed to change <strong>{item.title}</strong> after submission "
                f"from <strong>{was}</strong> to <strong>{now}</strong>",
                "UpdateAfterSubmitError",
                title="Cannot Update After Submit",
            )
