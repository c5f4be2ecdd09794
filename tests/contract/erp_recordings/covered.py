"""Which recordings are replayed, how strictly, and which are not and why."""

from __future__ import annotations

from typing import Final

ELSEWHERE: Final = {
    "list_long_url_414": "test_limits",
    "upload_file_too_large_413": "test_limits",
    "insert_many_over_200_417": "test_limits",
    "download_private_file_200": "test_files",
    "file_lookup_by_content_hash": "test_files",
    "late_commit_1_poll_misses_open_transaction": "test_late_commit",
    "late_commit_2_next_poll_with_watermark_misses_it": "test_late_commit",
    "late_commit_3_overlapping_poll_finds_it": "test_late_commit",
    "webhook_delivery_after_insert_fields": "test_webhook_deliveries",
    "webhook_delivery_on_trash": "test_webhook_deliveries",
    "webhook_delivery_on_update_signed": "test_webhook_deliveries",
}
"""Recordings with a test of their own: the request cannot be sent as written down."""

LEFT_OUT: Final = {
    "sales_invoice_submit_500_postgres_unpatched": (
        "a defect of unmodified ERPNext on PostgreSQL; the embedded site submits"
    ),
    "pdf_download_chrome": "the embedded site has no PDF engine; the server prints invoices itself",
    "printview_html": "HTML print views are not part of what the client uses",
}
"""Recordings that are not imitated."""

LOOSE: Final[dict[str, frozenset[str]]] = {
    "list_aggregate_dict_syntax": frozenset({"order"}),
    "payment_entry_insert": frozenset({"creation", "modified"}),
    "payment_entry_submit_run_method": frozenset({"modified"}),
    "payment_entry_cancel": frozenset({"modified"}),
    "sales_invoice_insert_draft": frozenset({"posting_time", "creation", "modified"}),
    "sales_invoice_submit_put_docstatus": frozenset({"posting_time"}),
    "sales_invoice_submit_v2_method": frozenset({"posting_time"}),
    "upload_file_private_attached": frozenset({"content_hash"}),
    "upload_file_same_content_new_row_same_url": frozenset({"content_hash"}),
    "upload_file_to_missing_document_accepted": frozenset({"content_hash"}),
    "update_bad_date_500": frozenset({"_debug_messages"}),
    "method_not_whitelisted_403": frozenset({"exception", "_server_messages"}),
}
"""Keys whose values are compared by type alone: second times of one request (ERPNext saves twice),
hashes of bytes the recording does not hold, wordings of the database, HTML attributes of messages.
`order` compares lists as sets."""
