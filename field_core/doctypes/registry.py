"""What the models say, in the form that merging, storage and the ERP client look it up in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from field_core.doctypes import customer, flow, job, limits, money, people, place, review
from field_core.fields import Column, Document, Kind, Owner, Policy, Row, column_of

_ROWS: Final[Mapping[str, type[Row]]] = {
    cls.__name__: cls
    for module in (customer, job, money, people)
    for cls in vars(module).values()
    if isinstance(cls, type) and issubclass(cls, Row) and cls is not Row
}


@dataclass(frozen=True, slots=True)
class Spec:
    """One doctype or child table: its model, columns and child tables by field name."""

    doctype: str
    model: type[Document] | None
    columns: Mapping[str, Column] = field(default_factory=dict)
    tables: Mapping[str, "Spec"] = field(default_factory=dict)
    table_owners: Mapping[str, Owner] = field(default_factory=dict)
    naming: str = ""
    is_submittable: bool = False
    links: Mapping[str, str] = field(default_factory=dict)
    """The link fields of the document itself and what doctype each points at."""
    linking: Mapping[str, "Spec"] = field(default_factory=dict)
    """The tables whose rows hold links."""

    @property
    def is_in_erp(self) -> bool:
        """Whether the ERP has such documents (the others live on our server alone)."""
        return bool(self.naming)

    def policy(self, path: str) -> Policy:
        """Return how a field merges; a field nobody described is put before a person."""
        column = self.column(path)
        return column.policy if column else Policy.REVIEW

    def owner(self, path: str) -> Owner:
        """Return who owns a field, or a table as a whole; unknown fields are shared."""
        column = self.column(path)
        if column:
            return column.owner
        return self.table_owners.get(path.partition(".")[0], Owner.SHARED)

    def column(self, path: str) -> Column | None:
        """Find the column of `field` or of `table.row.field`."""
        head, _, rest = path.partition(".")
        if not rest:
            return self.columns.get(head)
        inner = self.tables.get(head)
        return inner.columns.get(rest.rpartition(".")[2]) if inner else None

    def searched(self) -> tuple[str, ...]:
        """Return the fields whose words a person may search for."""
        return tuple(name for name, column in self.columns.items() if column.searched)


def _spec(model: type[Document]) -> Spec:
    every = {name: column_of(info) for name, info in model.model_fields.items()}
    tables = {n: _spec(_ROWS[c.options]) for n, c in every.items() if c.kind is Kind.TABLE}
    described: Any = model
    return Spec(
        doctype=described.doctype,
        model=model,
        columns={name: column for name, column in every.items() if column.kind is not Kind.TABLE},
        tables=tables,
        table_owners={n: c.owner for n, c in every.items() if c.kind is Kind.TABLE},
        naming=getattr(model, "naming", ""),
        is_submittable=getattr(model, "submittable", False),
        links={name: c.options for name, c in every.items() if c.kind is Kind.LINK},
        linking={name: inner for name, inner in tables.items() if inner.links or inner.linking},
    )


_MODELS: Final[tuple[type[Document], ...]] = (
    people.DispatchTag,
    people.DispatchTechnician,
    money.Item,
    flow.FlowTemplate,
    customer.Customer,
    place.ServiceLocation,
    place.ServiceEquipment,
    customer.ServiceContract,
    customer.ServiceSubscription,
    customer.Issue,
    job.DispatchJob,
    flow.FlowRun,
    money.SalesInvoice,
    money.PaymentEntry,
    place.EquipmentIdentity,
    limits.DiagnosticLimits,
    review.SyncReview,
)
"""In an order in which links point backwards (bar two-way ones)."""

DOCTYPES: Final[Mapping[str, Spec]] = {spec.doctype: spec for spec in map(_spec, _MODELS)}
"""Every replicated doctype, in the order above."""

UNKNOWN: Final = Spec(doctype="", model=None)
"""What is assumed of a doctype that no model describes: every clash goes before a person."""


def spec_of(doctype: str) -> Spec:
    """Return the description of a doctype, or the cautious one for a doctype we do not know."""
    return DOCTYPES.get(doctype, UNKNOWN)
