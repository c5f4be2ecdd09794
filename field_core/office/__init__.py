"""What office screens are told on demand: customers, invoices, payments; never replicated in bulk.

The server answers with these models and the app reads them. An answer's age travels beside it, in
a header, so that an answer that has not changed is the same bytes.
"""

from field_core.office.contracts import (
    ContractSheet,
    EndingFigures,
    EndingPreview,
    EndingRecap,
)
from field_core.office.customers import (
    Contracts,
    CustomerFound,
    CustomersFound,
    Equipment,
    Identity,
    JobLine,
    Jobs,
    Location,
    Locations,
    Note,
    Notes,
    Subscription,
    Subscriptions,
)
from field_core.office.invoices import (
    Charge,
    Door,
    InvoiceDetail,
    InvoiceLine,
    Invoices,
    Moment,
    MomentKind,
    PayLink,
    Receipt,
    TaxLine,
)
from field_core.office.money import Balance, PaymentLine, Payments, balance_of
from field_core.office.panels import PANELS, Panel, PanelModel
from field_core.office.underway import (
    EndingStep,
    EndingsUnderway,
    EndingTrouble,
    EndingUnderway,
    StepDone,
)

__all__ = [
    "PANELS",
    "Balance",
    "Charge",
    "ContractSheet",
    "Contracts",
    "CustomerFound",
    "CustomersFound",
    "Door",
    "EndingFigures",
    "EndingPreview",
    "EndingRecap",
    "EndingStep",
    "EndingTrouble",
    "EndingUnderway",
    "EndingsUnderway",
    "Equipment",
    "Identity",
    "InvoiceDetail",
    "InvoiceLine",
    "Invoices",
    "JobLine",
    "Jobs",
    "Location",
    "Locations",
    "Moment",
    "MomentKind",
    "Note",
    "Notes",
    "Panel",
    "PanelModel",
    "PayLink",
    "PaymentLine",
    "Payments",
    "Receipt",
    "StepDone",
    "Subscription",
    "Subscriptions",
    "TaxLine",
    "balance_of",
]
