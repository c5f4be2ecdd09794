"""The replicated doctypes, each described once, and what can be asked of their descriptions."""

from field_core.doctypes.customer import (
    Customer,
    Issue,
    ServiceContract,
    ServiceContractBenefit,
    ServiceSubscription,
)
from field_core.doctypes.flow import FlowRun, FlowTemplate
from field_core.doctypes.job import (
    DispatchJob,
    DispatchJobChecklist,
    DispatchJobEquipment,
    DispatchJobMaterial,
    DispatchJobNote,
    DispatchJobPhoto,
    DispatchJobReading,
    DispatchJobResponse,
    DispatchJobStatusChange,
    DispatchJobTag,
    DispatchJobTimeEntry,
)
from field_core.doctypes.limits import DiagnosticLimits
from field_core.doctypes.money import (
    Item,
    PaymentEntry,
    PaymentEntryReference,
    SalesInvoice,
    SalesInvoiceItem,
    SalesTaxesAndCharges,
)
from field_core.doctypes.people import DispatchTag, DispatchTechnician, DispatchTechnicianSkill
from field_core.doctypes.place import EquipmentIdentity, ServiceEquipment, ServiceLocation
from field_core.doctypes.registry import DOCTYPES, UNKNOWN, Spec, spec_of
from field_core.doctypes.review import SyncReview

__all__ = [
    "DOCTYPES",
    "UNKNOWN",
    "Customer",
    "DiagnosticLimits",
    "DispatchJob",
    "DispatchJobChecklist",
    "DispatchJobEquipment",
    "DispatchJobMaterial",
    "DispatchJobNote",
    "DispatchJobPhoto",
    "DispatchJobReading",
    "DispatchJobResponse",
    "DispatchJobStatusChange",
    "DispatchJobTag",
    "DispatchJobTimeEntry",
    "DispatchTag",
    "DispatchTechnician",
    "DispatchTechnicianSkill",
    "EquipmentIdentity",
    "FlowRun",
    "FlowTemplate",
    "Issue",
    "Item",
    "PaymentEntry",
    "PaymentEntryReference",
    "SalesInvoice",
    "SalesInvoiceItem",
    "SalesTaxesAndCharges",
    "ServiceContract",
    "ServiceContractBenefit",
    "ServiceEquipment",
    "ServiceLocation",
    "ServiceSubscription",
    "Spec",
    "SyncReview",
    "spec_of",
]
