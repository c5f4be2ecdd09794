"""What each role may do: one matrix, used on the device to offer and on the server to decide."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final

from field_core.doctypes.registry import Spec
from field_core.fields import Owner
from field_core.operations import Attach, Create, Operation, Remove, Set, Transition
from field_core.problems import Problem
from field_core.status import Actor, move, parse


class Role(StrEnum):
    """The four role shells."""

    TECHNICIAN = "technician"
    DISPATCHER = "dispatcher"
    SUPERVISOR = "supervisor"
    BILLING = "billing"


class Capability(StrEnum):
    """One thing a person may be allowed to do."""

    WORK_JOBS = "work-jobs"
    PLAN_JOBS = "plan-jobs"
    EDIT_OFFICE_FIELDS = "edit-office-fields"
    CREATE_EQUIPMENT = "create-equipment"
    CREATE_JOBS = "create-jobs"
    REMOVE_DOCUMENTS = "remove-documents"
    RESOLVE_REVIEWS = "resolve-reviews"
    MANAGE_DEVICES = "manage-devices"
    SEE_ALL_OPEN_JOBS = "see-all-open-jobs"
    SEE_BILLING = "see-billing"


_C = Capability
MATRIX: Final[Mapping[Role, frozenset[Capability]]] = {
    Role.TECHNICIAN: frozenset({_C.WORK_JOBS, _C.CREATE_EQUIPMENT}),
    Role.DISPATCHER: frozenset({
        _C.PLAN_JOBS, _C.EDIT_OFFICE_FIELDS, _C.CREATE_JOBS, _C.CREATE_EQUIPMENT,
        _C.SEE_ALL_OPEN_JOBS, _C.SEE_BILLING, _C.MANAGE_DEVICES,
    }),
    Role.SUPERVISOR: frozenset({
        _C.WORK_JOBS, _C.PLAN_JOBS, _C.EDIT_OFFICE_FIELDS, _C.CREATE_JOBS, _C.CREATE_EQUIPMENT,
        _C.REMOVE_DOCUMENTS, _C.RESOLVE_REVIEWS, _C.MANAGE_DEVICES, _C.SEE_ALL_OPEN_JOBS,
        _C.SEE_BILLING,
    }),
    Role.BILLING: frozenset({_C.SEE_ALL_OPEN_JOBS, _C.SEE_BILLING}),
}

_CREATES: Final[Mapping[str, Capability]] = {
    "Service Equipment": _C.CREATE_EQUIPMENT,
    "Dispatch Job": _C.CREATE_JOBS,
    "Flow Run": _C.WORK_JOBS,
    "Issue": _C.WORK_JOBS,
}
"""Doctypes that an operation may create; every other one is the ERP's to make."""

_MONEY: Final = frozenset({"Sales Invoice", "Payment Entry", "Service Contract", "Customer",
                           "Service Subscription", "Item", "Equipment Identity"})
"""Doctypes no operation ever writes: they change in the ERP, or through their own endpoints."""


def capabilities(roles: Iterable[Role]) -> frozenset[Capability]:
    """Return what a person with these roles may do."""
    return frozenset().union(*(MATRIX[role] for role in roles))


def refusal(operation: Operation, *, spec: Spec, held: frozenset[Capability],
            status: object = None) -> Problem | None:
    """Return why a person with `held` may not do this, or None when they may.

    spec: of the document that the operation names; status: the document's current one, if any.
    """
    match operation:
        case Create():
            needed = _CREATES.get(operation.doctype)
            return None if needed in held else Problem("not-allowed")
        case Remove():
            allowed = _C.REMOVE_DOCUMENTS in held or spec.doctype == "Service Equipment"
            return None if allowed else Problem("not-allowed")
        case Transition():
            return _refused_move(operation, held, status)
        case _ if spec.doctype in _MONEY:
            return Problem("not-allowed")
        case _ if spec.doctype == "Sync Review":
            return None if _C.RESOLVE_REVIEWS in held else Problem("not-allowed")
        case Set():
            return _refused_fields(operation, spec, held)
        case Attach() if operation.field:
            return _refused_owner(spec.owner(operation.field), operation.field, held)
        case _:
            return None


def _refused_move(
    operation: Transition, held: frozenset[Capability], status: object
) -> Problem | None:
    current, to = parse(status), parse(operation.to_status)
    step = move(current, to) if current and to else None
    if step is None:  # merging says what is wrong with it
        return None
    may = {Actor.OFFICE: _C.PLAN_JOBS in held, Actor.TECHNICIAN: _C.WORK_JOBS in held,
           Actor.BOTH: _C.PLAN_JOBS in held or _C.WORK_JOBS in held}
    return None if may[step.actor] or _C.PLAN_JOBS in held else Problem("not-allowed")


def _refused_fields(
    operation: Set, spec: Spec, held: frozenset[Capability]
) -> Problem | None:
    if spec.doctype == "Dispatch Job" and "status" in operation.fields:
        return Problem("read-only-field", {"field": "status"})
    refusals = (_refused_owner(spec.owner(path), path, held) for path in operation.fields)
    return next(filter(None, refusals), None)


def _refused_owner(owner: Owner, path: str, held: frozenset[Capability]) -> Problem | None:
    if owner is Owner.SERVER or (owner is Owner.OFFICE and _C.EDIT_OFFICE_FIELDS not in held):
        return Problem("read-only-field", {"field": path})
    return None
