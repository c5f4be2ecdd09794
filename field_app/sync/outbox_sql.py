"""The outbox's longer statements. Ours is what stands under the name that the device has now."""

from typing import Final

IDENTITY: Final = """
    SELECT own.value,
           1 + max(coalesce((SELECT max(n) FROM outbox WHERE device = own.value), 0),
                   coalesce((SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'last_n'), 0)),
           coalesce((SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'skew_ms'), 0)
    FROM meta AS own WHERE own.name = 'device'
"""

NOTE_LAST_N: Final = """
    INSERT OR REPLACE INTO meta
    SELECT 'last_n', max(n) FROM outbox
    WHERE device = (SELECT value FROM meta WHERE name = 'device')
    HAVING max(n) IS NOT NULL
"""

KNOWN: Final = """
    SELECT n, key, id, verdict, problem, details, office FROM outbox
    WHERE device = (SELECT value FROM meta WHERE name = 'device')
      AND n IN (SELECT value FROM json_each(?))
"""

SETTLE: Final = """
    UPDATE outbox SET seq = CASE WHEN verdict IS NULL THEN ? ELSE seq END,
        verdict = ?, problem = ?, details = ?, office = ?, settled_ms = coalesce(settled_ms, ?)
    WHERE id = ?
"""

FORGOTTEN: Final = """
    SELECT key FROM outbox
    WHERE device = (SELECT value FROM meta WHERE name = 'device')
      AND n > ? AND (verdict IS NOT NULL OR seq > 0)
"""

REOPEN: Final = """
    UPDATE outbox SET verdict = NULL, seq = 0, problem = NULL, details = NULL, office = NULL,
        settled_ms = NULL
    WHERE device = (SELECT value FROM meta WHERE name = 'device') AND n > ?
"""

FIRST_PENDING: Final = """
    SELECT min(n) FROM outbox
    WHERE +device = (SELECT value FROM meta WHERE name = 'device') AND verdict IS NULL
"""

PENDING: Final = """
    SELECT id, operation FROM outbox
    WHERE +device = (SELECT value FROM meta WHERE name = 'device') AND verdict IS NULL
    ORDER BY n
"""
"""The plus keeps SQLite from going through a week of settled work for the few that are not."""

UNSEEN: Final = """
    SELECT key, operation, at FROM outbox
    WHERE key IN (SELECT value FROM json_each(?))
      AND ((verdict IS NULL AND seq = 0)
           OR (coalesce(verdict, '') NOT IN ('parked', 'rejected')
               AND seq > coalesce((SELECT CAST(value AS INTEGER) FROM meta
                                   WHERE name = 'seq'), 0))
           OR (office = 'review' AND NOT EXISTS (SELECT 1 FROM base
                                                 WHERE base.key = outbox.key)))
    ORDER BY outbox.rowid
"""
