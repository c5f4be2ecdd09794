"""The replica as screens ask it: one object behind the port `Reading`."""

from collections.abc import Callable, Sequence
from datetime import tzinfo
from typing import Final

from field_app.ports import (
    Attention,
    DayJob,
    DeviceHistory,
    EntryDetail,
    Found,
    Hit,
    Hits,
    ItemRow,
    JobDetail,
    JobEquipment,
    JobHistory,
    JobMaterials,
    JobNotes,
    JobTimes,
    OcrRow,
    OcrTarget,
    Order,
    OutboxPage,
    OutboxRow,
    OwedHere,
    PhotoCard,
    ReadyCheck,
    Recorded,
    Statement,
    Suggestion,
)
from field_app.sync import (
    at_job,
    at_location,
    customers,
    day,
    found,
    items,
    ocr,
    photos,
    queries,
    statement,
    visits,
    waiting,
)
from field_app.sync.device_history import device_history
from field_app.sync.files import BlobFolder
from field_app.sync.limits import limits_in_use
from field_app.sync.orders import order_for
from field_app.sync.replica import Replica
from field_app.sync.van import in_van
from field_core.cpe.limits import InUse
from field_core.office import CustomersFound, Panel
from field_core.office.message import Message

FOUND_MAX: Final = 60


class ReplicaReading:
    """Answers every query; belongs to the thread of its replica."""

    def __init__(
        self,
        replica: Replica,
        *,
        now_ms: Callable[[], int],
        free_bytes: Callable[[], int],
        blobs: BlobFolder,
        zone: tzinfo,
    ) -> None:
        self._replica = replica
        self._now_ms = now_ms
        self._free_bytes = free_bytes
        self._blobs = blobs
        self._zone = zone

    def day(self, day_: str) -> Sequence[DayJob]:
        """Return the jobs of a day, in order of time."""
        return day.day(self._replica, day_)

    def open_jobs(self, *, first: int, count: int) -> Sequence[DayJob]:
        """Return a stretch of every open job, by date."""
        return day.open_jobs(self._replica, first=first, count=count)

    def open_jobs_total(self) -> int:
        """Return how many open jobs there are."""
        return day.open_jobs_total(self._replica)

    def offers(self) -> Sequence[DayJob]:
        """Return jobs that are offered to whoever takes them first."""
        return day.offers(self._replica)

    def job(self, key: str) -> JobDetail | None:
        """Return one job."""
        return queries.job(self._replica, key)

    def diagnostic_order(self, key: str) -> Order | None:
        """Return what a diagnostic run at a job is for."""
        held = self._replica.document(key)
        return order_for(self._replica, held.body, name=key) if held else None

    def diagnostic_limits(self) -> InUse:
        """Return the limits that this device judges by."""
        return limits_in_use(self._replica)

    def ready_checks(self, key: str) -> Sequence[ReadyCheck]:
        """Return what a visit needs, and whether it is here."""
        return day.ready_checks(
            self._replica, key, free_bytes=self._free_bytes(), now_ms=self._now_ms()
        )

    def outbox(self) -> Sequence[OutboxRow]:
        """Return what was done here, newest first."""
        return queries.outbox(self._replica)

    def outbox_page(self, *, first: int, count: int, with_office: bool) -> OutboxPage:
        """Return a stretch of what was done here and what waits for a decision."""
        return waiting.page(self._replica, first=first, count=count, with_office=with_office)

    def outbox_entry(self, entry: str) -> EntryDetail | None:
        """Return one line of the outbox with its parts."""
        return waiting.entry(self._replica, entry)

    def attention(self, key: str) -> Attention:
        """Return what of a job waits for a person."""
        return waiting.attention(self._replica, key)

    def hits(self, text: str) -> Hits:
        """Return what is found over everything on this device, as a person types it."""
        return found.hits(self._replica, text)

    def hit(self, key: str) -> Hit | None:
        """Return one document as a search shows it."""
        return found.hit(self._replica, key)

    def recent_searches(self) -> Sequence[str]:
        """Return what was searched for lately, the latest first."""
        return found.recent(self._replica)

    def search(self, text: str) -> Sequence[Found]:
        """Return what is found over everything on this device."""
        return [
            Found(key, doctype, label, title)
            for doctype, label, title, key in queries.found(self._replica, text, FOUND_MAX)
        ]

    def is_new(self) -> bool:
        """Tell whether the first sync has not brought everything yet."""
        return self._replica.is_new

    # --- the parts of a job

    def job_equipment(self, key: str) -> JobEquipment | None:
        """Return the equipment at a job's location."""
        return at_location.job_equipment(self._replica, key)

    def job_materials(self, key: str) -> JobMaterials | None:
        """Return the material of a job."""
        return at_job.job_materials(self._replica, key)

    def job_notes(self, key: str) -> JobNotes | None:
        """Return the notes of a job, oldest first."""
        return at_job.job_notes(self._replica, key)

    def job_times(self, key: str) -> JobTimes | None:
        """Return the time entries of a job, oldest first."""
        return at_job.job_times(self._replica, key)

    def job_history(self, key: str) -> JobHistory | None:
        """Return what else is known of a job and its location."""
        return visits.job_history(self._replica, key)

    def items(self, text: str) -> Sequence[ItemRow]:
        """Return items that a visit may use up."""
        return items.items(self._replica, text)

    def recorded(self, mac: str | None, serials: Sequence[str]) -> Sequence[Recorded]:
        """Return where a device with this MAC or one of these serials is recorded."""
        return at_location.recorded(self._replica, mac, serials)

    def device_history(self, key: str) -> DeviceHistory | None:
        """Return where a device is recorded and what jobs did to it."""
        return device_history(self._replica, key)

    def van(self) -> Sequence[Recorded]:
        """Return what the technician's van carries."""
        return in_van(self._replica)

    def photos(self, key: str) -> Sequence[PhotoCard]:
        """Return a job's photos, newest first, those whose picture is not made yet included."""
        return photos.cards_of(self._replica, key)

    def statement(self, key: str, language: str | None) -> Statement | None:
        """Return what a customer signs, in a language or in theirs; None when the job is gone."""
        return statement.statement(
            self._replica, key, language, read=self._blobs.read, zone=self._zone
        )

    def label_readings(self) -> Sequence[OcrRow]:
        """Return the labels that wait to be read, newest first."""
        return ocr.queue(self._replica)

    def suggestions(self, key: str, target: OcrTarget) -> Sequence[Suggestion]:
        """Return what late readings propose and nobody has taken or left yet."""
        return ocr.suggestions(self._replica, key, target)

    # --- customers

    def customer_panel(self, name: str, panel: Panel) -> Message | None:
        """Return a panel of a customer, where that is replicated and the customer is here."""
        return customers.panel(self._replica, name, panel)

    def customers(self, text: str) -> CustomersFound:
        """Return customers on this device that a text means."""
        return customers.search(self._replica, text)

    def owed_here(self, key: str) -> OwedHere | None:
        """Return what the customer of a job owes; None when the job is not here."""
        return customers.owed_here(self._replica, key)
