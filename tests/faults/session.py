"""One session of faults and what it came to: each promise in the ERP once, or before a person."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from tests.faults.field import Field, Hand, in_the_field
from tests.faults.proxy import Trouble
from tests.server.erp.world import Json

ACTS: Final = 5
"""Between two turns of the server."""
CALM_TURNS_MAX: Final = 80


@dataclass(frozen=True, slots=True)
class Result:
    """What a session came to."""

    faults: int
    kinds: int
    promised: int
    stored: int
    in_review: int
    lost: tuple[str, ...]
    doubled: tuple[str, ...]
    left: int
    """What the ERP still has not got, long after the last fault."""
    in_flight_max: int
    without_words: int
    """Refusals that a person must decide on and that do not bring what the ERP said."""

    @property
    def is_clean(self) -> bool:
        """Whether nothing was lost, doubled, left lying, or left unsaid."""
        bad = self.lost or self.doubled or self.left or self.without_words
        return self.promised > 0 and not bad


async def run(faults: int, *, seed: int) -> Result:
    """Work until so many faults were met, then let everything settle, then count."""
    hand = Hand(faults, seed=seed)
    with in_the_field(hand, seed=seed) as (field, proxy):
        await field.begin()
        hand.is_on = True
        while hand.left:
            for _ in range(ACTS):
                field.work()
            await field.edit()
            field.wait(seconds=field.rng.randrange(5, 240))
            await field.turn()
        hand.is_on = False
        await _settle(field)
        result = await _count(field, proxy.met, proxy.in_flight_max)
        await field.client.close()
        return result


async def _settle(field: Field) -> None:
    for _ in range(CALM_TURNS_MAX):
        field.wait(minutes=6)
        await field.service.write_back()
        await field.service.poll()
        if not field.waiting():
            break
    await field.service.sweep()


async def _count(field: Field, met: Counter[Trouble], in_flight_max: int) -> Result:
    """Compare the promises with what the ERP and the reviews hold."""
    held = Counter(await _held(field))
    reviews = [json.dumps(one, ensure_ascii=False) for one in field.reviews()]
    promised = [*_promised(field)]
    lost = [p for p in promised if not held[p] and not any(p in one for one in reviews)]
    refused = [one for one in field.reviews() if one.get("reason") == "erp-refused"]
    return Result(
        faults=sum(met.values()),
        kinds=len(met),
        promised=len(promised),
        stored=sum(1 for one in promised if held[one]),
        in_review=len(reviews),
        lost=tuple(lost),
        doubled=tuple(one for one, count in held.items() if count > 1),
        left=len(field.waiting()),
        in_flight_max=in_flight_max,
        without_words=sum(1 for one in refused if not one.get("message")),
    )


def _promised(field: Field) -> Iterable[str]:
    ledger = field.ledger
    yield from (text for _, text in ledger.notes)
    yield from (sha256 for _, sha256 in ledger.photos)
    yield from (serial for _, serial in ledger.births)
    yield from ledger.fields.values()


async def _held(field: Field) -> list[str]:
    """Every promise that the ERP holds, as often as it does; deleted jobs as they were."""
    found: list[str] = []
    for job in [*await _documents(field, "Dispatch Job"), *await _deleted(field)]:
        found += [row["text"] for row in job.get("notes", ())]
        found += [row["sha256"] for row in job.get("photos", ()) if row.get("image")]
        found += [job[name] for name in ("work_notes", "signed_by") if job.get(name)]
    found += [one["serial_no"] for one in await _documents(field, "Service Equipment")]
    files = Counter(one["file_name"] for one in await _documents(field, "File"))
    return found + [f"file {name}" for name, count in files.items() for _ in range(count)]


async def _documents(field: Field, doctype: str) -> list[dict[str, Json]]:
    told = await field.office("GET", f"/api/resource/{doctype}", limit_page_length="0")
    return [await field.shown(doctype, row["name"]) for row in told.json()["data"]]


async def _deleted(field: Field) -> list[dict[str, Json]]:
    rows = await _documents(field, "Deleted Document")
    return [json.loads(row["data"]) for row in rows if row["deleted_doctype"] == "Dispatch Job"]
