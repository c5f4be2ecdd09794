"""The site: everything a request needs, put together once."""

# ruff: noqa: S608 - table and column names come from doctype definitions; values are bound.

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from server_sync.embedded_erp.database import ErpDatabase
from server_sync.embedded_erp.faults import Faults
from server_sync.embedded_erp.forms import Form, Forms
from server_sync.embedded_erp.framework import FRAMEWORK_DOCTYPES
from server_sync.embedded_erp.meta import DocType
from server_sync.embedded_erp.schema import (
    migrate,
    remember_flavour,
    stored_doctypes,
    sync_doctypes,
    with_custom_fields,
)
from server_sync.embedded_erp.sessions import Sessions
from server_sync.embedded_erp.settings import ErpSiteSettings
from server_sync.embedded_erp.webhook_queue import WebhookQueue

_HASH_LENGTH = 10
_HASH_LETTERS = "0123456789abcdefghijklmnopqrstuv"
"""The letters of Frappe's child row names (base 32, extended hex)."""


class Site:
    """Database, forms, users, clock and randomness of one site.

    `clock` returns an aware UTC moment, `entropy(n)` n random bytes.
    """

    def __init__(
        self,
        database: Path | str,
        *,
        doctypes: Sequence[DocType],
        clock: Callable[[], datetime],
        entropy: Callable[[int], bytes],
        settings: ErpSiteSettings,
    ) -> None:
        self.settings = settings
        self.flavour = settings.flavour
        self.entropy = entropy
        self.faults = Faults()
        self.held_rows: set[tuple[str, str]] = set()
        self._clock = clock
        self._zone = ZoneInfo(settings.time_zone)
        self.db = ErpDatabase(database, durable=settings.durable)
        self.changed_doctypes: list[DocType] = []
        self.forms = self._open(doctypes)
        self.form: Callable[[str], Form] = self.forms.get
        self.sessions = Sessions(settings, entropy)
        self.webhooks = WebhookQueue()
        self._sync_users()

    def _open(self, doctypes: Sequence[DocType]) -> Forms:
        migrate(self.db)
        remember_flavour(self.db, self.flavour)
        given = {doctype.name: doctype for doctype in (*FRAMEWORK_DOCTYPES, *doctypes)}
        widened = [with_custom_fields(self.db, doctype) for doctype in given.values()]
        self.changed_doctypes = sync_doctypes(self.db, widened, self.flavour)
        return Forms(stored_doctypes(self.db), self.flavour)

    def add_doctype(self, doctype: DocType) -> None:
        """Add a doctype, or widen one, while the site runs."""
        sync_doctypes(self.db, [doctype], self.flavour)
        self.forms.put(doctype)

    def utc(self) -> datetime:
        """The injected clock."""
        return self._clock()

    def now(self) -> str:
        """This moment, naive and site-local, always with six decimals (26 characters)."""
        local = self._clock().astimezone(self._zone)
        return local.replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")

    def new_hash(self) -> str:
        """A name for a document or row without a naming rule."""
        return "".join(_HASH_LETTERS[byte & 31] for byte in self.entropy(_HASH_LENGTH))

    def _sync_users(self) -> None:
        form, now = self.form("User"), self.now()
        with self.db.transaction():
            for user in self.settings.users:
                self.db.execute(
                    f"INSERT INTO {form.table} (name, owner, creation, modified, modified_by,"
                    " email, full_name, enabled, api_key) VALUES (?, 'Administrator', ?, ?,"
                    " 'Administrator', ?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET full_name ="
                    " excluded.full_name, enabled = excluded.enabled, api_key = excluded.api_key",
                    (user.email, now, now, user.email, user.full_name, user.enabled, user.api_key),
                )
