"""The database's versions, as numbered functions, each tested from a stored file of the one before.

A migration is frozen once it was released: it says what changed then, in the words both databases
take, and owes nothing to `schema`, which says how things are now (a test holds the two together).
While a server is replaced, the one before may still be at work on the migrated database: so
columns come with a default, and what nobody uses any more goes one release later.
"""

from collections.abc import Callable
from typing import Final

from sqlalchemy import Connection

Migration = Callable[[Connection], None]

_POSTGRESQL: Final = {"number": "BIGSERIAL", "octets": "BYTEA"}
_SQLITE: Final = {"number": "INTEGER", "octets": "BLOB"}


def m001_first_tables(connection: Connection) -> None:
    """Make the first tables; those of a database from before versions were numbered stay."""
    words = _POSTGRESQL if connection.dialect.name == "postgresql" else _SQLITE
    for statement in _FIRST:
        connection.exec_driver_sql(statement.format(**words))


def m002_heads_dated(connection: Connection) -> None:
    """Note when a device last said what it holds: until now that came with every contact."""
    connection.exec_driver_sql("ALTER TABLE device ADD COLUMN heads_ms BIGINT NOT NULL DEFAULT 0")
    connection.exec_driver_sql("UPDATE device SET heads_ms = seen_ms WHERE heads IS NOT NULL")


def m003_billing(connection: Connection) -> None:
    """Make what invoices, payments and payment links need."""
    words = _POSTGRESQL if connection.dialect.name == "postgresql" else _SQLITE
    for statement in _BILLING:
        connection.exec_driver_sql(statement.format(**words))


def m004_terminations(connection: Connection) -> None:
    """Make the journal of terminations."""
    connection.exec_driver_sql(
        """CREATE TABLE termination (
            key VARCHAR NOT NULL, contract VARCHAR NOT NULL, plan TEXT NOT NULL,
            state VARCHAR NOT NULL, ends_on VARCHAR NOT NULL, recap TEXT, error TEXT,
            made_ms BIGINT NOT NULL, done_ms BIGINT, PRIMARY KEY (key))"""
    )
    connection.exec_driver_sql("CREATE INDEX termination_by_state ON termination (state)")


def m005_diagnostics(connection: Connection) -> None:
    """Make what acts on customers' devices need."""
    for statement in _DIAGNOSTICS:
        connection.exec_driver_sql(statement)


def m006_ocr(connection: Connection) -> None:
    """Keep what was read of labels, and how often a model was asked."""
    for statement in _OCR:
        connection.exec_driver_sql(statement)


def m007_acceptance(connection: Connection) -> None:
    """Make what the acceptance of contracts needs; a message may carry a document."""
    words = _POSTGRESQL if connection.dialect.name == "postgresql" else _SQLITE
    for statement in _ACCEPTANCE:
        connection.exec_driver_sql(statement.format(**words))


def m008_referrals(connection: Connection) -> None:
    """Note who sent whom."""
    connection.exec_driver_sql(
        """CREATE TABLE referral_use (
            referred VARCHAR NOT NULL, referrer VARCHAR NOT NULL, state VARCHAR NOT NULL,
            active_since VARCHAR, actor VARCHAR NOT NULL, made_ms BIGINT NOT NULL,
            PRIMARY KEY (referred))"""
    )
    connection.exec_driver_sql("CREATE INDEX referral_use_by_state ON referral_use (state)")


MIGRATIONS: Final[tuple[Migration, ...]] = (
    m001_first_tables,
    m002_heads_dated,
    m003_billing,
    m004_terminations,
    m005_diagnostics,
    m006_ocr,
    m007_acceptance,
    m008_referrals,
)
"""In their order; a migration's number is its place, from 1."""

_FIRST: Final = (
    """CREATE TABLE IF NOT EXISTS meta (
        name VARCHAR NOT NULL, value VARCHAR NOT NULL, PRIMARY KEY (name))""",
    """CREATE TABLE IF NOT EXISTS counter (
        name VARCHAR NOT NULL, value BIGINT NOT NULL, PRIMARY KEY (name))""",
    """CREATE TABLE IF NOT EXISTS doc (
        key VARCHAR NOT NULL, doctype VARCHAR NOT NULL, erp_name VARCHAR, rev INTEGER NOT NULL,
        hash8 VARCHAR NOT NULL, body TEXT, patch TEXT, erp_body TEXT, erp_modified VARCHAR,
        erp_checked_at BIGINT, PRIMARY KEY (key))""",
    """CREATE TABLE IF NOT EXISTS link (
        src VARCHAR NOT NULL, field VARCHAR NOT NULL, target VARCHAR NOT NULL,
        doctype VARCHAR NOT NULL, src_doctype VARCHAR NOT NULL,
        PRIMARY KEY (src, field, target))""",
    """CREATE TABLE IF NOT EXISTS feed (
        audience VARCHAR NOT NULL, key VARCHAR NOT NULL, doctype VARCHAR NOT NULL,
        seq BIGINT NOT NULL, is_in BOOLEAN NOT NULL, rev INTEGER NOT NULL,
        hash8 VARCHAR NOT NULL, prev_seq BIGINT NOT NULL, prev_rev INTEGER NOT NULL,
        since_ms BIGINT NOT NULL, PRIMARY KEY (audience, key))""",
    """CREATE TABLE IF NOT EXISTS feed_sum (
        audience VARCHAR NOT NULL, doctype VARCHAR NOT NULL, n INTEGER NOT NULL,
        sum64 BIGINT NOT NULL, PRIMARY KEY (audience, doctype))""",
    """CREATE TABLE IF NOT EXISTS scope_ref (
        audience VARCHAR NOT NULL, key VARCHAR NOT NULL, root VARCHAR NOT NULL,
        PRIMARY KEY (audience, key, root))""",
    """CREATE TABLE IF NOT EXISTS tenure (
        audience VARCHAR NOT NULL, key VARCHAR NOT NULL, since_ms BIGINT NOT NULL,
        until_ms BIGINT NOT NULL, PRIMARY KEY (audience, key, since_ms))""",
    """CREATE TABLE IF NOT EXISTS device (
        id VARCHAR NOT NULL, account VARCHAR NOT NULL, name VARCHAR NOT NULL,
        platform VARCHAR NOT NULL, last_n BIGINT NOT NULL, status VARCHAR NOT NULL,
        proto INTEGER NOT NULL, schema_app INTEGER NOT NULL, generation INTEGER NOT NULL,
        renewed_ms BIGINT NOT NULL, seen_ms BIGINT NOT NULL, skew_ms BIGINT NOT NULL,
        heads TEXT, PRIMARY KEY (id))""",
    """CREATE TABLE IF NOT EXISTS outcome (
        device VARCHAR NOT NULL, n BIGINT NOT NULL, op_id VARCHAR NOT NULL,
        verdict VARCHAR NOT NULL, problem VARCHAR, details TEXT, office VARCHAR,
        seq BIGINT NOT NULL, at_ms BIGINT NOT NULL, PRIMARY KEY (device, n))""",
    """CREATE TABLE IF NOT EXISTS erp_out (
        id {number} NOT NULL, key VARCHAR NOT NULL, device VARCHAR NOT NULL, n BIGINT NOT NULL,
        op_id VARCHAR NOT NULL, operation TEXT NOT NULL, at VARCHAR NOT NULL,
        by_technician VARCHAR, tries INTEGER NOT NULL, next_ms BIGINT NOT NULL,
        claimed_ms BIGINT NOT NULL, state VARCHAR NOT NULL, error TEXT, PRIMARY KEY (id))""",
    """CREATE TABLE IF NOT EXISTS blob (
        sha256 VARCHAR NOT NULL, size BIGINT NOT NULL, mime VARCHAR NOT NULL,
        got BIGINT NOT NULL, is_verified BOOLEAN NOT NULL, made_ms BIGINT NOT NULL,
        account VARCHAR NOT NULL, PRIMARY KEY (sha256))""",
    """CREATE TABLE IF NOT EXISTS blob_ref (
        sha256 VARCHAR NOT NULL, key VARCHAR NOT NULL, role VARCHAR NOT NULL, erp_file VARCHAR,
        PRIMARY KEY (sha256, key))""",
    """CREATE TABLE IF NOT EXISTS account (
        email VARCHAR NOT NULL, full_name VARCHAR NOT NULL, password_hash VARCHAR,
        roles VARCHAR NOT NULL, technician VARCHAR, language VARCHAR NOT NULL,
        is_disabled BOOLEAN NOT NULL, PRIMARY KEY (email))""",
    """CREATE TABLE IF NOT EXISTS attempt (
        subject VARCHAR NOT NULL, failures INTEGER NOT NULL, locked_until_ms BIGINT NOT NULL,
        at_ms BIGINT NOT NULL, PRIMARY KEY (subject))""",
    """CREATE TABLE IF NOT EXISTS enrolment (
        code_hash VARCHAR NOT NULL, account VARCHAR NOT NULL, expires_ms BIGINT NOT NULL,
        device VARCHAR, PRIMARY KEY (code_hash))""",
    """CREATE TABLE IF NOT EXISTS snapshot (
        sha256 VARCHAR NOT NULL, audience VARCHAR NOT NULL, epoch VARCHAR NOT NULL,
        seq BIGINT NOT NULL, parts TEXT NOT NULL, content {octets} NOT NULL,
        made_ms BIGINT NOT NULL, PRIMARY KEY (sha256, audience))""",
    """CREATE TABLE IF NOT EXISTS erp_cursor (
        doctype VARCHAR NOT NULL, modified VARCHAR NOT NULL, name VARCHAR NOT NULL,
        PRIMARY KEY (doctype))""",
    """CREATE TABLE IF NOT EXISTS erp_seen (
        doctype VARCHAR NOT NULL, name VARCHAR NOT NULL, modified VARCHAR NOT NULL,
        key VARCHAR NOT NULL, creation VARCHAR NOT NULL, PRIMARY KEY (doctype, name))""",
    "CREATE INDEX IF NOT EXISTS doc_by_name ON doc (doctype, erp_name)",
    "CREATE INDEX IF NOT EXISTS link_by_target ON link (target, src_doctype, field)",
    "CREATE UNIQUE INDEX IF NOT EXISTS feed_by_seq ON feed (audience, seq)",
    "CREATE INDEX IF NOT EXISTS feed_by_key ON feed (key)",
    "CREATE INDEX IF NOT EXISTS scope_ref_by_root ON scope_ref (root)",
    "CREATE INDEX IF NOT EXISTS scope_ref_by_key ON scope_ref (key)",
    "CREATE INDEX IF NOT EXISTS outcome_by_op ON outcome (op_id)",
    "CREATE INDEX IF NOT EXISTS outcome_by_seq ON outcome (device, seq)",
    "CREATE INDEX IF NOT EXISTS erp_out_by_key ON erp_out (key, state)",
    "CREATE INDEX IF NOT EXISTS erp_out_by_state ON erp_out (state, next_ms)",
    "CREATE INDEX IF NOT EXISTS snapshot_by_audience ON snapshot (audience, seq)",
    "CREATE INDEX IF NOT EXISTS erp_seen_by_modified ON erp_seen (doctype, modified)",
    "CREATE INDEX IF NOT EXISTS erp_seen_by_key ON erp_seen (key)",
    "CREATE INDEX IF NOT EXISTS erp_seen_by_creation ON erp_seen (doctype, creation)",
)

_BILLING: Final = (
    """CREATE TABLE invoice_pdf (
        invoice VARCHAR NOT NULL, sha256 VARCHAR NOT NULL, size BIGINT NOT NULL,
        made_ms BIGINT NOT NULL, PRIMARY KEY (invoice))""",
    """CREATE TABLE referral_code (
        code VARCHAR NOT NULL, customer VARCHAR NOT NULL, salt INTEGER NOT NULL,
        PRIMARY KEY (code))""",
    """CREATE TABLE checkout (
        key VARCHAR NOT NULL, invoice VARCHAR NOT NULL, customer VARCHAR NOT NULL,
        cents BIGINT NOT NULL, currency VARCHAR NOT NULL, language VARCHAR NOT NULL,
        session VARCHAR, url TEXT, state VARCHAR NOT NULL, made_ms BIGINT NOT NULL,
        expires_ms BIGINT NOT NULL, PRIMARY KEY (key))""",
    """CREATE TABLE pay_event (
        id VARCHAR NOT NULL, kind VARCHAR NOT NULL, body TEXT NOT NULL,
        received_ms BIGINT NOT NULL, processed_ms BIGINT, tries INTEGER NOT NULL,
        PRIMARY KEY (id))""",
    """CREATE TABLE pay_entry (
        kind VARCHAR NOT NULL, reference_no VARCHAR NOT NULL, invoice VARCHAR NOT NULL,
        customer VARCHAR NOT NULL, cents BIGINT NOT NULL, mode VARCHAR NOT NULL,
        flag VARCHAR, erp_name VARCHAR, allocated_cents BIGINT, made_ms BIGINT NOT NULL,
        posted_ms BIGINT, PRIMARY KEY (kind, reference_no))""",
    """CREATE TABLE pay_limit (
        subject VARCHAR NOT NULL, full_ms BIGINT NOT NULL, PRIMARY KEY (subject))""",
    """CREATE TABLE pay_ask (
        id {number} NOT NULL, invoice VARCHAR NOT NULL, channel VARCHAR NOT NULL,
        last4 VARCHAR NOT NULL, made_ms BIGINT NOT NULL, PRIMARY KEY (id))""",
    """CREATE TABLE message_out (
        id {number} NOT NULL, channel VARCHAR NOT NULL, recipient VARCHAR NOT NULL,
        subject VARCHAR NOT NULL, content TEXT NOT NULL, state VARCHAR NOT NULL,
        tries INTEGER NOT NULL, made_ms BIGINT NOT NULL, next_ms BIGINT NOT NULL,
        PRIMARY KEY (id))""",
    """CREATE TABLE pay_audit (
        id {number} NOT NULL, at_ms BIGINT NOT NULL, actor VARCHAR NOT NULL,
        act VARCHAR NOT NULL, invoice VARCHAR NOT NULL, details TEXT NOT NULL,
        PRIMARY KEY (id))""",
    """CREATE TABLE bench_object (
        id VARCHAR NOT NULL, kind VARCHAR NOT NULL, body TEXT NOT NULL, made_ms BIGINT NOT NULL,
        due_ms BIGINT, PRIMARY KEY (id))""",
    "CREATE UNIQUE INDEX referral_code_by_customer ON referral_code (customer)",
    "CREATE UNIQUE INDEX checkout_by_session ON checkout (session)",
    "CREATE INDEX checkout_by_invoice ON checkout (invoice, state)",
    "CREATE INDEX pay_event_by_processed ON pay_event (processed_ms)",
    "CREATE INDEX pay_entry_by_posted ON pay_entry (posted_ms)",
    "CREATE INDEX pay_entry_by_invoice ON pay_entry (invoice)",
    "CREATE INDEX message_out_by_state ON message_out (state, next_ms)",
    "CREATE INDEX pay_audit_by_invoice ON pay_audit (invoice)",
    "CREATE INDEX bench_object_by_due ON bench_object (kind, due_ms)",
)

_DIAGNOSTICS: Final = (
    """CREATE TABLE cpe_act (
        id VARCHAR NOT NULL, equipment VARCHAR NOT NULL, act VARCHAR NOT NULL,
        state VARCHAR NOT NULL, asked TEXT NOT NULL, account VARCHAR NOT NULL,
        device VARCHAR NOT NULL, actor VARCHAR NOT NULL, asked_ms BIGINT NOT NULL,
        moved_ms BIGINT NOT NULL, until_ms BIGINT NOT NULL, begun_at VARCHAR,
        resolved_ms BIGINT, reason VARCHAR, result TEXT, PRIMARY KEY (id))""",
    """CREATE TABLE cpe_match (
        equipment VARCHAR NOT NULL, acs_device VARCHAR NOT NULL, matched_ms BIGINT NOT NULL,
        PRIMARY KEY (equipment))""",
    "CREATE INDEX cpe_act_by_equipment ON cpe_act (equipment, asked_ms)",
    "CREATE INDEX cpe_act_by_state ON cpe_act (state)",
)

_OCR: Final = (
    """CREATE TABLE ocr_answer (
        sha256 VARCHAR NOT NULL, version VARCHAR NOT NULL, answer TEXT NOT NULL,
        at_ms BIGINT NOT NULL, PRIMARY KEY (sha256, version))""",
    """CREATE TABLE ocr_spent (
        day VARCHAR NOT NULL, who VARCHAR NOT NULL, asked INTEGER NOT NULL,
        PRIMARY KEY (day, who))""",
    "CREATE INDEX ocr_answer_by_age ON ocr_answer (at_ms)",
)

_ACCEPTANCE: Final = (
    """CREATE TABLE acceptance (
        id VARCHAR NOT NULL, contract_key VARCHAR NOT NULL, contract VARCHAR NOT NULL,
        customer VARCHAR NOT NULL, track VARCHAR NOT NULL, channel VARCHAR NOT NULL,
        recipient VARCHAR NOT NULL, tail VARCHAR NOT NULL, language VARCHAR NOT NULL,
        doc_hash VARCHAR NOT NULL, html_sha256 VARCHAR NOT NULL, pdf_sha256 VARCHAR NOT NULL,
        external VARCHAR, actor VARCHAR NOT NULL, state VARCHAR NOT NULL, made_ms BIGINT NOT NULL,
        expires_ms BIGINT NOT NULL, decided_ms BIGINT, posted_ms BIGINT, PRIMARY KEY (id))""",
    """CREATE TABLE evidence (
        id {number} NOT NULL, prev_hash VARCHAR NOT NULL, hash VARCHAR NOT NULL,
        body TEXT NOT NULL, at_ms BIGINT NOT NULL, PRIMARY KEY (id))""",
    "ALTER TABLE message_out ADD COLUMN attachment VARCHAR",
    "CREATE INDEX acceptance_by_contract ON acceptance (contract_key)",
    "CREATE INDEX acceptance_by_external ON acceptance (external)",
    "CREATE INDEX acceptance_by_state ON acceptance (state)",
)
