"""What happened to one device: where it is recorded, and what jobs did to it."""

from collections.abc import Sequence

from field_app.ports import DeviceEvent, DeviceHistory, JobEquipment, JobFacts, PhotoCard
from field_app.state.job.part import JobPart
from field_app.state.place import Part
from field_app.state.workspace import Workspace

HISTORY = "history"
"""The row of the part: `history/<device>`."""
LABEL = "label"
LABELS_MAX = 4


class DeviceStory(JobPart):
    """One device of a job's address; `row` is `history/<device>`."""

    part = Part.EQUIPMENT

    def __init__(self, workspace: Workspace, key: str, row: str) -> None:
        super().__init__(workspace, key)
        self.device = row.partition("/")[2]
        self.data: JobEquipment | None = None
        self.history: DeviceHistory | None = None
        self.labels: Sequence[PhotoCard] = ()
        """Photos of labels that were taken on this job."""
        self.pictures: dict[str, bytes] = {}

    async def load(self) -> None:
        """Read the device, and the labels that were photographed on this job."""
        account, key, device = self.workspace.account, self.key, self.device
        self.data = await account.read(lambda ask: ask.job_equipment(key))
        self.history = await account.read(lambda ask: ask.device_history(device))
        self.is_gone = self.data is None or self.history is None
        cards = await account.read(lambda ask: ask.photos(key))
        self.labels = [card for card in cards if card.kind == LABEL and card.sha256][:LABELS_MAX]
        for card in self.labels:
            await self._load_picture(card)

    async def _load_picture(self, card: PhotoCard) -> None:
        if card.sha256 and card.id not in self.pictures:
            small = await self.workspace.account.photographs.thumbnail(card.sha256)
            if small:
                self.pictures[card.id] = small

    @property
    def facts(self) -> JobFacts | None:
        """What is known of the job; None until the device was read too."""
        return self.data.facts if self.data and self.history else None

    @property
    def here(self) -> Sequence[DeviceEvent]:
        """What happened at this address."""
        return [event for event in self._events if event.location == self._location]

    @property
    def elsewhere(self) -> Sequence[DeviceEvent]:
        """What happened at others."""
        return [event for event in self._events if event.location != self._location]

    @property
    def _events(self) -> Sequence[DeviceEvent]:
        return self.history.events if self.history else ()

    @property
    def _location(self) -> str | None:
        return self.data.facts.location if self.data else None

    def open_photo(self, card: PhotoCard) -> None:
        """Look at a label large, with its crop."""
        here = self.workspace.navigator.place
        self.workspace.navigator.go(type(here)(here.room, self.key, Part.PHOTOS, card.id))
