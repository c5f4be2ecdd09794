"""The demo company, put together: a value that depends on a date and a seed alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from field_core.canon import Body
from server_sync.demo.accounts import Account, accounts_of
from server_sync.demo.billing import StoryInvoices, add_billing
from server_sync.demo.book import Book
from server_sync.demo.catalogue import add_items, add_tags, add_technicians
from server_sync.demo.contracts import StoryContracts, add_contracts
from server_sync.demo.customers import LUCIE, Place, add_customers, add_places
from server_sync.demo.draw import Draw
from server_sync.demo.equipment import Equipment, StoryEquipment, add_equipment
from server_sync.demo.flows import add_flows
from server_sync.demo.issues import add_issues
from server_sync.demo.jobs import Field, add_job
from server_sync.demo.runs import add_runs
from server_sync.demo.services import MIXED_CUSTOMER, Services, add_services
from server_sync.demo.unplaced import StoryJobs, add_unplaced
from server_sync.demo.visits import MARC, NADIA, Visit, first_visits, installed_on, plan


@dataclass(frozen=True, slots=True)
class Cast:
    """The documents that the stories are told about, by the names they have in the `Company`.

    Marc installs at Lucie's today at 9:00 and swaps her old TV box; Nadia has a call at the same
    address. `elsewhere` is an ONT that the books place at another address.
    """

    marc: str
    nadia: str
    lucie: str
    location: str
    subscription: str
    install_job: str
    nadia_job: str
    mixed_customer: str
    equipment: StoryEquipment
    jobs: StoryJobs
    contracts: StoryContracts
    invoices: StoryInvoices


@dataclass(frozen=True, slots=True)
class Company:
    """Documents by doctype in an order to insert them in, the accounts, and the cast.

    Each document is a form as ERPNext takes it; its `name`, and every link, is the name that an
    empty ERP hands out in that order. `loading.load` copes with any other name.
    """

    today: date
    documents: Mapping[str, tuple[Body, ...]]
    accounts: tuple[Account, ...]
    cast: Cast


def company(today: date, seed: int = 1) -> Company:
    """Return the demo company around a date at the site."""
    book, draw = Book(today), Draw(seed)
    add_tags(book)
    technicians = add_technicians(book)
    add_items(book)
    add_flows(book)
    customers = add_customers(book, draw)
    places = add_places(book, draw, customers)
    visits = plan(draw, today)
    equipment = Equipment(book, draw, today)
    recent = installed_on(visits, today)
    named = add_equipment(equipment, places, recent, draw, today, vans=technicians)
    services = Services(book, today)
    add_services(services, places, _installs(visits), draw, today)
    contracts = add_contracts(book, services.all, today)
    issues = add_issues(book, visits, places, today)
    internet = {s.place.number: s.name for s in reversed(services.all) if s.plan.down}
    work = Field(
        book, draw, today, technicians, places, equipment, internet, issues, first_visits(visits)
    )
    jobs = {visit: add_job(work, visit) for visit in visits}
    unplaced = add_unplaced(work)
    add_runs(book, jobs.values())
    invoices = add_billing(book, customers, services, contracts, today)
    people = {name: _person(book, name) for name in technicians}
    install, call = _story_jobs(jobs, today)
    cast = Cast(
        marc=technicians[MARC],
        nadia=technicians[NADIA],
        lucie=customers[LUCIE - 1],
        location=_place(places, LUCIE).name,
        subscription=internet[LUCIE],
        install_job=install,
        nadia_job=call,
        mixed_customer=customers[MIXED_CUSTOMER - 1],
        equipment=named,
        jobs=unplaced,
        contracts=contracts,
        invoices=invoices,
    )
    return Company(today, book.pages(), accounts_of(people), cast)


def _installs(visits: tuple[Visit, ...]) -> dict[int, date]:
    return {visit.place: visit.day for visit in visits if visit.job_type == "Install"}


def _person(book: Book, technician: str) -> str:
    return str(book.get("Dispatch Technician", technician)["full_name"])


def _place(places: tuple[Place, ...], number: int) -> Place:
    return places[number - 1]


def _story_jobs(jobs: Mapping[Visit, str], today: date) -> tuple[str, str]:
    """Return Marc's installation and Nadia's call, both at Lucie's today."""
    at_lucies = {
        v.technician: name for v, name in jobs.items() if (v.place, v.day) == (LUCIE, today)
    }
    return at_lucies[MARC], at_lucies[NADIA]
