"""What screens read from the replica."""

from collections.abc import Sequence
from typing import Protocol

from field_app.ports.customers import OwedHere
from field_app.ports.diagnosing import Order
from field_app.ports.equipment import DeviceHistory, JobEquipment, Recorded
from field_app.ports.finding import Found, Hit, Hits
from field_app.ports.jobs import DayJob, JobDetail, JobHistory, ReadyCheck
from field_app.ports.ocr import OcrRow, OcrTarget, Suggestion
from field_app.ports.outbox import Attention, EntryDetail, OutboxPage, OutboxRow
from field_app.ports.photos import PhotoCard
from field_app.ports.records import ItemRow, JobMaterials, JobNotes, JobTimes
from field_app.ports.signing import Statement
from field_core.cpe.limits import InUse
from field_core.office import CustomersFound, Panel
from field_core.office.message import Message


class Reading(Protocol):
    """What screens read from the replica, on its own thread."""

    def day(self, day: str) -> Sequence[DayJob]:
        """Return the jobs of a day, in order of time."""

    def open_jobs(self, *, first: int, count: int) -> Sequence[DayJob]:
        """Return a stretch of every open job that is not of the past or an offer, by date."""

    def open_jobs_total(self) -> int:
        """Return how many there are."""

    def offers(self) -> Sequence[DayJob]:
        """Return jobs that are offered to whoever takes them first."""

    def job(self, key: str) -> JobDetail | None:
        """Return one job."""

    def diagnostic_order(self, key: str) -> Order | None:
        """Return what a diagnostic run at a job is for."""

    def diagnostic_limits(self) -> InUse:
        """Return the limits that this device judges by."""

    def ready_checks(self, key: str) -> Sequence[ReadyCheck]:
        """Return what a visit needs, and whether it is here."""

    def outbox(self) -> Sequence[OutboxRow]:
        """Return what was done here, newest first."""

    def search(self, text: str) -> Sequence[Found]:
        """Return what is found over everything on this device."""

    def photos(self, key: str) -> Sequence[PhotoCard]:
        """Return a job's photos, newest first, those whose picture is not made yet included."""

    def statement(self, key: str, language: str | None) -> Statement | None:
        """Return what a customer signs, in a language or in theirs; None when the job is gone."""

    def job_equipment(self, key: str) -> JobEquipment | None:
        """Return the equipment at a job's location."""

    def job_materials(self, key: str) -> JobMaterials | None:
        """Return the material of a job."""

    def job_notes(self, key: str) -> JobNotes | None:
        """Return the notes of a job, oldest first."""

    def job_times(self, key: str) -> JobTimes | None:
        """Return the time entries of a job, oldest first."""

    def job_history(self, key: str) -> JobHistory | None:
        """Return what else is known of a job and its location."""

    def items(self, text: str) -> Sequence[ItemRow]:
        """Return items that a visit may use up and whose code or name has every word typed."""

    def recorded(self, mac: str | None, serials: Sequence[str]) -> Sequence[Recorded]:
        """Return where a device with this MAC or one of these serials is recorded."""

    def device_history(self, key: str) -> DeviceHistory | None:
        """Return where a device is recorded and what jobs did to it; None when nobody knows it."""

    def van(self) -> Sequence[Recorded]:
        """Return what the technician's van carries."""

    def outbox_page(self, *, first: int, count: int, with_office: bool) -> OutboxPage:
        """Return a stretch of what was done here and what waits for a decision."""

    def outbox_entry(self, entry: str) -> EntryDetail | None:
        """Return one line of the outbox with its parts."""

    def attention(self, key: str) -> Attention:
        """Return what of a job waits for a person."""

    def hits(self, text: str) -> Hits:
        """Return what is found over everything on this device, as a person types it."""

    def hit(self, key: str) -> Hit | None:
        """Return one document as a search shows it."""

    def recent_searches(self) -> Sequence[str]:
        """Return what was searched for lately, the latest first."""

    def is_new(self) -> bool:
        """Tell whether the first sync has not brought everything yet."""

    def label_readings(self) -> Sequence[OcrRow]:
        """Return the labels that wait to be read and those that nobody could, newest first."""

    def suggestions(self, key: str, target: OcrTarget) -> Sequence[Suggestion]:
        """Return what late readings propose and nobody has taken or left yet.

        For a step and a recorded device: what disagrees with the field, or is not sure enough to
        fill it. For a form: everything that was read, since only the form knows its fields.
        """

    # --- customers

    def customer_panel(self, name: str, panel: Panel) -> Message | None:
        """Return a panel of a customer, where that is replicated and the customer is here."""

    def customers(self, text: str) -> CustomersFound:
        """Return customers on this device that a text means."""

    def owed_here(self, key: str) -> OwedHere | None:
        """Return what the customer of a job owes; None when the job is not here."""
