"""The van, counted: what the books say, what is there, and the differences sent to the office."""

from pathlib import Path

import pytest

from field_app.state.scanning.count import COUNT_MAX, PLACE, Found, VanCount
from field_app.state.scanning.identified import of_typed
from field_core.canon import Json
from field_core.labels import Field
from tests.app.at_work import LocalAccount, workspace
from tests.app.making import MARC, key

MINE, LOST, LOOSE, NADIAS, PLACED = (f"A4:2B:B0:00:00:0{n}" for n in range(1, 6))
NEW = "1C:49:7B:A8:D9:A6"


def indexed(account: LocalAccount, n: int, mac: str, **more: Json) -> None:
    body: dict[str, Json] = {
        "equipment": key(n),
        "equipment_name": f"EQP-{n:05}",
        "equipment_type": "ONT",
        "status": "In Stock",
        "mac_address": mac,
        **more,
    }
    account.arrives(n + 1000, body, "Equipment Identity")


@pytest.fixture
def account(tmp_path: Path) -> LocalAccount:
    account = LocalAccount(tmp_path / "blobs")
    indexed(account, 701, MINE, held_by=MARC)
    indexed(account, 702, LOST, held_by=MARC)
    indexed(account, 703, LOOSE)
    indexed(account, 704, NADIAS, held_by="DT-00002")
    indexed(account, 705, PLACED, service_location="LOC-00871", status="Installed")
    return account


async def count(account: LocalAccount, *macs: str) -> VanCount:
    model = VanCount(workspace(account, PLACE.path))
    await model.load()
    for mac in macs:
        await model._scanned(of_typed(Field.MAC, mac))  # noqa: SLF001 - what the scanner does
    return model


async def test_books_say_what_the_van_carries(account: LocalAccount) -> None:
    model = await count(account)

    assert [record.equipment for record in model.expected or ()] == ["EQP-00701", "EQP-00702"]
    assert (model.differences, model.counted) == (0, [])


async def test_count_tells_found_missing_loose_elsewhere_and_unknown_apart(
    account: LocalAccount,
) -> None:
    model = await count(account, MINE, LOOSE, NADIAS, PLACED, NEW, MINE)

    assert [(one.label, one.found) for one in model.counted] == [
        ("EQP-00701", Found.EXPECTED),
        ("EQP-00703", Found.LOOSE),
        ("EQP-00704", Found.ELSEWHERE),
        ("EQP-00705", Found.ELSEWHERE),
        (NEW, Found.UNKNOWN),
    ]
    assert [record.equipment for record in model.missing] == ["EQP-00702"]
    assert model.differences == 5


async def test_count_is_kept_until_it_is_sent(account: LocalAccount) -> None:
    """T-03: a kill in the middle of a count costs nothing."""
    before = await count(account, MINE, NEW)

    again = await count(account)

    assert again.counted == before.counted
    await again.drop(again.counted[0])
    assert [one.label for one in (await count(account)).counted] == [NEW]
    await again.begin_again()
    assert (await count(account)).counted == []


async def test_differences_become_operations_each_for_itself(account: LocalAccount) -> None:
    model = await count(account, MINE, LOOSE, PLACED, NEW)

    await model.settle()

    entries = sorted(account.replica.outbox.entries(), key=lambda entry: entry.n)
    fields = [entry.operation.get("fields") for entry in entries]
    assert [(entry.kind, entry.group_id) for entry in entries] == [
        ("set", None),
        ("set", None),
        ("create", None),
        ("set", None),
    ]
    assert fields[0] == {"held_by": [None, MARC]}
    assert fields[1] == {
        "held_by": [None, MARC],
        "service_location": ["LOC-00871", None],
        "status": ["Installed", "To Return"],
    }
    made = entries[2].operation["body"]
    assert made == {"mac_address": NEW, "status": "In Stock", "held_by": MARC}
    assert fields[3] == {"held_by": [MARC, None]}
    labels = {record.equipment for record in model.expected or ()}
    assert labels >= {"EQP-00701", "EQP-00703", "EQP-00705"}
    assert (model.counted, "EQP-00702" in labels) == ([], False)


async def test_differences_are_taken_back_whole(account: LocalAccount) -> None:
    model = await count(account, MINE, LOOSE, NEW)
    await model.settle()

    await model.workspace.notices.take_back()
    await model.load()

    assert [record.equipment for record in model.expected or ()] == ["EQP-00701", "EQP-00702"]
    assert account.replica.outbox.entries() == []


async def test_differences_that_were_sent_are_taken_back_by_their_reverse(
    account: LocalAccount,
) -> None:
    model = await count(account, MINE, LOOSE, NEW)
    await model.settle()
    account.replica.offer(100)

    await model.workspace.notices.take_back()
    await model.load()

    assert [record.equipment for record in model.expected or ()] == ["EQP-00701", "EQP-00702"]


async def test_refused_count_stays_on_the_screen(account: LocalAccount) -> None:
    model = await count(account, MINE)
    account.refusal = "unknown-document"

    await model.settle()

    assert [one.label for one in model.counted] == ["EQP-00701"]


async def test_list_that_is_full_says_so(account: LocalAccount) -> None:
    model = await count(account, MINE)
    model.counted *= COUNT_MAX

    await model._scanned(of_typed(Field.MAC, NEW))  # noqa: SLF001 - as above

    assert model.is_full


async def test_scanner_is_opened_over_the_count_and_closed_again(account: LocalAccount) -> None:
    model = await count(account)

    model.open_scanner()
    scanner = model.scanner
    assert scanner is not None
    assert scanner.is_counting
    scanner.leave()
    assert not model.scanner
    model.leave()
    assert model.workspace.navigator.place.path == "/search"


async def test_somebody_who_is_no_technician_has_no_van(account: LocalAccount) -> None:
    account.replica.remember(technician=None)
    model = await count(account, NEW)

    await model.settle()

    assert model.expected == []
    assert account.replica.outbox.entries() == []
