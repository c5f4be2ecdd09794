"""What is stored after an answer: the answers alone do not tell."""

from __future__ import annotations

import pytest

from server_sync.embedded_erp import Fault
from server_sync.embedded_erp.faults import ConnectionLost
from server_sync.embedded_erp.tampering import delete_by_sql, edit_by_sql, edit_many_by_sql
from tests.contract.erp_recordings.conftest import OpenSite
from tests.contract.erp_recordings.field_site import JOB, FieldSite
from tests.contract.erp_recordings.preparations import prepare
from tests.contract.erp_recordings.recordings import Json, recording

STEPS = [{"step": "one"}, {"step": "two", "done": 1}]


def get(site: FieldSite, name: str) -> Json:
    return site.data("GET", f"{JOB}/{name}")


@pytest.mark.parametrize(
    "name",
    [
        "update_bad_select_417",
        "update_too_long_417",
        "update_bad_date_500",
        "update_stale_modified_417",
        "update_invalid_json_417",
        "update_concurrent_write_500_postgres",
        "update_null_byte_500_postgres",
        "auth_session_write_without_csrf_400",
    ],
)
def test_refused_update_stores_nothing(name: str, site_of: OpenSite) -> None:
    wanted = recording(name)
    send = site_of(wanted.flavour)
    prepare(send.erp, send, wanted)
    read = {**recording("get_dispatch_job_v2").request}
    read["path"] = wanted.request["path"].replace("/api/v2/document", "/api/resource")
    before = send.request(read, "service")
    send(wanted)
    assert send.request(read, "service").body == before.body


def test_row_with_unknown_name_is_echoed_and_lost(site: FieldSite) -> None:
    job = site.job(checklist=STEPS)
    sent = {"checklist": [{"name": "client-row", "step": "three"}]}
    echo = site.data("PUT", f"{JOB}/{job['name']}", sent)
    assert [row["name"] for row in echo["checklist"]] == ["client-row"]
    assert get(site, job["name"])["checklist"] == []


def test_omitted_table_is_untouched_and_empty_list_clears_it(site: FieldSite) -> None:
    job = site.job(checklist=STEPS)
    site.data("PUT", f"{JOB}/{job['name']}", {"notes": "x"})
    assert len(get(site, job["name"])["checklist"]) == 2
    site.data("PUT", f"{JOB}/{job['name']}", {"checklist": []})
    assert get(site, job["name"])["checklist"] == []


def test_set_value_on_a_row_changes_that_row_and_moves_the_parent(site: FieldSite) -> None:
    job = site.job(checklist=STEPS)
    row = job["checklist"][0]["name"]
    child = {"doctype": "Dispatch Job Checklist", "name": row, "fieldname": {"done": 1}}
    parent = site.call("frappe.client.set_value", **child)
    stored = get(site, job["name"])
    assert [(r["step"], r["done"]) for r in stored["checklist"]] == [("one", 1), ("two", 1)]
    assert stored["modified"] == parent["modified"] > job["modified"]


def test_put_on_a_child_row_saves_the_parent(site: FieldSite) -> None:
    job = site.job(checklist=STEPS)
    row = job["checklist"][0]["name"]
    shown = site.data("PUT", f"/api/resource/Dispatch Job Checklist/{row}", {"done": 1})
    assert shown["done"] == 1
    assert get(site, job["name"])["modified"] > job["modified"]


def test_delete_on_a_child_row_leaves_the_parent_alone(site: FieldSite) -> None:
    job = site.job(checklist=STEPS)
    row = job["checklist"][0]["name"]
    site.data("DELETE", f"/api/resource/Dispatch Job Checklist/{row}")
    stored = get(site, job["name"])
    assert ([r["step"] for r in stored["checklist"]], stored["modified"]) == (
        ["two"],
        job["modified"],
    )
    assert site.data("GET", "/api/resource/Deleted Document") == []


def test_refused_insert_gives_its_number_back(site: FieldSite) -> None:
    assert site.refusal("POST", JOB, {"status": "Open"}) == (417, "MandatoryError")
    assert site.job()["name"] == "DJ-00001"


def test_deleting_an_older_document_does_not_turn_the_series_back(site: FieldSite) -> None:
    first, _second = site.job(), site.job()
    site.data("DELETE", f"{JOB}/{first['name']}")
    assert site.job()["name"] == "DJ-00003"


def test_unique_row_key_refuses_the_whole_document(site: FieldSite) -> None:
    site.job(checklist=[{"step": "one", "sync_key": "k1"}])
    body = {"subject": "x", "checklist": [{"step": "again", "sync_key": "k1"}]}
    assert site.refusal("POST", JOB, body) == (417, "UniqueValidationError")
    assert site.names() == ["DJ-00001"]


def test_unique_key_given_to_a_second_row_is_refused(site: FieldSite) -> None:
    job = site.job(checklist=[{"step": "one", "sync_key": "k1"}, {"step": "two"}])
    child = {"doctype": "Dispatch Job Checklist", "name": job["checklist"][1]["name"]}
    body = {**child, "fieldname": {"sync_key": "k1"}}
    path = "/api/method/frappe.client.set_value"
    assert site.refusal("POST", path, body) == (417, "UniqueValidationError")
    assert get(site, job["name"])["modified"] == job["modified"]


def test_empty_unique_fields_do_not_collide(site: FieldSite) -> None:
    assert site.job(sync_key="")["name"] != site.job(sync_key="")["name"]


def test_save_without_a_change_leaves_no_version(site: FieldSite) -> None:
    job = site.job()
    site.data("PUT", f"{JOB}/{job['name']}", {"status": "Open"})
    assert site.data("GET", "/api/resource/Version") == []


def test_version_names_the_changed_row(site: FieldSite) -> None:
    job = site.job(checklist=STEPS)
    row = job["checklist"][1]["name"]
    child = {"doctype": "Dispatch Job Checklist", "name": row, "fieldname": {"done": 0}}
    site.call("frappe.client.set_value", **child)
    (version,) = site.data("GET", "/api/resource/Version", fields=["data", "owner"])
    assert f'"row_changed":[["checklist",1,"{row}",[["done",1,0]]]]' in version["data"]
    assert version["owner"] == "boss@example.test"


def test_rename_rewrites_links_and_moves_no_stamp(site: FieldSite) -> None:
    place = site.data("POST", "/api/resource/Service Location", {})
    job = site.job(service_location=place["name"])
    arguments = {"doctype": "Service Location", "old_name": place["name"], "new_name": "LOC-R"}
    assert site.call("frappe.client.rename_doc", **arguments) == "LOC-R"
    after = get(site, job["name"])
    assert (after["service_location"], after["modified"]) == ("LOC-R", job["modified"])
    renamed = site.data("GET", "/api/resource/Service Location/LOC-R")
    assert renamed["modified"] == place["modified"]
    assert site.data("GET", "/api/resource/Deleted Document") == []


def test_direct_sql_edit_moves_no_stamp(site: FieldSite) -> None:
    job = site.job()
    edit_by_sql(site.erp.site, "Dispatch Job", job["name"], notes="by hand")
    after = get(site, job["name"])
    assert (after["notes"], after["modified"]) == ("by hand", job["modified"])


def test_mass_edit_gives_one_stamp_to_all(site: FieldSite) -> None:
    names = [site.job()["name"] for _ in range(3)]
    stamp = edit_many_by_sql(site.erp.site, "Dispatch Job", names, notes="all")
    assert {get(site, name)["modified"] for name in names} == {stamp}


def test_direct_sql_delete_leaves_no_trace(site: FieldSite) -> None:
    job = site.job(checklist=STEPS)
    assert delete_by_sql(site.erp.site, "Dispatch Job", job["name"])
    assert not delete_by_sql(site.erp.site, "Dispatch Job", job["name"])
    assert site.send("GET", f"{JOB}/{job['name']}").status == 404
    assert site.data("GET", "/api/resource/Deleted Document") == []


def test_500_after_commit_has_stored(site: FieldSite) -> None:
    site.erp.faults.plan(Fault.HTML_500_AFTER_COMMIT)
    reply = site.send("POST", JOB, {"subject": "x", "sync_key": "k"})
    assert (reply.status, reply.content_type) == (500, "text/html")
    assert site.names(filters={"sync_key": "k"}) == ["DJ-00001"]


def test_lost_connection_has_stored(site: FieldSite) -> None:
    site.erp.faults.plan(Fault.CONNECTION_LOST_AFTER_COMMIT)
    with pytest.raises(ConnectionLost):
        site.send("POST", JOB, {"subject": "x"})
    assert site.names() == ["DJ-00001"]


@pytest.mark.parametrize("fault", [Fault.LOCKED, Fault.HTML_500_BEFORE])
def test_rolled_back_500_has_not_stored(site: FieldSite, fault: Fault) -> None:
    site.erp.faults.plan(fault, times=2)
    assert [site.send("POST", JOB, {"subject": "x"}).status for _ in range(3)] == [500, 500, 200]
    assert site.names() == ["DJ-00001"]


def test_outage_ends_when_switched_off(site: FieldSite) -> None:
    site.erp.faults.outage = True
    assert site.refusal("GET", JOB) == (503, "SessionStopped")
    site.erp.faults.outage = False
    assert site.names() == []
