"""The tables as they are now; `migrations` makes them.

One row a (audience, document) in `feed` is what everything else follows from.

Documents and operations are JSON text: the server reads whole documents only, and text is the same
on SQLite and PostgreSQL. 64-bit sums are stored as signed integers.
"""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

metadata: Final = MetaData()
_Id = BigInteger().with_variant(Integer, "sqlite")

meta = Table(
    "meta",
    metadata,
    Column("name", String, primary_key=True),
    Column("value", String, nullable=False),
)

counter = Table(
    "counter",
    metadata,
    Column("name", String, primary_key=True),
    Column("value", BigInteger, nullable=False),
)

doc = Table(
    "doc",
    metadata,
    Column("key", String, primary_key=True),
    Column("doctype", String, nullable=False),
    Column("erp_name", String),
    Column("rev", Integer, nullable=False),
    Column("hash8", String, nullable=False),
    Column("body", Text),
    Column("patch", Text),
    Column("erp_body", Text),
    Column("erp_modified", String),
    Column("erp_checked_at", BigInteger),
)
"""`body` is null once the document is removed; `erp_body` is the ERP's last word in our form."""
Index("doc_by_name", doc.c.doctype, doc.c.erp_name)

link = Table(
    "link",
    metadata,
    Column("src", String, primary_key=True),
    Column("field", String, primary_key=True),
    Column("target", String, primary_key=True),
    Column("doctype", String, nullable=False),
    Column("src_doctype", String, nullable=False),
)
Index("link_by_target", link.c.target, link.c.src_doctype, link.c.field)

feed = Table(
    "feed",
    metadata,
    Column("audience", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("doctype", String, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("is_in", Boolean, nullable=False),
    Column("rev", Integer, nullable=False),
    Column("hash8", String, nullable=False),
    Column("prev_seq", BigInteger, nullable=False, default=0),
    Column("prev_rev", Integer, nullable=False, default=0),
    Column("since_ms", BigInteger, nullable=False),
)
Index("feed_by_seq", feed.c.audience, feed.c.seq, unique=True)
Index("feed_by_key", feed.c.key)

feed_sum = Table(
    "feed_sum",
    metadata,
    Column("audience", String, primary_key=True),
    Column("doctype", String, primary_key=True),
    Column("n", Integer, nullable=False),
    Column("sum64", BigInteger, nullable=False),
)

scope_ref = Table(
    "scope_ref",
    metadata,
    Column("audience", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("root", String, primary_key=True),
)
"""Why a document is in an audience: one row for each root (a job) that reaches it."""
Index("scope_ref_by_root", scope_ref.c.root)
Index("scope_ref_by_key", scope_ref.c.key)

tenure = Table(
    "tenure",
    metadata,
    Column("audience", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("since_ms", BigInteger, primary_key=True),
    Column("until_ms", BigInteger, nullable=False),
)
"""Past stays of a document in an audience, so that late work can be told from foreign work."""

device = Table(
    "device",
    metadata,
    Column("id", String, primary_key=True),
    Column("account", String, nullable=False),
    Column("name", String, nullable=False),
    Column("platform", String, nullable=False, default=""),
    Column("last_n", BigInteger, nullable=False),
    Column("status", String, nullable=False),
    Column("proto", Integer, nullable=False, default=1),
    Column("schema_app", Integer, nullable=False, default=1),
    Column("generation", Integer, nullable=False, default=0),
    Column("renewed_ms", BigInteger, nullable=False, default=0),
    Column("seen_ms", BigInteger, nullable=False, default=0),
    Column("skew_ms", BigInteger, nullable=False, default=0),
    Column("heads", Text),
    Column("heads_ms", BigInteger, nullable=False, default=0, server_default="0"),
)
"""`heads`: what it last said of itself (see `field_core.wire`), at `heads_ms`."""

outcome = Table(
    "outcome",
    metadata,
    Column("device", String, primary_key=True),
    Column("n", BigInteger, primary_key=True),
    Column("op_id", String, nullable=False),
    Column("verdict", String, nullable=False),
    Column("problem", String),
    Column("details", Text),
    Column("office", String),
    Column("seq", BigInteger, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
)
Index("outcome_by_seq", outcome.c.device, outcome.c.seq)
Index("outcome_by_op", outcome.c.op_id)

erp_out = Table(
    "erp_out",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=True),
    Column("key", String, nullable=False),
    Column("device", String, nullable=False),
    Column("n", BigInteger, nullable=False),
    Column("op_id", String, nullable=False),
    Column("operation", Text, nullable=False),
    Column("at", String, nullable=False),
    Column("by_technician", String),
    Column("tries", Integer, nullable=False, default=0),
    Column("next_ms", BigInteger, nullable=False, default=0),
    Column("claimed_ms", BigInteger, nullable=False, default=0),
    Column("state", String, nullable=False),
    Column("error", Text),
)
"""Work for the ERP: `waiting`, `stored`, `review`. `operation` holds only what was taken."""
Index("erp_out_by_key", erp_out.c.key, erp_out.c.state)
Index("erp_out_by_state", erp_out.c.state, erp_out.c.next_ms)

blob = Table(
    "blob",
    metadata,
    Column("sha256", String, primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("mime", String, nullable=False),
    Column("got", BigInteger, nullable=False),
    Column("is_verified", Boolean, nullable=False),
    Column("made_ms", BigInteger, nullable=False),
    Column("account", String, nullable=False, default=""),
)

blob_ref = Table(
    "blob_ref",
    metadata,
    Column("sha256", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("role", String, nullable=False),
    Column("erp_file", String),
)

account = Table(
    "account",
    metadata,
    Column("email", String, primary_key=True),
    Column("full_name", String, nullable=False),
    Column("password_hash", String),
    Column("roles", String, nullable=False),
    Column("technician", String),
    Column("language", String, nullable=False, default="fr"),
    Column("is_disabled", Boolean, nullable=False, default=False),
)
"""`roles`: names separated by commas."""

attempt = Table(
    "attempt",
    metadata,
    Column("subject", String, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("locked_until_ms", BigInteger, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
)
"""Wrong sign-ins by a keyed hash of what was tried: unknown addresses lock like known ones."""

enrolment = Table(
    "enrolment",
    metadata,
    Column("code_hash", String, primary_key=True),
    Column("account", String, nullable=False),
    Column("expires_ms", BigInteger, nullable=False),
    Column("device", String),
)

snapshot = Table(
    "snapshot",
    metadata,
    Column("sha256", String, primary_key=True),
    Column("audience", String, primary_key=True),
    Column("epoch", String, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("parts", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("made_ms", BigInteger, nullable=False),
)
Index("snapshot_by_audience", snapshot.c.audience, snapshot.c.seq)

erp_cursor = Table(
    "erp_cursor",
    metadata,
    Column("doctype", String, primary_key=True),
    Column("modified", String, nullable=False),
    Column("name", String, nullable=False, default=""),
)

erp_seen = Table(
    "erp_seen",
    metadata,
    Column("doctype", String, primary_key=True),
    Column("name", String, primary_key=True),
    Column("modified", String, nullable=False),
    Column("key", String, nullable=False),
    Column("creation", String, nullable=False, default=""),
)
"""Which version of which ERP document was taken in: polls deduplicate by it, sweeps compare to it.
`creation` recognises a document without a `sync_key` that was renamed."""
Index("erp_seen_by_modified", erp_seen.c.doctype, erp_seen.c.modified)
Index("erp_seen_by_creation", erp_seen.c.doctype, erp_seen.c.creation)
Index("erp_seen_by_key", erp_seen.c.key)

invoice_pdf = Table(
    "invoice_pdf",
    metadata,
    Column("invoice", String, primary_key=True),
    Column("sha256", String, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("made_ms", BigInteger, nullable=False),
)
"""The archived paper of an invoice; its bytes lie in the blob store, never collected."""

referral_code = Table(
    "referral_code",
    metadata,
    Column("code", String, primary_key=True),
    Column("customer", String, nullable=False),
    Column("salt", Integer, nullable=False),
)
Index("referral_code_by_customer", referral_code.c.customer, unique=True)

referral_use = Table(
    "referral_use",
    metadata,
    Column("referred", String, primary_key=True),
    Column("referrer", String, nullable=False),
    Column("state", String, nullable=False),
    Column("active_since", String),
    Column("actor", String, nullable=False),
    Column("made_ms", BigInteger, nullable=False),
)
"""Who sent whom; a customer is sent once."""
Index("referral_use_by_state", referral_use.c.state)

checkout = Table(
    "checkout",
    metadata,
    Column("key", String, primary_key=True),
    Column("invoice", String, nullable=False),
    Column("customer", String, nullable=False),
    Column("cents", BigInteger, nullable=False),
    Column("currency", String, nullable=False),
    Column("language", String, nullable=False),
    Column("session", String),
    Column("url", Text),
    Column("state", String, nullable=False),
    Column("made_ms", BigInteger, nullable=False),
    Column("expires_ms", BigInteger, nullable=False),
)
"""An attempt to pay, stored before Stripe is called: the key makes the call the same one again."""
Index("checkout_by_session", checkout.c.session, unique=True)
Index("checkout_by_invoice", checkout.c.invoice, checkout.c.state)

pay_event = Table(
    "pay_event",
    metadata,
    Column("id", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("body", Text, nullable=False),
    Column("received_ms", BigInteger, nullable=False),
    Column("processed_ms", BigInteger),
    Column("tries", Integer, nullable=False, default=0),
)
"""Verified webhooks, cut down to what is applied; `processed_ms` only once its effect is there."""
Index("pay_event_by_processed", pay_event.c.processed_ms)

pay_entry = Table(
    "pay_entry",
    metadata,
    Column("kind", String, primary_key=True),
    Column("reference_no", String, primary_key=True),
    Column("invoice", String, nullable=False),
    Column("customer", String, nullable=False),
    Column("cents", BigInteger, nullable=False),
    Column("mode", String, nullable=False),
    Column("flag", String),
    Column("erp_name", String),
    Column("allocated_cents", BigInteger),
    Column("made_ms", BigInteger, nullable=False),
    Column("posted_ms", BigInteger),
)
"""Money that moved, by its reference at Stripe: two events of one payment are one row here."""
Index("pay_entry_by_posted", pay_entry.c.posted_ms)
Index("pay_entry_by_invoice", pay_entry.c.invoice)

pay_limit = Table(
    "pay_limit",
    metadata,
    Column("subject", String, primary_key=True),
    Column("full_ms", BigInteger, nullable=False),
)
"""GCRA: until when the allowance of a subject is used up; subjects are keyed hashes."""

pay_ask = Table(
    "pay_ask",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=True),
    Column("invoice", String, nullable=False),
    Column("channel", String, nullable=False),
    Column("last4", String, nullable=False),
    Column("made_ms", BigInteger, nullable=False),
)
"""Links asked for and not yet decided on; a decided one leaves."""

message_out = Table(
    "message_out",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=True),
    Column("channel", String, nullable=False),
    Column("recipient", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("content", Text, nullable=False),
    Column("state", String, nullable=False),
    Column("tries", Integer, nullable=False, default=0),
    Column("made_ms", BigInteger, nullable=False),
    Column("next_ms", BigInteger, nullable=False),
    Column("attachment", String),
)
Index("message_out_by_state", message_out.c.state, message_out.c.next_ms)

pay_audit = Table(
    "pay_audit",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=True),
    Column("at_ms", BigInteger, nullable=False),
    Column("actor", String, nullable=False),
    Column("act", String, nullable=False),
    Column("invoice", String, nullable=False),
    Column("details", Text, nullable=False),
)
"""Who did what about the payment of an invoice; rows are only added."""
Index("pay_audit_by_invoice", pay_audit.c.invoice)

termination = Table(
    "termination",
    metadata,
    Column("key", String, primary_key=True),
    Column("contract", String, nullable=False),
    Column("plan", Text, nullable=False),
    Column("state", String, nullable=False),
    Column("ends_on", String, nullable=False),
    Column("recap", Text),
    Column("error", Text),
    Column("made_ms", BigInteger, nullable=False),
    Column("done_ms", BigInteger),
)
"""Contracts that were ended: the decision before the ERP hears of it, and its frozen recap."""
Index("termination_by_state", termination.c.state)

acceptance = Table(
    "acceptance",
    metadata,
    Column("id", String, primary_key=True),
    Column("contract_key", String, nullable=False),
    Column("contract", String, nullable=False),
    Column("customer", String, nullable=False),
    Column("track", String, nullable=False),
    Column("channel", String, nullable=False),
    Column("recipient", String, nullable=False),
    Column("tail", String, nullable=False),
    Column("language", String, nullable=False),
    Column("doc_hash", String, nullable=False),
    Column("html_sha256", String, nullable=False),
    Column("pdf_sha256", String, nullable=False),
    Column("external", String),
    Column("actor", String, nullable=False),
    Column("state", String, nullable=False),
    Column("made_ms", BigInteger, nullable=False),
    Column("expires_ms", BigInteger, nullable=False),
    Column("decided_ms", BigInteger),
    Column("posted_ms", BigInteger),
)
"""Contracts sent to be accepted: what was sent to whom, and what became of it."""
Index("acceptance_by_contract", acceptance.c.contract_key)
Index("acceptance_by_external", acceptance.c.external)
Index("acceptance_by_state", acceptance.c.state)

evidence = Table(
    "evidence",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=True),
    Column("prev_hash", String, nullable=False),
    Column("hash", String, nullable=False),
    Column("body", Text, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
)
"""Who agreed to what: rows are only added, each holds the hash of the one before."""

bench_object = Table(
    "bench_object",
    metadata,
    Column("id", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("body", Text, nullable=False),
    Column("made_ms", BigInteger, nullable=False),
    Column("due_ms", BigInteger),
)
"""What the stand-in for Stripe remembers; empty wherever a Stripe key is set."""
Index("bench_object_by_due", bench_object.c.kind, bench_object.c.due_ms)

cpe_act = Table(
    "cpe_act",
    metadata,
    Column("id", String, primary_key=True),
    Column("equipment", String, nullable=False),
    Column("act", String, nullable=False),
    Column("state", String, nullable=False),
    Column("asked", Text, nullable=False),
    Column("account", String, nullable=False),
    Column("device", String, nullable=False),
    Column("actor", String, nullable=False),
    Column("asked_ms", BigInteger, nullable=False),
    Column("moved_ms", BigInteger, nullable=False),
    Column("until_ms", BigInteger, nullable=False),
    Column("begun_at", String),
    Column("resolved_ms", BigInteger),
    Column("reason", String),
    Column("result", Text),
)
"""What was asked of customers' devices, by whom, and what became of it; rows are never removed."""
Index("cpe_act_by_equipment", cpe_act.c.equipment, cpe_act.c.asked_ms)
Index("cpe_act_by_state", cpe_act.c.state)

cpe_match = Table(
    "cpe_match",
    metadata,
    Column("equipment", String, primary_key=True),
    Column("acs_device", String, nullable=False),
    Column("matched_ms", BigInteger, nullable=False),
)
"""Which device of the ACS a piece of equipment was found to be; checked at each reading."""

ocr_answer = Table(
    "ocr_answer",
    metadata,
    Column("sha256", String, primary_key=True),
    Column("version", String, primary_key=True),
    Column("answer", Text, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
)
"""What was read of a picture, by which version of which reader; without the keys of networks."""
Index("ocr_answer_by_age", ocr_answer.c.at_ms)

ocr_spent = Table(
    "ocr_spent",
    metadata,
    Column("day", String, primary_key=True),
    Column("who", String, primary_key=True),
    Column("asked", Integer, nullable=False),
)
"""How often the model was asked on a day of the site, by person and (`who` empty) altogether."""
