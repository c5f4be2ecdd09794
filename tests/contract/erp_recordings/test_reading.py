"""Reading beyond the recordings: filters, blanks, pages, links, aliases of the same call."""

from __future__ import annotations

import pytest

from tests.contract.erp_recordings.field_site import JOB, FieldSite
from tests.contract.erp_recordings.recordings import Json


@pytest.fixture
def three(site: FieldSite) -> FieldSite:
    """Jobs 1 (dated, 30 minutes), 2 (dated later, Completed) and 3 (undated)."""
    site.job(scheduled_date="2026-11-01", minutes=30, notes="Roof ladder")
    site.job(scheduled_date="2026-12-01", status="Completed", started_at="2026-12-01 09:00:00")
    site.job(notes="basement", checklist=[{"step": "one"}, {"step": "two", "done": 1}])
    return site


@pytest.mark.parametrize(
    ("filters", "numbers"),
    [
        ([["scheduled_date", "<", "2026-11-15"]], [1, 3]),
        ([["scheduled_date", ">", "2026-10-01"]], [1, 2]),
        ([["scheduled_date", "between", ["2026-11-01", "2026-11-30"]]], [1]),
        ([["scheduled_date", "is", "set"]], [1, 2]),
        ([["scheduled_date", "is", "not set"]], [3]),
        ([["notes", "!=", "basement"]], [1, 2]),
        ([["notes", "like", "%LADDER%"]], [1]),
        ([["notes", "not like", "%ladder%"]], [2, 3]),
        ([["status", "in", ["Open"]]], [1, 3]),
        ([["status", "in", "Open,Completed"]], [1, 2, 3]),
        ([["status", "not in", ["Open"]]], [2]),
        ([["minutes", ">", 0]], [1]),
        ([["minutes", "=", "0"]], [2, 3]),
        ([["started_at", "between", ["2026-12-01", "2026-12-01"]]], [2]),
        ([["Dispatch Job", "status", "=", "Completed"]], [2]),
        ([["Dispatch Job Checklist", "done", "=", 1]], [3]),
        ([["checklist.step", "=", "two"]], [3]),
        (["status", "=", "Completed"], [2]),
        ({"status": ["!=", "Open"]}, [2]),
        ({"status": "Open", "minutes": 30}, [1]),
        ([["notes", "=", None]], [2]),
        ([["notes", "!=", None]], [1, 3]),
        ([], [1, 2, 3]),
    ],
)
def test_filter_finds(three: FieldSite, filters: Json, numbers: list[int]) -> None:
    assert three.names(filters=filters) == [f"DJ-{number:05d}" for number in numbers]


def test_text_equality_ignores_case_on_mariadb_only() -> None:
    for flavour, found in (("mariadb", 1), ("postgres", 0)):
        site = FieldSite(flavour=flavour)  # type: ignore[arg-type] # a loop over both literals
        site.job(notes="Basement")
        assert len(site.names(filters={"notes": "basement"})) == found
        site.erp.close()


def test_times_lose_their_leading_zero_on_mariadb_only() -> None:
    for flavour, shown in (("mariadb", "9:05:00"), ("postgres", "09:05:00")):
        site = FieldSite(flavour=flavour)  # type: ignore[arg-type] # a loop over both literals
        job = site.job(scheduled_time="09:05:00")
        assert site.data("GET", f"{JOB}/{job['name']}")["scheduled_time"] == shown
        site.erp.close()


@pytest.mark.parametrize(
    "query",
    [
        {"filters": [["nosuch", "=", 1]]},
        {"fields": ["name", "checklist.nosuch"]},
        {"fields": ["name", {"checklist": ["nosuch"]}]},
        {"fields": ["name", {"nosuch": ["name"]}]},
        {"fields": ["nosuch.name"]},
        {"order_by": "nosuch asc"},
    ],
)
def test_unknown_field_is_417(site: FieldSite, query: dict[str, Json]) -> None:
    assert site.refusal("GET", JOB, **query) == (417, "DataError")


@pytest.mark.parametrize(
    "query",
    [
        {"filters": [["status", "~", 1]]},
        {"filters": [["status", "between", "x"]]},
        {"filters": [[]]},
        {"filters": "[broken"},
        {"order_by": "name; drop table x"},
    ],
)
def test_nonsense_is_417(site: FieldSite, query: dict[str, Json]) -> None:
    assert site.refusal("GET", JOB, **query) == (417, "ValidationError")


def test_conjunction_in_v1_is_404(site: FieldSite) -> None:
    nested = [["status", "=", "Open"], "or", ["status", "=", "x"]]
    assert site.refusal("GET", JOB, filters=nested) == (404, "DoesNotExistError")


def test_pages_follow_each_other(three: FieldSite) -> None:
    pages = [
        three.data("GET", JOB, order_by="name asc", limit=2, limit_start=start) for start in (0, 2)
    ]
    assert [[row["name"] for row in page] for page in pages] == [
        ["DJ-00001", "DJ-00002"],
        ["DJ-00003"],
    ]


def test_get_value_and_get_find_one(three: FieldSite) -> None:
    by_status = {"doctype": "Dispatch Job", "filters": {"status": "Completed"}}
    value = three.call("frappe.client.get_value", **by_status, fieldname=["name", "minutes"])
    assert value == {"name": "DJ-00002", "minutes": 0}
    assert three.call("frappe.client.get", **by_status)["name"] == "DJ-00002"
    nothing = {"doctype": "Dispatch Job", "filters": {"status": "x"}}
    assert three.call("frappe.client.get_value", **nothing, fieldname="name") == {}


def test_sums_are_dictionaries(three: FieldSite) -> None:
    fields = [{"SUM": "minutes", "as": "m"}, {"COUNT": "*", "as": "n"}]
    assert three.data("GET", JOB, fields=fields) == [{"m": 30, "n": 3}]


def test_group_counts_can_be_ordered_by_their_alias(three: FieldSite) -> None:
    fields = [{"COUNT": "name", "as": "n"}, "status"]
    rows = three.data("GET", JOB, fields=fields, group_by="status", order_by="n desc")
    assert rows == [{"n": 2, "status": "Open"}, {"n": 1, "status": "Completed"}]


def test_count_of_v2_and_of_filters(three: FieldSite) -> None:
    path = "/api/v2/doctype/Dispatch Job/count"
    assert three.data("GET", path) == 3
    assert three.data("GET", path, filters={"status": "Open"}) == 2


def test_missing_argument_is_a_type_error(site: FieldSite) -> None:
    path = "/api/method/frappe.client.get_list"
    assert site.refusal("POST", path, {}) == (500, "TypeError")


def test_ping_needs_nobody(site: FieldSite) -> None:
    request = site.request("GET", "/api/method/ping")
    request.headers.clear()
    assert site.erp.answer(request).body == {"message": "pong"}
    assert site.data("GET", "/api/v2/method/ping") == "pong"
