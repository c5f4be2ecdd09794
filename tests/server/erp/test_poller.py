"""Learning what changed in the ERP, in spite of late stamps, equal stamps and repeated hours."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from field_core.ids import erp_key
from field_core.problems import ProblemError
from server_sync.embedded_erp import ErpSiteSettings
from server_sync.erp import ErpService, seen
from server_sync.erp.failures import ErpUnavailable
from server_sync.erp.intake import DOCUMENTS_PER_CALL, Run
from server_sync.erp.poller import PAGE
from tests.server.erp.world import SERVICE, World


async def test_nothing_new_asks_for_names_alone_and_writes_nothing(world: World) -> None:
    await world.job()
    await world.service.poll()
    world.wire.sent.clear()
    commits: list[int] = []
    world.store.on_commit(lambda: commits.append(1))
    assert await world.service.poll() == 0
    assert (commits, world.wire.writes()) == ([], [])
    assert not any(call.count("/") > 3 for call in world.wire.calls())


async def test_commit_that_came_late_is_found_by_the_overlap(world: World) -> None:
    early, late = await world.job(), await world.job()
    await world.service.poll()
    held = world.erp.faults.hold_next_commit(lambda r: r.path.endswith(early))
    saving = asyncio.ensure_future(
        world.office("PUT", f"/api/resource/Dispatch Job/{early}", {"work_notes": "Tard"})
    )
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    world.wait(minutes=4)
    await world.change("Dispatch Job", late, work_notes="Après")
    await world.service.poll()
    held.release()
    await saving
    await world.service.poll()
    assert world.body("Dispatch Job", early)["work_notes"] == "Tard"


async def test_commit_later_than_any_overlap_is_found_by_the_sweep(world: World) -> None:
    early, late = await world.job(), await world.job()
    await world.service.poll()
    stamp = world.doc("Dispatch Job", early).erp_modified
    world.wait(hours=2)
    await world.change("Dispatch Job", late, work_notes="Après")
    await world.service.poll()
    world.sql(
        'UPDATE "tabDispatch Job" SET work_notes = ?, modified = ? WHERE name = ?',
        "Très tard",
        f"{str(stamp)[:-1]}9",
        early,
    )
    await world.service.poll()
    assert "work_notes" not in world.body("Dispatch Job", early)
    assert await world.service.sweep() == 1
    assert world.body("Dispatch Job", early)["work_notes"] == "Très tard"


async def test_thousands_of_rows_with_one_stamp_are_read_once_each(world: World) -> None:
    count = 4_250
    with world.erp.site.db.transaction():
        for number in range(count):
            world.erp.site.db.execute(
                'INSERT INTO "tabDispatch Tag" (name, creation, modified, tag_name) VALUES'
                " (?, ?, '2026-07-14 08:00:00.123456', ?)",
                (f"T{number:05d}", f"2026-07-01 08:00:00.{number:06d}", f"T{number:05d}"),
            )
    world.wait(seconds=1)
    assert await world.service.poll(["Dispatch Tag"]) == count
    assert len(world.names("Dispatch Tag")) == count
    world.wire.sent.clear()
    assert await world.service.poll(["Dispatch Tag"]) == 0
    assert len(world.wire.sent) == count // PAGE + 1


async def test_import_goes_on_where_it_was_cut_off(world: World) -> None:
    for number in range(PAGE + 20):
        world.sql(
            'INSERT INTO "tabDispatch Tag" (name, creation, modified, tag_name)'
            " VALUES (?, ?, ?, ?)",
            f"T{number}",
            "2026-07-01 08:00:00.000000",
            f"2026-07-01 08:00:00.{number:06d}",
            f"T{number}",
        )
    pages = iter([None, None, None])

    def cut(request: object) -> None:
        if "or_filters" in str(getattr(request, "url", "")):
            next(pages)
            world.erp.faults.outage = True

    world.wire.before = cut
    with pytest.raises(ErpUnavailable):
        await world.service.poll(["Dispatch Tag"])
    assert len(world.names("Dispatch Tag")) == PAGE
    world.erp.faults.outage = False
    world.wire.before = None
    world.wire.sent.clear()
    told: list[tuple[str, int]] = []
    assert await world.service.import_all(lambda doctype, read: told.append((doctype, read))) == 20
    assert ("Dispatch Tag", 20) in told
    full = [r for r in world.wire.sent if "tag_name" in str(r.url) or b"tag_name" in r.content]
    assert len(full) == 20 // DOCUMENTS_PER_CALL + 1


async def test_stamp_in_the_future_does_not_carry_the_watermark_along(world: World) -> None:
    first, second = await world.job(), await world.job()
    await world.service.poll()
    world.sql(
        "UPDATE \"tabDispatch Job\" SET modified = '2026-12-24 18:00:00.000000' WHERE name = ?",
        first,
    )
    await world.service.poll()
    with world.store.read() as connection:
        at = seen.position(connection, "Dispatch Job")
    assert at is not None
    assert at.modified < "2026-07-15"
    await world.change("Dispatch Job", second, work_notes="Vu")
    await world.service.poll()
    assert world.body("Dispatch Job", second)["work_notes"] == "Vu"


async def test_edit_in_the_hour_that_repeats_is_not_missed(world: World) -> None:
    world.moment = datetime(2026, 11, 1, 5, 40, tzinfo=UTC)  # 01:40, summer time
    first, second = await world.job(), await world.job()
    await world.service.poll()
    world.moment = datetime(2026, 11, 1, 5, 58, tzinfo=UTC)
    await world.change("Dispatch Job", first, work_notes="01 h 58, heure d’été")
    await world.service.poll()
    world.moment = datetime(2026, 11, 1, 6, 5, tzinfo=UTC)  # 01:05 again, winter time
    await world.change("Dispatch Job", second, work_notes="01 h 05, heure normale")
    await world.service.poll()
    assert world.body("Dispatch Job", second)["work_notes"] == "01 h 05, heure normale"


async def test_invoices_come_while_they_are_unpaid_and_are_followed_once_held(
    world: World,
) -> None:
    customer = await world.make("Customer", customer_name="Mme Roy")
    item = await world.make("Item", item_code="FIBRE-500", item_name="Fibre 500")

    async def invoice(docstatus: int) -> str:
        return await world.make(
            "Sales Invoice",
            customer=customer,
            docstatus=docstatus,
            items=[{"item_code": item, "qty": 1, "rate": 80}],
        )

    draft, due = await invoice(0), await invoice(1)
    await world.service.poll()
    assert world.names("Sales Invoice") == {due}
    world.wait(minutes=1)
    paid = await invoice(1)
    world.sql(
        'UPDATE "tabSales Invoice" SET outstanding_amount = 0, modified = ? WHERE name IN (?, ?)',
        world.erp.site.now(),
        due,
        paid,
    )
    await world.service.poll()
    assert (world.names("Sales Invoice"), draft) == ({due}, draft)
    assert world.body("Sales Invoice", due)["outstanding_amount"] == 0


async def test_closed_issue_comes_when_a_job_points_at_it(world: World) -> None:
    """DV-03: of 242,000 tickets the open ones and those that a job points at come in."""
    unheard = await world.make("Issue", subject="Vieux", status="Closed")
    wanted = await world.make("Issue", subject="Coupure", status="Closed")
    await world.job(issue=wanted)
    await world.service.poll()
    assert (world.names("Issue"), unheard) == ({wanted}, unheard)


async def test_older_version_never_replaces_a_newer_one(world: World) -> None:
    name = await world.job()
    await world.service.poll()
    await world.change("Dispatch Job", name, work_notes="Un")
    read = 0

    def overtake(request: object) -> None:
        nonlocal read
        if str(getattr(request, "url", "")).endswith(name):
            read += 1
            if read == 1:
                with world.store.database.write() as connection:
                    connection.exec_driver_sql("UPDATE erp_seen SET modified = 'newer'")

    world.wire.before = overtake
    assert await world.service.poll(["Dispatch Job"]) == 0
    assert "work_notes" not in world.body("Dispatch Job", name)
    assert await world.service.poll(["Dispatch Job"]) == 1


async def test_name_reused_after_a_deletion_is_another_document(world: World) -> None:
    name = await world.job(subject="Le premier")
    await world.service.poll()
    first = world.doc("Dispatch Job", name)
    await world.office("DELETE", f"/api/resource/Dispatch Job/{name}")
    assert await world.job(subject="Le second") == name
    await world.service.poll()
    second = world.doc("Dispatch Job", name)
    assert (second.body or {})["subject"] == "Le second"
    assert second.key != first.key
    gone = world.at_key(first.key)
    assert gone is not None
    assert gone.body is None


async def test_radius_password_never_enters(world: World) -> None:
    name = await world.make("Service Subscription", radius_user="u1", radius_password="s3cret")
    await world.service.poll()
    assert world.body("Service Subscription", name)["radius_user"] == "u1"
    with world.store.read() as connection:
        dump = str(list(connection.exec_driver_sql("SELECT body, erp_body FROM doc")))
    assert "s3cret" not in dump
    assert "radius_password" not in dump


async def test_site_that_lacks_a_modelled_field_is_read_without_it(world: World) -> None:
    for number in range(3):
        await world.make("Dispatch Tag", tag_name=f"T{number}", label_en="Ladder")
    world.take_field("Dispatch Tag", "label_en")
    assert await world.service.poll(["Dispatch Tag"]) == 3
    assert world.body("Dispatch Tag", "T0") == {"name": "T0", "tag_name": "T0"}


async def test_doctype_the_site_refuses_does_not_stop_the_others(world: World) -> None:
    name = await world.job()
    forms = world.erp.site.forms
    forms.put(replace(forms.get("Item").doctype, permissions=()))
    assert await world.service.poll() == 2
    assert name in world.names("Dispatch Job")
    assert world.service.health().problem == "erp-refused"


async def test_key_of_a_document_without_one_is_made_of_its_name_and_birth(world: World) -> None:
    name = await world.job()
    await world.service.poll()
    creation = (await world.shown("Dispatch Job", name))["creation"]
    assert world.doc("Dispatch Job", name).key == erp_key("Dispatch Job", name, creation)


async def test_document_that_cannot_be_read_does_not_hide_the_others(world: World) -> None:
    names = [await world.job() for _ in range(3)]

    def broken(request: httpx.Request, response: httpx.Response) -> httpx.Response:
        path = str(request.url)
        if "subject" in path or path.endswith(names[1]):
            return httpx.Response(500, content="<h1>500</h1>", request=request)
        return response

    world.wire.after = broken
    assert await world.service.poll(["Dispatch Job"]) == 2
    world.wire.after = None
    assert await world.service.poll(["Dispatch Job"]) == 1
    assert world.names("Dispatch Job") == set(names)


async def test_database_work_may_be_done_elsewhere(world: World) -> None:
    hops = 0

    async def hop(work: Callable[[], Any]) -> Any:  # noqa: ANN401 - gives what the work gives
        nonlocal hops
        hops += 1
        return work()

    service = ErpService(world.client, world.store, rand=lambda: 0.5, run=Run(hop))
    await world.job()
    assert await service.poll() == 2
    assert hops > 0
    assert await service.poll(["Equipment Identity"]) == 0  # not the ERP's


async def test_zone_that_nobody_knows_stops_everything_with_its_name(world: World) -> None:
    name = await world.job()
    world.erp.site.settings = ErpSiteSettings(time_zone="Mars/Olympus", users=(SERVICE,))
    with pytest.raises(ProblemError) as caught:
        await world.service.poll()
    assert caught.value.problem.details == {"message": "time zone Mars/Olympus"}
    assert await world.service.write_back() == 0
    assert (name, world.service.health().problem) == (name, "erp-refused")
