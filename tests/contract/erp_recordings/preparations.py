"""What had happened on the recorded site before each recording."""

# ruff: noqa: S608 - table names come from doctype definitions; values are bound.

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Final

from server_sync.embedded_erp import EmbeddedErp, Fault
from server_sync.embedded_erp.calls import Reply
from tests.contract.erp_recordings.planting import (
    plant,
    plant_new,
    plant_recorded,
    set_series,
)
from tests.contract.erp_recordings.recordings import Json, Recording, recording
from tests.contract.erp_recordings.sending import Sender

Prepare = Callable[[EmbeddedErp, Sender, Recording], object]
JOB: Final = "Dispatch Job"

CHAIN: Final = {
    "update_partial_scalar": "get_dispatch_job_v2",
    "update_stale_modified_417": "update_partial_scalar",
    "update_stale_modified_v2_417": "update_partial_scalar",
    "update_fresh_modified_200": "update_partial_scalar",
    "update_empty_body_bumps_modified": "update_fresh_modified_200",
    "update_unknown_field_ignored": "update_empty_body_bumps_modified",
    "update_bad_select_417": "update_unknown_field_ignored",
    "update_too_long_417": "update_unknown_field_ignored",
    "update_bad_date_500": "update_unknown_field_ignored",
    "update_invalid_json_417": "update_unknown_field_ignored",
    "update_bad_int_becomes_zero": "update_unknown_field_ignored",
    "update_timezone_suffix_dropped": "update_bad_int_becomes_zero",
    "update_child_named_row_replaced_wholesale": "update_timezone_suffix_dropped",
    "update_child_unknown_name_lost": "update_child_named_row_replaced_wholesale",
    "update_child_islocal_client_name": "get_after_child_unknown_name",
    "child_set_value_patches_one_row": "update_child_islocal_client_name",
    "child_append_with_client_insert": "child_set_value_patches_one_row",
    "child_resource_post_bypasses_parent": "child_append_with_client_insert",
    "update_permlevel_field_ignored": "set_value_scalar",
    "update_attach_field_with_file_url": "update_permlevel_field_ignored",
    "update_echo_is_not_what_is_stored": "update_text_is_sanitised",
    "update_null_byte_500_postgres": "update_echo_is_not_what_is_stored",
    "update_concurrent_write_500_postgres": "get_dispatch_job_v2",
    "perm_read_doc_403": "insert_customer",
    "rename_doc_leaves_modified_alone": "insert_service_location_series_ignores_client_name",
    "insert_prompt_duplicate_name_409": "insert_prompt_client_chosen_name",
    "insert_prompt_duplicate_name_500_html_postgres": "insert_prompt_client_chosen_name",
    "sales_invoice_submit_put_docstatus": "sales_invoice_insert_draft",
    "sales_invoice_change_after_submit_417": "sales_invoice_submit_put_docstatus",
    "sales_invoice_delete_submitted_417": "sales_invoice_submit_put_docstatus",
    "sales_invoice_unsubmit_417": "sales_invoice_submit_put_docstatus",
    "sales_invoice_cancel_put_docstatus": "sales_invoice_submit_put_docstatus",
    "payment_entry_template": "sales_invoice_submit_put_docstatus",
    "payment_entry_insert": "sales_invoice_submit_put_docstatus",
    "pdf_download_without_engine_500": "sales_invoice_insert_draft",
}
"""Recordings that change one document: the recording whose answer shows it as it was before."""

SERIES: Final = {
    "insert_service_location_series_ignores_client_name": ("LOC-", 28603),
    "insert_dispatch_job_with_children": ("DJ-", 22520),
    "insert_missing_mandatory_417": ("DJ-", 22521),
    "insert_owner_and_timestamps_cannot_be_set": ("DJ-", 22521),
    "insert_unique_field_duplicate_417": ("LOC-", 28604),
    "insert_unique_field_duplicate_500_html_postgres": ("LOC-", 28604),
    "insert_many_ok": ("LOC-", 28604),
    "insert_many_one_bad_rolls_back_417": ("LOC-", 28607),
    "issue_insert": ("ISS-2026-", 1),
    "subscription_insert": ("ACC-SUB-2026-", 1),
    "sales_invoice_insert_draft": ("ACC-SINV-2026-", 3),
    "payment_entry_insert": ("ACC-PAY-2026-", 1),
}


_CREATED: Final = ("insert_customer", "insert_service_location_series_ignores_client_name")


def base(erp: EmbeddedErp, wanted: str) -> None:
    """The documents that many recordings link to, but not the one that `wanted` creates."""
    plant_recorded(erp, *(name for name in _CREATED if name != wanted))
    party = {"customer_group": "Individual", "territory": "All Territories"}
    for name in ("Customer 00002", "Example Customer", "Test Customer 1"):
        plant_new(erp, "Customer", name, customer_name=name, **party)
    for number in (1, 2):
        technician = f"DT-0000{number}"
        plant_new(erp, "Dispatch Technician", technician, technician_name=f"Tech {number}")
    plant_new(erp, "Service Location", "LOC-10002", customer="Customer 00002")
    for name in ("EQP-10001", "EQP-10002", "EQP-17602", "EQP-17603"):
        plant_new(erp, "Service Equipment", name)
    plant_new(
        erp,
        "Item",
        "CAT6-M",
        item_code="CAT6-M",
        item_name="Cat6 cable (m)",
        item_group="All Item Groups",
        stock_uom="Nos",
        standard_rate=1.25,
    )


def prepare(erp: EmbeddedErp, send: Sender, wanted: Recording) -> None:
    """Bring a site to the state that `wanted` found."""
    base(erp, wanted.name)
    if wanted.name in CHAIN:
        plant_recorded(erp, CHAIN[wanted.name])
    if wanted.name in SERIES:
        set_series(erp, *SERIES[wanted.name])
    if wanted.name in PREPARATIONS:
        PREPARATIONS[wanted.name](erp, send, wanted)


def _job_20001(erp: EmbeddedErp, send: Sender, _wanted: Recording) -> None:
    after = recording("auth_session_write_with_csrf_200").document
    plant(erp, {**after, "priority": "Medium", "modified": after["creation"]})
    send.login("tech.one@example.test")
    send.open_desk()


def _the_job(erp: EmbeddedErp, _send: Sender, _wanted: Recording) -> None:
    plant_recorded(erp, "get_dispatch_job_v2")


def _two_jobs(erp: EmbeddedErp, _send: Sender, _wanted: Recording) -> None:
    plant_recorded(erp, "get_dispatch_job_v2", "insert_owner_and_timestamps_cannot_be_set")
    plant_new(erp, JOB, "DJ-20000", subject="older")


def _linked_location(erp: EmbeddedErp, _send: Sender, _wanted: Recording) -> None:
    plant_new(erp, "Service Equipment", "EQP-17602", service_location="LOC-28604")


def _answered_rows(doctype: str) -> Prepare:
    """The rows of the recorded list, newest first as listed, and one that no list wants."""

    def prepared(erp: EmbeddedErp, _send: Sender, wanted: Recording) -> None:
        rows: list[Json] = wanted.body.get("data") or wanted.body.get("message")
        for number, row in enumerate(rows):
            stamp = f"2025-11-20 09:00:00.{999999 - number:06d}"
            plant(erp, {"doctype": doctype, "creation": stamp, "subject": "listed", **row})
        old = "2024-01-01 00:00:00.000001"
        plant(erp, {"doctype": doctype, "name": "ZZ-99999", "creation": old, "modified": old})

    return prepared


def _child_rows(erp: EmbeddedErp, _send: Sender, wanted: Recording) -> None:
    rows: list[Json] = wanted.body["data"]
    for parent in ("DJ-20001", "DJ-22521"):
        plant_new(erp, JOB, parent, checklist=[row for row in rows if row["parent"] == parent])


def _equipment_in_use(erp: EmbeddedErp, _send: Sender, wanted: Recording) -> None:
    table = erp.site.form("Service Equipment").table
    erp.site.db.execute(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)"
        f" INSERT INTO {table} (name, status) SELECT printf('X-%05d', i), 'Deployed' FROM n",
        (wanted.body["message"],),
    )


def _jobs_by_status(erp: EmbeddedErp, _send: Sender, wanted: Recording) -> None:
    table = erp.site.form(JOB).table
    for row in wanted.body["data"]:
        erp.site.db.execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)"
            f" INSERT INTO {table} (name, status) SELECT printf('%s %05d', ?, i), ? FROM n",
            (row["n"], row["status"], row["status"]),
        )


def _page_of_jobs(erp: EmbeddedErp, _send: Sender, wanted: Recording) -> None:
    dated = [{**row, "scheduled_date": "2026-11-15"} for row in wanted.body["data"]]
    later = "2026-11-20 18:00:00.000001"
    decoys: list[dict[str, Json]] = [
        {"name": "DJ-1", "status": "Open", "scheduled_date": "2026-11-15"},
        {"name": "DJ-2", "status": "Scheduled", "scheduled_date": "2026-12-01"},
        {"name": "DJ-3", "status": "Scheduled", "scheduled_date": None},
        {"name": "DJ-4", "status": "Scheduled", "scheduled_date": "2026-11-30", "modified": later},
    ]
    for row in (*dated, *decoys):
        plant(erp, {"doctype": JOB, "subject": "listed", **row})


def _job_23004(erp: EmbeddedErp, _send: Sender, _wanted: Recording) -> None:
    after = recording("update_text_is_sanitised").document
    plant(erp, {**after, "subject": "before", "work_notes": None, "modified": after["creation"]})


def _job_to_delete(erp: EmbeddedErp, _send: Sender, _wanted: Recording) -> None:
    listed = recording("deleted_document_list").body["data"][0]["data"]
    plant(erp, _parsed(listed))
    set_series(erp, "DJ-", 22523)


def _parsed(text: str) -> dict[str, Json]:
    parsed: dict[str, Json] = json.loads(text)
    return parsed


def _deleted(erp: EmbeddedErp, send: Sender, wanted: Recording) -> None:
    _job_to_delete(erp, send, wanted)
    created = recording("deleted_document_list").body["data"][0]["creation"]
    send(recording("delete_202"), at=created)


def _versions(erp: EmbeddedErp, send: Sender, wanted: Recording) -> None:
    """Four saves that changed something, and one that did not."""
    plant_recorded(erp, "get_dispatch_job_v2")
    saves = (
        "update_partial_scalar",
        "update_fresh_modified_200",
        "update_bad_int_becomes_zero",
        "update_timezone_suffix_dropped",
    )
    for name, row in zip(saves, wanted.body["data"], strict=True):
        if name == "update_fresh_modified_200":
            plant_recorded(erp, "update_partial_scalar")
        send(recording(name), at=row["creation"])
        send(recording("update_empty_body_bumps_modified"))


def _bulk_locations(erp: EmbeddedErp, _send: Sender, wanted: Recording) -> None:
    first = 28608 if wanted.flavour == "postgres" else 5
    for number in (first, first + 1):
        plant_new(erp, "Service Location", f"LOC-{number:05d}")
    holder = {"legacy_location_id": "BU-1795218124-1"}
    plant_new(erp, "Service Location", "LOC-99999", **holder)


def _bulk_done(erp: EmbeddedErp, send: Sender, wanted: Recording) -> None:
    _bulk_locations(erp, send, wanted)
    send(recording(wanted.name.replace("readback_", "")))


def _echo_done(erp: EmbeddedErp, send: Sender, wanted: Recording) -> None:
    if wanted.flavour == "postgres":
        plant_recorded(erp, "update_text_is_sanitised")
        send(recording("update_echo_is_not_what_is_stored"))
        return
    plant_new(erp, JOB, "DJ-00060", subject="before")
    request = recording("update_echo_is_not_what_is_stored").request
    send.request({**request, "path": f"/api/resource/{JOB}/DJ-00060"}, "service")


def _unknown_row_sent(erp: EmbeddedErp, send: Sender, _wanted: Recording) -> None:
    plant_recorded(erp, "update_child_named_row_replaced_wholesale")
    send(recording("update_child_unknown_name_lost"))


def _row_posted(erp: EmbeddedErp, send: Sender, _wanted: Recording) -> None:
    plant_recorded(erp, "child_append_with_client_insert")
    send(recording("child_resource_post_bypasses_parent"))


def _row_held(erp: EmbeddedErp, _send: Sender, wanted: Recording) -> None:
    name = wanted.request["path"].rpartition("/")[2]
    plant_new(erp, JOB, name, subject="held")
    erp.faults.plan(Fault.LOCKED)


def _cold_cache(erp: EmbeddedErp, _send: Sender, _wanted: Recording) -> None:
    erp.faults.plan(Fault.UNIQUE_AS_HTML_500)


def _uploads(*names: str) -> Prepare:
    def prepared(_erp: EmbeddedErp, send: Sender, _wanted: Recording) -> None:
        for name in names:
            send(recording(name))

    return prepared


_THREE = (
    "upload_file_private_attached",
    "upload_file_same_content_new_row_same_url",
    "upload_file_to_missing_document_accepted",
)


def _payment_inserted(erp: EmbeddedErp, _send: Sender, _wanted: Recording) -> None:
    plant_recorded(erp, "sales_invoice_submit_put_docstatus", "payment_entry_insert")


def _payment_submitted(erp: EmbeddedErp, send: Sender, wanted: Recording) -> None:
    _payment_inserted(erp, send, wanted)
    paid = recording("sales_invoice_after_payment").body["data"][0]["modified"]
    send(recording("payment_entry_submit_run_method"), at=paid)


def _payment_planted(erp: EmbeddedErp, _send: Sender, _wanted: Recording) -> None:
    invoice = recording("sales_invoice_submit_put_docstatus").document
    plant(erp, {**invoice, "status": "Paid", "outstanding_amount": 0.0})
    plant_recorded(erp, "payment_entry_submit_run_method")


def _invoice_draft_5(erp: EmbeddedErp, _send: Sender, _wanted: Recording) -> None:
    after = recording("sales_invoice_submit_v2_method").document
    plant(erp, {**after, "docstatus": 0, "status": "Draft", "modified": after["creation"]})


def _breaking_webhook(erp: EmbeddedErp, _send: Sender, _wanted: Recording) -> None:
    erp.faults.on_change_breaks.add("Sales Invoice")
    set_series(erp, "ACC-SINV-2026-", 94)


def _broken_submit_sent(erp: EmbeddedErp, send: Sender, wanted: Recording) -> None:
    _breaking_webhook(erp, send, wanted)
    send(recording("sales_invoice_insert_submitted_500_but_stored"))


def _ten_wrong_passwords(_erp: EmbeddedErp, send: Sender, wanted: Recording) -> None:
    for _ in range(10):
        reply = send(wanted)
        assert isinstance(reply, Reply)


def _outage(erp: EmbeddedErp, _send: Sender, _wanted: Recording) -> None:
    erp.faults.outage = True


def _rate_limited(erp: EmbeddedErp, _send: Sender, _wanted: Recording) -> None:
    erp.faults.retry_after_s = 41


def _webhook_failed(erp: EmbeddedErp, send: Sender, wanted: Recording) -> None:
    plant_recorded(erp, "get_dispatch_job_v2")
    send(recording("webhook_create"))
    created = wanted.body["data"][0]["creation"]
    send(recording("update_empty_body_bumps_modified"), at=created)
    send.fail_webhooks("ok")


PREPARATIONS: Final[dict[str, Prepare]] = {
    "auth_session_write_with_csrf_200": _job_20001,
    "auth_session_write_without_csrf_400": _job_20001,
    "login_locked_out_500": _ten_wrong_passwords,
    "get_dispatch_job_v2": _the_job,
    "get_dispatch_job_with_children": _the_job,
    "get_count": _equipment_in_use,
    "list_aggregate_dict_syntax": _jobs_by_status,
    "list_all_fields_has_nulls": _the_job,
    "list_bad_datetime_filter_ignored_mariadb": _answered_rows(JOB),
    "list_by_post_get_list": _answered_rows(JOB),
    "list_child_doctype_with_parent": _child_rows,
    "list_child_field_flattened_duplicates_parent": _the_job,
    "list_child_star_silently_dropped": _the_job,
    "list_default_20_names": _answered_rows(JOB),
    "list_fields_filters_order_page": _page_of_jobs,
    "list_keyset_page_v1_or_filters": _two_jobs,
    "list_keyset_page_v2_nested_filters": _two_jobs,
    "list_link_field_traversal": _the_job,
    "list_v2_has_next_page": _answered_rows("Service Equipment"),
    "list_with_nested_children": _the_job,
    "insert_unique_field_duplicate_500_html_postgres": _cold_cache,
    "insert_prompt_duplicate_name_500_html_postgres": _cold_cache,
    "update_text_is_sanitised": _job_23004,
    "get_after_echo_postgres": _echo_done,
    "get_after_echo_mariadb": _echo_done,
    "get_after_child_unknown_name": _unknown_row_sent,
    "set_value_scalar": _row_posted,
    "update_concurrent_write_500_postgres": _row_held,
    "update_concurrent_write_500_mariadb": _row_held,
    "delete_202": _job_to_delete,
    "delete_again_404": _deleted,
    "deleted_document_list": _deleted,
    "insert_after_delete_reuses_series_number": _deleted,
    "delete_linked_417": _linked_location,
    "version_list": _versions,
    "bulk_update_partial_failure_mariadb": _bulk_locations,
    "bulk_update_partial_failure_postgres": _bulk_locations,
    "bulk_update_readback_partial_failure_mariadb": _bulk_done,
    "bulk_update_readback_partial_failure_postgres": _bulk_done,
    "upload_file_same_content_new_row_same_url": _uploads(*_THREE[:1]),
    "upload_file_to_missing_document_accepted": _uploads(*_THREE[:1]),
    "file_lookup_by_content_hash": _uploads(*_THREE),
    "download_private_file_200": _uploads(*_THREE[:1]),
    "download_private_file_anonymous_403": _uploads(*_THREE[:1]),
    "payment_entry_submit_run_method": _payment_inserted,
    "sales_invoice_after_payment": _payment_submitted,
    "payment_entry_cancel": _payment_planted,
    "sales_invoice_submit_v2_method": _invoice_draft_5,
    "sales_invoice_insert_submitted_500_but_stored": _breaking_webhook,
    "sales_invoice_lookup_after_500": _broken_submit_sent,
    "maintenance_mode_503": _outage,
    "rate_limit_429": _rate_limited,
    "webhook_request_log_after_failure": _webhook_failed,
}
