"""What this device knows of customers: what is owed where a job is."""

from dataclasses import dataclass

from field_app.ports.jobs import JobFacts
from field_core.office import InvoiceLine


@dataclass(frozen=True, slots=True)
class OwedHere:
    """What the customer of a job owes, as the replica has it; what is due first in front."""

    facts: JobFacts
    customer: str
    customer_name: str
    language: str
    invoices: tuple[InvoiceLine, ...]
