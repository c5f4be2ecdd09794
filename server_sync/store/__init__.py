"""The server's own memory: documents, feed, outcomes, outbox to the ERP, accounts; one schema for SQLite and PostgreSQL."""
