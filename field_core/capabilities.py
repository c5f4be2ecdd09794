"""What each role may do: one matrix, used on the device to offer and on the server to decide."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final, assert_never

from field_core.authorship import JOB, SIGNED_TABLES
from field_core.doctypes.registry import Spec
from field_core.fields import Owner
from field_core.operations import Append, Attach, Create, Operation, Remove, Set, Transition
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
    COLLECT_PAYMENT = "collect-payment"
    """Show a customer of one's own jobs what is owed and where it is paid."""
    END_CONTRACTS = "end-contracts"
    DIAGNOSE = "diagnose"
    ACT_ON_EQUIPMENT = "act-on-equipment"


_C = Capability
MATRIX: Final[Mapping[Role, frozenset[Capability]]] = {
    Role.TECHNICIAN: frozenset(
        {
            _C.WORK_JOBS,
            _C.CREATE_EQUIPMENT,
            _C.COLLECT_PAYMENT,
            _C.DIAGNOSE,
            _C.ACT_ON_EQUIPMENT,
        }
    ),
    Role.DISPATCHER: frozenset(
        {
            _C.PLAN_JOBS,
            _C.EDIT_OFFICE_FIELDS,
            _C.CREATE_JOBS,
            _C.CREATE_EQUIPMENT,
            _C.SEE_ALL_OPEN_JOBS,
            _C.SEE_BILLING,
            _C.MANAGE_DEVICES,
            _C.DIAGNOSE,
            _C.ACT_ON_EQUIPMENT,
        }
    ),
    Role.SUPERVISOR: frozenset(
        {
            _C.WORK_JOBS,
            _C.PLAN_JOBS,
            _C.EDIT_OFFICE_FIELDS,
            _C.CREATE_JOBS,
            _C.CREATE_EQUIPMENT,
            _C.REMOVE_DOCUMENTS,
            _C.RESOLVE_REVIEWS,
            _C.MANAGE_DEVICES,
            _C.SEE_ALL_OPEN_JOBS,
            _C.SEE_BILLING,
            _C.COLLECT_PAYMENT,
            _C.END_CONTRACTS,
            _C.DIAGNOSE,
            _C.ACT_ON_EQUIPMENT,
        }
    ),
    Role.BILLING: frozenset(
        {
            _C.SEE_ALL_OPEN_JOBS,
            _C.SEE_BILLING,
            _C.COLLECT_PAYMENT,
            _C.END_CONTRACTS,
            _C.DIAGNOSE,
        }
    ),
}

_CREATES: Final[Mapping[str, Capability]] = {
    "Service Equipment": _C.CREATE_EQUIPMENT,
    "Dispatch Job": _C.CREATE_JOBS,
    "Flow Run": _C.WORK_JOBS,
    "Issue": _C.WORK_JOBS,
}
"""Doctypes that an operation may create; every other one is the ERP's to make."""

_REMOVES: Final[Mapping[str, Capability | None]] = {
    "Service Equipment": _C.CREATE_EQUIPMENT,
    "Sync Review": None,
}
"""Where removing asks for something else than `REMOVE_DOCUMENTS`; what lost is never removed."""

_ERP_OWN: Final = frozenset({
    "name", "owner", "creation", "modified", "modified_by", "docstatus", "idx", "doctype",
    "parent", "parentfield", "parenttype", "amended_from",
    "sync_key", "sync_technician", "sync_device", "sync_client_time",
})  # fmt: skip
"""Frappe's own fields and our marks in it: a device that could name them would be the ERP."""

_MONEY: Final = frozenset(
    {
        "Sales Invoice",
        "Payment Entry",
        "Service Contract",
        "Customer",
        "Service Subscription",
        "Item",
        "Equipment Identity",
        "Diagnostic Limits",
    }
)
"""Doctypes no operation ever writes: they change in the ERP, or through their own endpoints."""


def capabilities(roles: Iterable[Role]) -> frozenset[Capability]:
    """Return what a person with these roles may do."""
    return frozenset().union(*(MATRIX[role] for role in roles))


def refusal(
    operation: Operation, *, spec: Spec, held: frozenset[Capability], status: object = None
) -> Problem | None:
    """Return why a person with `held` may not do this, or None when they may.

    spec: of the document that the operation names; status: the document's current one, if any.
    """
    match operation:
        case Create():
            return None if _CREATES.get(operation.doctype) in held else Problem("not-allowed")
        case _ if spec.doctype in _MONEY:
            return Problem("not-allowed")
        case Remove():
            needed = _REMOVES.get(spec.doctype, _C.REMOVE_DOCUMENTS)
            return None if needed in held else Problem("not-allowed")
        case Transition():
            return _refused_move(operation, spec, held, status)
        case Set() if spec.doctype == JOB and (tables := SIGNED_TABLES & operation.fields.keys()):
            # Written whole, rows would come in under anybody's name.
            return Problem("read-only-field", {"field": min(tables)})
        case Set() | Append() | Attach():
            return _refused_paths(tuple(_paths(operation)), spec, held)
        case _:
            assert_never(operation)


def _paths(operation: Set | Append | Attach) -> Iterable[str]:
    """Return what an operation writes: fields, rows' fields, or a table."""
    match operation:
        case Set():
            return operation.fields
        case Append():
            return (operation.list_name,)
        case Attach():
            return (operation.list_name or operation.field or operation.role,)
        case _:
            assert_never(operation)


def _refused_move(
    operation: Transition, spec: Spec, held: frozenset[Capability], status: object
) -> Problem | None:
    if spec.doctype != "Dispatch Job" or held.isdisjoint((_C.PLAN_JOBS, _C.WORK_JOBS)):
        return Problem("not-allowed")
    current, to = parse(status), parse(operation.to_status)
    step = move(current, to) if current and to else None
    if step is None:  # merging says what is wrong with it
        return None
    may = {
        Actor.OFFICE: _C.PLAN_JOBS in held,
        Actor.TECHNICIAN: _C.WORK_JOBS in held,
        Actor.BOTH: _C.PLAN_JOBS in held or _C.WORK_JOBS in held,
    }
    return None if may[step.actor] or _C.PLAN_JOBS in held else Problem("not-allowed")


def _refused_paths(paths: Iterable[str], spec: Spec, held: frozenset[Capability]) -> Problem | None:
    if held.isdisjoint((_C.WORK_JOBS, _C.EDIT_OFFICE_FIELDS)):
        return Problem("not-allowed")
    if spec.doctype == "Sync Review" and _C.RESOLVE_REVIEWS not in held:
        return Problem("not-allowed")
    for path in paths:
        if not _is_writable(path, spec, held):
            return Problem("read-only-field", {"field": path})
    return None


def _is_writable(path: str, spec: Spec, held: frozenset[Capability]) -> bool:
    if path.rpartition(".")[2] in _ERP_OWN or (spec.doctype, path) == ("Dispatch Job", "status"):
        return False
    owner = spec.owner(path)
    if owner is Owner.OFFICE:
        return _C.EDIT_OFFICE_FIELDS in held
    return owner is not Owner.SERVER
