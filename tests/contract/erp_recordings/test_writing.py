"""Writing beyond the recordings: defaults, casts, names, texts, doctypes made by REST."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from server_sync.embedded_erp.sanitise import clean
from server_sync.embedded_erp.values import to_float, to_int
from tests.contract.erp_recordings.field_site import JOB, FieldSite
from tests.contract.erp_recordings.recordings import Json


@pytest.mark.parametrize(
    ("field", "sent", "stored"),
    [
        ("minutes", "12.7", 12),
        ("minutes", True, 1),
        ("minutes", None, 0),
        ("started_at", "2026-11-23T10:00:00Z", "2026-11-23 10:00:00"),
        ("started_at", "2026-11-23 10:00:00.250000", "2026-11-23 10:00:00.250000"),
        ("scheduled_date", "2026-1-2", "2026-01-02"),
        ("scheduled_date", "2026-01-02 10:00:00", "2026-01-02"),
        ("notes", {"a": 1}, '{"a": 1}'),
        ("notes", 7, "7"),
        ("notes", "5 < 6", "5 < 6"),
        ("notes", "  kept  ", "  kept  "),
        ("notes", "a\r\nb", "a\r\nb"),
    ],
)
def test_value_is_stored_as(site: FieldSite, field: str, sent: Json, stored: Json) -> None:
    job = site.job()
    site.data("PUT", f"{JOB}/{job['name']}", {field: sent})
    assert site.data("GET", f"{JOB}/{job['name']}").get(field) == stored


@pytest.mark.parametrize("field", ["scheduled_date", "started_at", "scheduled_time"])
def test_null_and_empty_clear_a_time(site: FieldSite, field: str) -> None:
    times = {"scheduled_date": "2026-11-01", "started_at": "2026-11-01 10:00:00"}
    job = site.job(**times, scheduled_time="10:00:00")
    for empty in (None, ""):
        site.data("PUT", f"{JOB}/{job['name']}", {field: empty})
        assert field not in site.data("GET", f"{JOB}/{job['name']}")


@pytest.mark.parametrize(
    ("field", "bad"),
    [
        ("started_at", "2026-02-30 10:00:00"),
        ("scheduled_time", "25:00"),
        ("scheduled_time", "late"),
        ("scheduled_date", "soon"),
    ],
)
def test_bad_time_is_500_on_mariadb_too(site: FieldSite, field: str, bad: str) -> None:
    job = site.job()
    path = f"{JOB}/{job['name']}"
    assert site.refusal("PUT", path, {field: bad}) == (500, "OperationalError")


def test_other_name_in_the_body_is_404(site: FieldSite) -> None:
    job = site.job()
    path = f"{JOB}/{job['name']}"
    assert site.refusal("PUT", path, {"name": "DJ-9"}) == (404, "DoesNotExistError")


@pytest.mark.parametrize("sent", [None, "2026-11-20 10:00:00", "2026-11-20T10:00:00.002000Z"])
def test_any_other_modified_is_stale(site: FieldSite, sent: Json) -> None:
    job = site.job()
    path = f"{JOB}/{job['name']}"
    assert site.refusal("PUT", path, {"modified": sent}) == (417, "TimestampMismatchError")
    assert site.send("PUT", path, {"modified": job["modified"]}).status == 200


def test_stale_modified_is_refused_by_every_writer(site: FieldSite) -> None:
    job = site.job()
    site.data("PUT", f"{JOB}/{job['name']}", {})
    stale = {"modified": job["modified"], "status": "Completed"}
    document = {"doctype": "Dispatch Job", "name": job["name"]}
    calls = {
        "frappe.client.save": {"doc": {**document, **stale}},
        "frappe.client.set_value": {**document, "fieldname": stale},
    }
    for method, arguments in calls.items():
        found = site.refusal("POST", f"/api/method/{method}", arguments)
        assert found == (417, "TimestampMismatchError")


def test_customer_of_the_same_name_gets_a_number(site: FieldSite) -> None:
    names = [
        site.data("POST", "/api/resource/Customer", {"customer_name": "Roy"})["name"]
        for _ in range(3)
    ]
    assert names == ["Roy", "Roy - 1", "Roy - 2"]


def test_basic_authentication_is_the_same_pair(site: FieldSite) -> None:
    request = site.request("GET", "/api/method/frappe.auth.get_logged_user")
    pair = base64.b64encode(b"key:secret").decode()
    request.headers["authorization"] = f"Basic {pair}"
    assert site.erp.answer(request).body == {"message": "boss@example.test"}


@pytest.mark.parametrize("header", ["Basic ?", "Bearer x", "token key", "token key:wrong", "x"])
def test_malformed_credentials_are_401(site: FieldSite, header: str) -> None:
    request = site.request("GET", JOB)
    request.headers["authorization"] = header
    assert site.erp.answer(request).status == 401


def test_doctype_made_by_rest_can_be_used(site: FieldSite) -> None:
    fields = [
        {"fieldname": "title", "fieldtype": "Data", "reqd": 1},
        {"fieldname": "job", "fieldtype": "Link", "options": "Dispatch Job"},
    ]
    body = {"name": "Sync Note", "custom": 1, "autoname": "SN-.###", "fields": fields}
    rights = [{"role": "System Manager"}]
    site.data("POST", "/api/resource/DocType", {**body, "permissions": rights})
    job = site.job()
    note = site.data("POST", "/api/resource/Sync Note", {"title": "x", "job": job["name"]})
    assert note["name"] == "SN-001"
    assert site.refusal("DELETE", f"{JOB}/{job['name']}") == (417, "LinkExistsError")
    listed = site.data("GET", "/api/resource/DocType", filters=[["name", "=", "Sync Note"]])
    assert listed == [{"name": "Sync Note"}]


def test_custom_field_widens_a_doctype_that_has_documents(site: FieldSite) -> None:
    job = site.job()
    field = {"dt": "Dispatch Job", "fieldname": "sync_device", "fieldtype": "Data", "unique": 1}
    assert site.data("POST", "/api/resource/Custom Field", field)["name"] == (
        "Dispatch Job-sync_device"
    )
    site.data("PUT", f"{JOB}/{job['name']}", {"sync_device": "phone"})
    body = {"subject": "x", "sync_device": "phone"}
    assert site.refusal("POST", JOB, body) == (417, "UniqueValidationError")
    shown = site.data("GET", "/api/v2/doctype/Dispatch Job/meta")
    assert shown["fields"][-1]["fieldname"] == "sync_device"


def test_given_doctypes_can_be_read_as_documents(site: FieldSite) -> None:
    shown = site.data("GET", "/api/resource/DocType/Dispatch Job")
    assert (shown["autoname"], shown["fields"][0]["fieldname"]) == ("DJ-.#####", "subject")


def test_site_file_opens_again_with_everything(tmp_path: Path) -> None:
    first = FieldSite(tmp_path / "site.db")
    field = {"dt": "Dispatch Job", "fieldname": "extra", "fieldtype": "Data"}
    first.data("POST", "/api/resource/Custom Field", field)
    first.job(extra="kept")
    first.erp.close()
    second = FieldSite(tmp_path / "site.db")
    assert second.data("GET", f"{JOB}/DJ-00001")["extra"] == "kept"
    assert second.job()["name"] == "DJ-00002"
    assert second.erp.quick_check() == []
    second.erp.close()


def test_restored_backup_is_the_site_as_it_was(site: FieldSite, tmp_path: Path) -> None:
    site.job()
    site.erp.backup(tmp_path / "copy.db")
    site.job()
    site.erp.restore(tmp_path / "copy.db")
    assert site.names() == ["DJ-00001"]


def test_site_of_the_other_flavour_is_not_opened(tmp_path: Path) -> None:
    FieldSite(tmp_path / "site.db").erp.close()
    with pytest.raises(AssertionError, match="flavour mariadb"):
        FieldSite(tmp_path / "site.db", flavour="postgres")


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("plain", "plain"),
        ("a > b", "a > b"),
        ('{"x": "<b>"}', '{"x": "<b>"}'),
        ("<b>x</b><style>y</style>", "<b>x</b>"),
        ('<img src="javascript:x" alt="y">', '<img alt="y">'),
        ("one<br/>two & <blink>three</blink>", "one<br>two &amp; three"),
    ],
)
def test_text_is_cleaned(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


def test_numbers_are_cast_like_frappe() -> None:
    whole: list[Json] = ["7", "x", None, 2.9, "-3.5"]
    real: list[Json] = ["1,250.5", "", "1e2", []]
    assert [to_int(value) for value in whole] == [7, 0, 0, 2, -3]
    assert [to_float(value) for value in real] == [1250.5, 0.0, 100.0, 0.0]
