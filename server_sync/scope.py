"""Who may hold which document: roots have audiences, and carry along what they refer to.

A technician's roots are the jobs assigned to them from 7 days back to 14 ahead (a job still open
stays, however old), and the offers they qualify for. Dispatchers, supervisors and billing share
the audience `@office`. Everybody holds the catalogue and the identity index, audience `*`.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, NamedTuple, Protocol

from field_core.canon import Body
from field_core.capabilities import Capability, Role, capabilities
from field_core.doctypes import spec_of
from field_core.links import Link, links_of
from field_core.status import is_closed, parse

EVERYBODY: Final = "*"
OFFICE: Final = "@office"
DAYS_BACK: Final = 7
DAYS_AHEAD: Final = 14

CATALOGUE: Final = frozenset(
    {
        "Dispatch Tag",
        "Dispatch Technician",
        "Item",
        "Flow Template",
        "Equipment Identity",
        "Diagnostic Limits",
    }
)
ROOTS: Final = frozenset({"Dispatch Job", "Sync Review", *CATALOGUE})

_CARRIED: Final = frozenset(
    {"Service Location", "Customer", "Issue", "Service Subscription", "Service Equipment"}
)
"""What a job takes along by pointing at it; the catalogue is with everybody anyway."""

CARRIED_BACKWARDS: Final = (
    ("Service Equipment", "service_location", "Service Location"),
    ("Service Subscription", "service_location", "Service Location"),
    ("Service Contract", "service_location", "Service Location"),
    ("Issue", "service_location", "Service Location"),
    ("Flow Run", "dispatch_job", "Dispatch Job"),
    ("Sales Invoice", "customer", "Customer"),
)
"""What points at something a job has (doctype, its field, at what) and comes along too."""

OFFER: Final = Link("offered_until", "@offer", "open")
"""A pseudo link of every job on offer, so that they can be found when a technician changes."""


class Known(NamedTuple):
    """A document as the scope rules see it."""

    key: str
    doctype: str
    name: str | None
    body: Body


class Asked(NamedTuple):
    """Documents of `doctype` whose `field` holds one of `targets`."""

    doctype: str
    field: str
    targets: Collection[str]


class Reader(Protocol):
    """What the rules ask of the store, inside the transaction that decides."""

    def find(self, doctype: str, name_or_key: str) -> Known | None:
        """Return the live document that a link points at."""

    def find_all(self, links: Iterable[Link]) -> Iterable[Known]:
        """Return the live documents that links point at, read together."""

    def pointing_at(self, *asked: Asked) -> Iterable[Known]:
        """Return the live documents that point where it is asked, read together."""

    def of_doctype(self, doctype: str) -> Iterable[Known]:
        """Return every live document of a small doctype."""


class ScopeRule(Protocol):
    """Decides audiences; the store keeps them."""

    def links(self, doctype: str, body: Body) -> Iterator[Link]:
        """Return the links worth keeping an index of."""

    def signature(self, doctype: str, body: Body) -> object:
        """Return what audiences and reach depend on: while it stays, nobody gains or loses."""

    def is_root(self, doctype: str) -> bool:
        """Tell whether documents of this doctype have audiences of their own."""

    def audiences(self, root: Known, reader: Reader) -> frozenset[str]:
        """Return who holds a root."""

    def reach(self, root: Known, reader: Reader) -> set[str]:
        """Return the keys of what a root carries along, itself included."""

    def roots_near(self, changed: Known, reader: Reader) -> Iterator[Known]:
        """Return roots that may carry a document that is new, or has changed its links."""


@dataclass(frozen=True)
class FieldScope:
    """The rule for the field's doctypes. `today` is the date at the site, asked each time."""

    today: Callable[[], date]
    now_text: Callable[[], str]

    def links(self, doctype: str, body: Body) -> Iterator[Link]:
        """Every modelled link, and the pseudo link of a job on offer."""
        yield from links_of(spec_of(doctype), body)
        if doctype == "Dispatch Job" and body.get("offered_until"):
            yield OFFER

    def signature(self, doctype: str, body: Body) -> object:
        """Links, and the few fields that the rules below read."""
        fields = tuple(_frozen(body.get(name)) for name in _DECIDING.get(doctype, ()))
        closed = is_closed(status) if (status := parse(body.get("status"))) else None
        job = closed if doctype == "Dispatch Job" else None
        return frozenset(self.links(doctype, body)), fields, job

    def is_root(self, doctype: str) -> bool:
        """Jobs, reviews and the catalogue."""
        return doctype in ROOTS

    def audiences(self, root: Known, reader: Reader) -> frozenset[str]:
        """Jobs by assignment, window and offer; reviews by technician; the catalogue to all."""
        if root.doctype in CATALOGUE:
            return frozenset({EVERYBODY})
        if root.doctype == "Sync Review":
            return self._review_audiences(root.body)
        return frozenset(self._job_audiences(root.body, reader))

    def _review_audiences(self, review: Body) -> frozenset[str]:
        """Open ones, and closed ones for as long as the people concerned should hear of it."""
        resolved = review.get("resolved_at")
        heard = (self.today() - timedelta(days=DAYS_AHEAD)).isoformat()
        if review.get("state") != "open" and not (isinstance(resolved, str) and resolved >= heard):
            return frozenset()
        technician = review.get("technician")
        return frozenset({OFFICE, technician} if isinstance(technician, str) else {OFFICE})

    def _job_audiences(self, job: Body, reader: Reader) -> Iterator[str]:
        if not self._is_in_window(job):
            return
        yield OFFICE
        technician = job.get("assigned_technician")
        if isinstance(technician, str):
            yield technician
        elif self._is_on_offer(job):
            yield from (
                t.name or t.key
                for t in reader.of_doctype("Dispatch Technician")
                if qualifies(t.body, job)
            )

    def _is_in_window(self, job: Body) -> bool:
        status, day = parse(job.get("status")), job.get("scheduled_date")
        closed = status is not None and is_closed(status)
        if not isinstance(day, str):
            return not closed
        today = self.today()
        if day > (today + timedelta(days=DAYS_AHEAD)).isoformat():
            return False
        return not closed or day >= (today - timedelta(days=DAYS_BACK)).isoformat()

    def _is_on_offer(self, job: Body) -> bool:
        until = job.get("offered_until")
        return isinstance(until, str) and until > self.now_text()

    def reach(self, root: Known, reader: Reader) -> set[str]:
        """A job takes its location, customer, equipment and what hangs on those."""
        if root.doctype != "Dispatch Job":
            return {root.key}
        links = links_of(spec_of(root.doctype), root.body)
        has = [root, *reader.find_all(link for link in links if link.doctype in _CARRIED)]
        back = reader.pointing_at(
            *(
                Asked(doctype, field, [n for k in has if k.doctype == at for n in _names_of(k)])
                for doctype, field, at in CARRIED_BACKWARDS
            )
        )
        return {known.key for known in (*has, *filter(is_carried, back))}

    def roots_near(self, changed: Known, reader: Reader) -> Iterator[Known]:
        """Jobs that point at the document, or at what the document points at."""
        if changed.doctype == "Dispatch Technician":
            yield from reader.pointing_at(Asked("Dispatch Job", OFFER.field, [OFFER.target]))
        if changed.doctype in _CARRIED:
            yield from _jobs_pointing_at(changed, reader)
        for doctype, field, at in CARRIED_BACKWARDS:
            target = changed.body.get(field) if doctype == changed.doctype else None
            if isinstance(target, str):
                held = reader.find(at, target)
                if held and at == "Dispatch Job":
                    yield held
                elif held:
                    yield from _jobs_pointing_at(held, reader)


_JOB_FIELD: Final = {
    "Service Location": "service_location",
    "Customer": "customer",
    "Issue": "issue",
    "Service Subscription": "service_subscription",
    "Service Equipment": "equipment.equipment",
}


_DECIDING: Final = {
    "Dispatch Job": ("scheduled_date", "assigned_technician", "offered_until", "tags"),
    "Sync Review": ("state", "technician", "resolved_at"),
    "Dispatch Technician": ("skills",),
    "Sales Invoice": ("outstanding_amount",),
    "Issue": ("status",),
}
"""The fields besides links that decide who holds what, by doctype."""


def _frozen(value: object) -> object:
    return repr(value) if isinstance(value, (list, dict)) else value


def _jobs_pointing_at(known: Known, reader: Reader) -> Iterable[Known]:
    return reader.pointing_at(Asked("Dispatch Job", _JOB_FIELD[known.doctype], [*_names_of(known)]))


def _names_of(known: Known) -> Iterator[str]:
    """What links to a document may hold: its name in the ERP, or its key when made offline."""
    yield known.key
    if known.name:
        yield known.name


def is_carried(known: Known) -> bool:
    """Leave out what is done with: paid invoices, closed issues."""
    if known.doctype == "Issue":
        return known.body.get("status") not in _ISSUE_DONE
    if known.doctype != "Sales Invoice":
        return True
    outstanding = known.body.get("outstanding_amount")
    return isinstance(outstanding, (int, float)) and outstanding > 0


_ISSUE_DONE: Final = ("Resolved", "Closed")


def qualifies(technician: Body, job: Body) -> bool:
    """Tell whether a technician's levels cover every tag of a job."""
    levels = {row.get("tag"): row.get("level") or 0 for row in _rows(technician, "skills")}
    return all(
        _as_int(levels.get(tag.get("tag"), -1)) >= _as_int(tag.get("level") or 0)
        for tag in _rows(job, "tags")
    )


def _rows(body: Body, table: str) -> list[Body]:
    rows = body.get(table)
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _as_int(value: object) -> int:
    return int(value) if isinstance(value, (int, float)) else -1


def audience_of(roles: Iterable[Role], technician: str | None) -> str:
    """Return the one audience, besides everybody's, that a person belongs to."""
    if Capability.SEE_ALL_OPEN_JOBS in capabilities(roles):
        return OFFICE
    return technician or EVERYBODY
