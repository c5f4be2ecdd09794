"""The fifteen facts about a real ERPNext site, each held by a test that names it."""

import asyncio
import json

import httpx
import pytest

from server_sync.embedded_erp import Fault
from server_sync.erp.breaker import State
from server_sync.erp.client import PARALLEL_MAX, URL_BYTES_MAX
from server_sync.erp.failures import (
    ErpFailure,
    ErpNotFound,
    ErpRateLimited,
    ErpRefused,
    ErpRolledBack,
    ErpStale,
    ErpUnavailable,
    ErpUnknownOutcome,
)
from tests.server.erp.office import held_job, rows
from tests.server.erp.world import DISPATCHER, Json, World


@pytest.mark.parametrize(
    ("fault", "failure", "stored"),
    [
        (Fault.HTML_500_BEFORE, ErpUnknownOutcome, 0),
        (Fault.HTML_500_AFTER_COMMIT, ErpUnknownOutcome, 1),
        (Fault.CONNECTION_LOST_AFTER_COMMIT, ErpUnknownOutcome, 1),
        (Fault.LOCKED, ErpRolledBack, 0),
    ],
)
async def test_fact_01_bad_answer_to_a_write_says_nothing_of_what_was_stored(
    world: World, fault: Fault, failure: type[ErpFailure], stored: int
) -> None:
    world.erp.faults.plan(fault)
    with pytest.raises(failure):
        await world.client.insert("Dispatch Tag", {"tag_name": "Fibre"})
    assert rows(world, "Dispatch Tag") == stored
    assert len(world.wire.sent) == 1  # a write is never repeated blindly


async def test_fact_01_cut_connection_is_a_reason_to_read_again(world: World) -> None:
    world.erp.faults.plan(Fault.CONNECTION_LOST_AFTER_COMMIT, lambda r: r.method == "GET")
    assert await world.client.time_zone() == "America/Toronto"
    world.erp.faults.plan(Fault.CONNECTION_LOST_AFTER_COMMIT, lambda r: r.method == "GET", times=2)
    with pytest.raises(ErpUnavailable):
        await world.client.time_zone()


async def test_fact_02_every_document_and_row_carries_a_key_of_ours(world: World) -> None:
    key, row = world.new_id(), world.new_id()
    world.push(
        key,
        "create",
        doctype="Dispatch Job",
        body={"subject": "Vérifier", "notes": [{"id": row, "text": "Sonner"}]},
    )
    await world.service.write_back()
    shown = await world.shown("Dispatch Job", "DJ-00001")
    assert (shown["sync_key"], shown["notes"][0]["sync_key"]) == (key, row)
    duplicate = {"subject": "Encore", "sync_key": key}
    with pytest.raises(ErpRefused) as caught:
        await world.client.insert("Dispatch Job", duplicate)
    assert caught.value.is_duplicate


async def test_fact_03_series_name_that_comes_again_is_another_document(world: World) -> None:
    name, key = await held_job(world)
    await world.office("DELETE", f"/api/resource/Dispatch Job/{name}")
    assert await world.job() == name
    await world.service.poll()
    assert world.doc("Dispatch Job", name).key != key


async def test_fact_04_writes_are_serial_and_calls_are_few(world: World) -> None:
    running, most, inserting, most_inserting = 0, 0, 0, 0
    answer = world.erp.__call__

    async def slowly(scope: Json, receive: Json, send: Json) -> None:
        nonlocal running, most, inserting, most_inserting
        running += 1
        inserting += scope["method"] == "POST"
        most, most_inserting = max(most, running), max(most_inserting, inserting)
        for _ in range(5):
            await asyncio.sleep(0)
        await answer(scope, receive, send)
        running -= 1
        inserting -= scope["method"] == "POST"

    world.wire.erp = slowly  # type: ignore[assignment]  # an ASGI app like the other
    await asyncio.gather(
        *(world.client.insert("Service Location", {"city": str(n)}) for n in range(6)),
        *(world.client.time_zone() for _ in range(12)),
    )
    assert (most, most_inserting) == (PARALLEL_MAX, 1)


async def test_fact_05_lock_is_modified_to_the_character_and_known_by_its_type(
    world: World,
) -> None:
    name, _ = await held_job(world)
    read = await world.client.get("Dispatch Job", name)
    await world.change("Dispatch Job", name, description="Bureau")
    with pytest.raises(ErpStale):
        await world.client.update("Dispatch Job", name, {"modified": read["modified"]})
    with pytest.raises(ErpRefused):
        await world.client.update("Dispatch Job", name, {"status": "Bof"})  # 417 as well


async def test_fact_05_write_back_sends_modified_verbatim(world: World) -> None:
    name, key = await held_job(world)
    stamp = (await world.shown("Dispatch Job", name))["modified"]
    world.push_set(key, work_notes="x")
    await world.service.write_back()
    (sent,) = [json.loads(r.content) for r in world.wire.sent if r.method == "PUT"]
    assert sent["modified"] == stamp


async def test_fact_06_rows_are_merged_one_by_one_and_no_table_is_sent(world: World) -> None:
    name, key = await held_job(
        world, materials=[{"description": "Gaine", "qty": 3, "rate": 2.5, "uom": "m"}]
    )
    row = world.body("Dispatch Job", name)["materials"][0]["id"]
    world.push(key, "set", fields={f"materials.{row}.qty": [3.0, 4.0]})
    world.push(
        key,
        "append",
        list="materials",
        item_id=world.new_id(),
        item={"description": "Attache", "qty": 10},
    )
    await world.service.write_back()
    shown = (await world.shown("Dispatch Job", name))["materials"]
    assert [(r["description"], r["qty"], r["rate"], r.get("uom")) for r in shown] == [
        ("Gaine", 4.0, 2.5, "m"),
        ("Attache", 10.0, 0.0, None),
    ]
    assert shown[0]["name"] == row
    (sent,) = [json.loads(r.content) for r in world.wire.sent if r.method == "PUT"]
    assert "materials" not in sent


async def test_fact_07_watermark_keeps_an_overlap(world: World) -> None:
    name, _ = await held_job(world)
    other = await world.job()
    world.wait(minutes=9)
    await world.change("Dispatch Job", other, description="Plus tard")
    await world.service.poll()
    world.sql(
        'UPDATE "tabDispatch Job" SET work_notes = ?, modified = ? WHERE name = ?',
        "Tard",
        "2026-07-14 09:00:30.000000",
        name,
    )
    await world.service.poll()
    assert world.body("Dispatch Job", name)["work_notes"] == "Tard"


async def test_fact_08_pages_go_by_stamp_and_name_never_by_offset(world: World) -> None:
    for number in range(5):
        world.sql(
            'INSERT INTO "tabDispatch Tag" (name, modified) VALUES (?, ?)',
            f"T{number}",
            "2026-07-14 08:00:00.000000" if number < 4 else "2026-07-14 08:00:01.000000",
        )
    first = await world.client.page_by_modified(
        "Dispatch Tag", since="2026-07-14 08:00:00.000000", after=None, limit=3
    )
    last = (first[-1]["modified"], first[-1]["name"])
    rest = await world.client.page_by_modified("Dispatch Tag", since="", after=last, limit=3)
    assert [row["name"] for row in first + rest] == ["T0", "T1", "T2", "T3", "T4"]
    assert not any("limit_start" in str(r.url) for r in world.wire.sent)


async def test_fact_09_times_are_written_in_the_zone_of_the_site(world: World) -> None:
    name, key = await held_job(world)
    world.push_set(key, signed_at="2026-07-14T18:30:00.250000Z")
    await world.service.write_back()
    shown = await world.shown("Dispatch Job", name)
    assert shown["signed_at"] == "2026-07-14 14:30:00.250000"
    assert world.body("Dispatch Job", name)["signed_at"] == "2026-07-14T18:30:00.250000Z"


async def test_fact_09_time_written_in_the_second_of_two_hours_comes_back_as_it_was(
    world: World,
) -> None:
    name, key = await held_job(world)
    world.push_set(key, signed_at="2026-11-01T06:30:00.000000Z")
    await world.service.write_back()
    await world.service.poll()
    assert world.body("Dispatch Job", name)["signed_at"] == "2026-11-01T06:30:00.000000Z"
    assert world.reviews() == []


async def test_fact_10_deletions_are_read_where_they_are_recorded(world: World) -> None:
    name, _ = await held_job(world)
    await world.office("DELETE", f"/api/resource/Dispatch Job/{name}")
    assert await world.client.deleted("Dispatch Job", [name, "DJ-77777"]) == {name}
    await world.service.sweep()
    assert world.names("Dispatch Job") == set()


async def test_fact_11_text_is_read_back_as_the_erp_keeps_it(world: World) -> None:
    name, key = await held_job(world)
    world.push_set(key, work_notes="Vu <b>deux</b> fils & <script>x()</script>un\r\ncâble")
    world.erp.faults.plan(Fault.CONNECTION_LOST_AFTER_COMMIT, lambda r: r.method == "PUT")
    await world.settle()
    stored = (await world.shown("Dispatch Job", name))["work_notes"]
    assert stored == "Vu < b>deux< /b> fils & < script>x()< /script>un\r\ncâble"
    assert world.body("Dispatch Job", name)["work_notes"] == stored
    assert (world.waiting(), world.reviews()) == ([], [])


async def test_word_in_angle_brackets_is_not_thrown_away_as_a_tag(world: World) -> None:
    """Frappe drops `<ONT>` from a text; what a technician wrote must stay readable."""
    name, key = await held_job(world)
    world.push_set(key, work_notes="Voir <ONT> au sous-sol, 5 < 6", access_notes='{"a": "<b>"}')
    await world.settle()
    shown = await world.shown("Dispatch Job", name)
    assert shown["work_notes"] == "Voir < ONT> au sous-sol, 5 < 6"
    assert shown["access_notes"] == '{"a": "<b>"}'
    assert (world.waiting(), world.reviews()) == ([], [])


async def test_fact_12_who_really_did_it_stands_in_fields_of_our_own(world: World) -> None:
    """AU-04: the service token is the server's; every write says who acted, where and when."""
    name, key = await held_job(world)
    world.push_set(key, work_notes="x")
    await world.service.write_back()
    shown = await world.shown("Dispatch Job", name)
    assert (shown["modified_by"], shown["sync_technician"], shown["sync_device"]) == (
        "sync@example.test",
        "DT-00001",
        "D1",
    )
    assert shown["sync_client_time"].startswith("2026-07-14 09:00:")


async def test_fact_12_each_row_says_its_own_author_and_the_office_signs_by_account(
    world: World,
) -> None:
    name, key = await held_job(world, checklist=[{"step": "Mesure"}])
    step = world.body("Dispatch Job", name)["checklist"][0]["id"]
    world.push(key, "append", list="notes", item_id=world.new_id(), item={"text": "Vu"})
    with world.signed_in_as(DISPATCHER):
        world.push(key, "set", fields={f"checklist.{step}.note": [None, "Au sous-sol"]})
    world.push_set(key, work_notes="Fibre posée")
    await world.service.write_back()
    shown = await world.shown("Dispatch Job", name)
    rows = [shown["notes"][0], shown["checklist"][0], shown]
    assert [row["sync_technician"] for row in rows] == ["DT-00001", "sophie@example.ca", "DT-00001"]
    assert [shown["notes"][0]["by"], world.reviews()] == ["DT-00001", []]


async def test_fact_13_file_is_uploaded_under_our_hash_and_then_written(world: World) -> None:
    name, _ = await held_job(world)
    parent = ("Dispatch Job", name)
    url = await world.client.upload(
        parent, file_name=f"{'a' * 64}.jpg", content=b"x", mime="image/jpeg", field="signature"
    )
    assert "signature" not in await world.shown("Dispatch Job", name)
    assert await world.client.uploaded(parent, f"{'a' * 64}.jpg") == url
    assert await world.client.uploaded(parent, f"{'b' * 64}.jpg") is None


async def test_fact_14_webhooks_that_never_come_cost_nothing_but_time(world: World) -> None:
    world.erp.faults.drop_webhooks = True
    name, _ = await held_job(world)
    await world.change("Dispatch Job", name, description="Sans crochet")
    await world.service.poll()
    assert world.body("Dispatch Job", name)["description"] == "Sans crochet"


@pytest.mark.parametrize("flavour", ["mariadb", "postgres"])
async def test_fact_15_unique_key_is_recognised_on_either_database(flavour: Json) -> None:
    world = World(flavour=flavour)
    await world.client.insert("Dispatch Tag", {"tag_name": "Fibre", "sync_key": "K"})
    if flavour == "postgres":
        world.erp.faults.plan(Fault.UNIQUE_AS_HTML_500)
        with pytest.raises(ErpUnknownOutcome):
            await world.client.insert("Dispatch Tag", {"tag_name": "Autre", "sync_key": "K"})
    with pytest.raises(ErpRefused):
        await world.client.insert("Dispatch Tag", {"tag_name": "Autre", "sync_key": "K"})
    assert rows(world, "Dispatch Tag") == 1


# --- the client itself


async def test_answers_of_the_erp_are_cleaned_for_people(world: World) -> None:
    with pytest.raises(ErpRefused) as caught:
        await world.client.insert("Dispatch Job", {"subject": "x", "closed_reason": "y" * 200})
    message = str(caught.value.problem.details["message"])
    assert "max characters allowed is 140" in message
    assert "<" not in message
    assert "Traceback" not in message


async def test_cookies_are_not_kept(world: World) -> None:
    def with_cookie(_request: httpx.Request, response: httpx.Response) -> httpx.Response:
        response.headers["set-cookie"] = "sid=Guest; Path=/"
        return response

    world.wire.after = with_cookie
    await world.client.time_zone()
    await world.client.time_zone()
    assert "cookie" not in world.wire.sent[-1].headers


async def test_rate_limit_is_kept_for_as_long_as_the_site_asked(world: World) -> None:
    world.erp.faults.retry_after_s = 40
    with pytest.raises(ErpRateLimited) as caught:
        await world.client.time_zone()
    assert caught.value.after_ms == 40_000
    world.erp.faults.retry_after_s = None
    with pytest.raises(ErpUnavailable):
        await world.client.time_zone()
    assert len(world.wire.sent) == 1
    world.wait(seconds=40)
    assert await world.client.time_zone() == "America/Toronto"


async def test_long_lists_of_names_go_in_a_body(world: World) -> None:
    name, _ = await held_job(world)
    names = [name, *(f"DJ-{n:05d}" for n in range(10_000, 10_400))]
    found = await world.client.rows(
        "Dispatch Job", ["name", {"notes": ["name"]}], filters=[("name", "in", names)]
    )
    assert found == [{"name": name, "notes": []}]
    assert world.wire.calls() == ["POST /api/method/frappe.client.get_list"]
    assert len(str(world.wire.sent[0].url)) < URL_BYTES_MAX


async def test_documents_are_counted_by_filter(world: World) -> None:
    await held_job(world)
    assert await world.client.count("Dispatch Job") == 1
    assert await world.client.count("Dispatch Job", [("status", "=", "Open")]) == 0


@pytest.mark.parametrize(
    ("status", "content_type", "body", "failure"),
    [
        (404, "text/html", "<h1>no such host</h1>", ErpUnavailable),
        (404, "application/json", '{"exc_type":"DoesNotExistError"}', ErpNotFound),
        (200, "text/html", "<form>Accept our terms</form>", ErpUnavailable),
        (200, "application/json", "[1]", ErpUnavailable),
        (200, "application/json", "{", ErpUnavailable),
        (302, "text/html", "", ErpUnavailable),
        (401, "application/json", '{"exc_type":"AuthenticationError"}', ErpUnavailable),
        (403, "application/json", '{"exc_type":"PermissionError"}', ErpRefused),
        (413, "text/html", "too large", ErpRefused),
        (417, "text/html", "?", ErpUnavailable),
        (417, "application/json", '{"exc_type":"X","_server_messages":"?"}', ErpRefused),
        (429, "text/html", "", ErpRateLimited),
        (500, "application/json", '{"exc_type":"ImportError"}', ErpRefused),
        (500, "text/html", "", ErpRolledBack),
        (502, "text/html", "", ErpUnavailable),
        (503, "application/json", '{"exc_type":"SessionStopped"}', ErpUnavailable),
    ],
)
async def test_answer_is_read_for_what_it_means(
    world: World, status: int, content_type: str, body: str, failure: type[ErpFailure]
) -> None:
    world.wire.after = lambda request, _: httpx.Response(
        status, headers={"content-type": content_type}, content=body, request=request
    )
    with pytest.raises(failure) as caught:
        await world.client.get("Dispatch Job", "DJ-00001")
    assert type(caught.value) is failure


async def test_call_that_was_never_sent_is_no_unknown_outcome(world: World) -> None:
    def refuse(request: httpx.Request) -> None:
        raise httpx.ConnectError("refused", request=request)

    world.wire.before = refuse
    with pytest.raises(ErpUnavailable):
        await world.client.insert("Dispatch Tag", {"tag_name": "Fibre"})


async def test_circuit_opens_after_an_outage_and_closes_after_one_good_answer(
    world: World,
) -> None:
    world.erp.faults.outage = True
    for _ in range(9):
        with pytest.raises(ErpUnavailable):
            await world.client.time_zone()
    assert (len(world.wire.sent), world.breaker.state) == (5, State.OPEN)
    world.erp.faults.outage = False
    world.wait(seconds=10)
    assert await world.client.time_zone() == "America/Toronto"
    assert world.breaker.state is State.CLOSED
