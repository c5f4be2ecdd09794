"""An account at work without a server: a real replica and real acts behind the screens' port."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from field_app.device import images
from field_app.device.printing import Printer
from field_app.ports import (
    Acting,
    Asking,
    Diagnosing,
    Fetching,
    Person,
    Reading,
    Scanning,
    Standing,
)
from field_app.scanner import BesideScanner
from field_app.state.place import Navigator, Place
from field_app.state.workspace import Workspace
from field_app.sync.checking.checker import Checker
from field_app.sync.darkroom import Darkroom, Spares
from field_app.sync.drafts import Drafts
from field_app.sync.fetched import FetchedPhotos
from field_app.sync.fetching import PhotoFetcher
from field_app.sync.files import BlobFolder
from field_app.sync.granted import Granted
from field_app.sync.ocr.reader import Edges, LabelReader
from field_app.sync.reading import ReplicaReading
from field_app.sync.thumbnails import Thumbnails
from field_core.canon import Body, Json
from field_core.problems import Problem, ProblemError
from tests.app.making import MARC, NOON_MS, Clock, Ids, acts_on, change, enrolled, memory, reply
from tests.app.making import job as make_job
from tests.app.making import key as make_key
from tests.app.remote import ScriptedRemote
from tests.app.staged_link import StagedLink
from tests.app.staged_office import StagedOffice
from tests.app.staged_runs import StagedRuns

T = TypeVar("T")
DAY = "2026-04-27"
LOTS = 50_000_000_000
ZONE = ZoneInfo("America/Toronto")


async def _unasked(_: object) -> object:
    raise ProblemError("server-unreachable")


EDGES = Edges(_unasked, images.for_reading, now_ms=lambda: NOON_MS, jitter=lambda: 1.0)


class _Bench:
    """The account's own thread, which here is everybody's."""

    def __init__(self, account: "LocalAccount") -> None:
        self._account = account

    async def look(self, work: Callable[[], T]) -> T:
        return work()

    async def edit(self, work: Callable[[], T | Problem]) -> T:
        return await self._account.edit(lambda _: work())


def bench_of(account: "LocalAccount") -> _Bench:
    """Return the account's bench, for what works on it besides its screens."""
    return _Bench(account)


class LocalAccount:
    """The port `Asking` over one replica on this thread; news is told after every edit."""

    def __init__(self, folder: Path) -> None:
        self.replica = enrolled(memory())
        self.clock, self.ids = Clock(), Ids()
        self.blobs = BlobFolder(folder, free_bytes=lambda _: LOTS)
        self.drafts = Drafts(self.replica, now_ms=self.clock.now_ms)
        acts = acts_on(self.replica, self.blobs, self.clock, self.ids)
        self.acts: Acting = acts
        self.reading: Reading = ReplicaReading(
            self.replica,
            now_ms=self.clock.now_ms,
            free_bytes=lambda: LOTS,
            blobs=self.blobs,
            zone=ZONE,
        )
        self.free_bytes = LOTS
        self.ocr = LabelReader(acts, self.blobs, _Bench(self), EDGES)
        self.runs = StagedRuns()
        self.diagnosing: Diagnosing = self.runs
        self.remote = ScriptedRemote(self.clock.now_ms)
        self.office = StagedOffice()
        self.checking = Checker(
            self.replica,
            desk=_Bench(self).look,
            call=self.office.call,
            now_ms=self.clock.now_ms,
            new_id=self.ids.new,
        )
        self.printing = Printer()
        self.link = StagedLink()
        self.is_held = False
        fetched = FetchedPhotos(
            folder.parent / f"{folder.name}-fetched", free_bytes=lambda _: self.free_bytes
        )
        granted = Granted(access=lambda: "token", renew=self.sync_now)
        self.fetching: Fetching = PhotoFetcher(
            self.link, fetched, granted, is_held=lambda: self.is_held, look=lambda: None
        )
        self.photographs = Darkroom(
            acts,
            self.blobs,
            images,
            spares=Spares(Thumbnails(folder.parent / f"{folder.name}-thumbnails"), fetched),
            free_bytes=lambda: self.free_bytes,
            zone=ZONE,
            bench=_Bench(self),
        )
        self.scanning: Scanning = BesideScanner(cut=images.cut)
        self.person = Person("Marc R.", "marc@example.com", MARC, frozenset({"technician"}))
        self.standing = Standing("idle", None, NOON_MS, 0, 0)
        self.sync_code: str | None = None
        self.refusal: str | None = None
        self._seq = 0
        self._news: list[Callable[[], None]] = []
        self._standings: list[Callable[[], None]] = []

    async def read(self, query: Callable[[Reading], T]) -> T:
        return query(self.reading)

    async def draft(self, key: str, about: str) -> str | None:
        return self.drafts.get(key, about)

    async def keep_draft(self, key: str, about: str, text: str | None) -> None:
        self.drafts.keep(key, about, text)

    async def edit(self, act: Callable[[Acting], T | Problem]) -> T:
        if self.refusal:
            raise ProblemError(self.refusal)
        made = act(self.acts)
        if isinstance(made, Problem):
            raise ProblemError(made.code, **dict(made.details))
        self.tell_news()
        return made

    async def sync_now(self) -> str | None:
        return self.sync_code

    def on_news(self, listener: Callable[[], None]) -> Callable[[], None]:
        self._news.append(listener)
        return lambda: self._news.remove(listener)

    def on_standing(self, listener: Callable[[], None]) -> Callable[[], None]:
        self._standings.append(listener)
        return lambda: self._standings.remove(listener)

    # --- what a test brings about

    def tell_news(self) -> None:
        for listener in [*self._news]:
            listener()

    def stand(self, standing: Standing) -> None:
        """Have sync stand otherwise, and tell so."""
        self.standing = standing
        for listener in [*self._standings]:
            listener()

    def arrives(self, n: int, body: Body, doctype: str = "Dispatch Job") -> str:
        """Have a document come from the server; returns its key."""
        self._seq += 1
        changes = [change(n, body, doctype=doctype, rev=self._seq)]
        self.replica.apply(
            reply(changes, since=self.replica.cursor, cursor=f"e.{self._seq}", seq=self._seq),
            now_ms=self.clock.wall_ms,
        )
        return make_key(n)

    def has_job(self, n: int = 1, **fields: Json) -> str:
        """Have a job of the day, with its address and customer."""
        self.arrives(800, {"name": "CUST-00001", "customer_name": "Lucie T."}, doctype="Customer")
        place = {"name": "LOC-00001", "civic_address": "1, rue X", "city": "Huntingdon"}
        self.arrives(900, dict(place), doctype="Service Location")
        facts: dict[str, Json] = {"customer": "CUST-00001", "scheduled_time": "09:00:00"}
        return self.arrives(n, make_job(n, **{**facts, **fields}))

    def body(self, key: str) -> Body:
        """Return a document as the screen would see it."""
        held = self.replica.document(key)
        assert held is not None, f"{key} is not here"
        return held.body


def workspace(account: LocalAccount, path: str = "/") -> Workspace:
    """Return a workspace on the account, at a place."""
    asking: Asking = account
    navigator = Navigator(Place.parse(path), remember=lambda _: None)
    return Workspace(asking, navigator, now_ms=account.clock.now_ms, today=lambda: DAY)
