"""The site: everything a request needs, put together once."""

# ruff: noqa: S608 - table and column names come from doctype definitions; values are bound.

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from server_sync.embedded_erp.books import BOOKS_DOCTYPES
from server_sync.embedded_erp.catalogue import Forms
from server_sync.embedded_erp.database import IN_MEMORY, ErpDatabase
from server_sync.embedded_erp.faults import Faults
from server_sync.embedded_erp.forms import Form
from server_sync.embedded_erp.framework import FRAMEWORK_DOCTYPES, SINGLES
from server_sync.embedded_erp.meta import EVERYONE, SYSTEM_MANAGER, DocType
from server_sync.embedded_erp.schema import (
    migrate,
    remember_flavour,
    stored_doctypes,
    sync_doctypes,
    with_customisations,
)
from server_sync.embedded_erp.sessions import Sessions
from server_sync.embedded_erp.settings import ErpSiteSettings, ErpUser
from server_sync.embedded_erp.webhook_queue import WebhookQueue

_HASH_LENGTH = 10
_HASH_OF_BYTE = b"0123456789abcdefghijklmnopqrstuv" * 8
"""The letters of Frappe's child row names (base 32, extended hex), one for each of 256 bytes."""
_NAIVE_LENGTH = len("2026-01-01 10:00:00.000000")


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
        image: bytes | None = None,
    ) -> None:
        self.settings = settings
        self.flavour = settings.flavour
        self.entropy = entropy
        self.faults = Faults()
        self.held_rows: set[tuple[str, str]] = set()
        self._clock = clock
        self._zone = ZoneInfo(settings.time_zone)
        self.db = ErpDatabase(database, durable=settings.durable)
        if image is not None:
            assert self.db.path == IN_MEMORY, "an image never replaces what a file holds"
            self.db.start_from(image)
        self.changed_doctypes: list[DocType] = []
        self.forms = self._open(doctypes)
        self.form: Callable[[str], Form] = self.forms.get
        self.sessions = Sessions(settings, entropy)
        self.webhooks = WebhookQueue()
        self._sync_users()
        self._sync_singles()
        self._given: dict[str, tuple[str, ...]] = {}
        self.is_moving = False
        """Whether a request changed doctypes, permissions or roles: it may still be undone."""
        self.refresh_roles()

    def _open(self, doctypes: Sequence[DocType]) -> Forms:
        migrate(self.db)
        remember_flavour(self.db, self.flavour)
        every = (*FRAMEWORK_DOCTYPES, *BOOKS_DOCTYPES, *doctypes)
        given = {doctype.name: doctype for doctype in every}
        widened = with_customisations(self.db, given.values())
        self.changed_doctypes = sync_doctypes(self.db, widened, self.flavour)
        return Forms(stored_doctypes(self.db), self.flavour)

    def add_doctype(self, doctype: DocType) -> None:
        """Add a doctype, or widen one, while the site runs."""
        sync_doctypes(self.db, [doctype], self.flavour)
        self.forms.put(doctype)
        self.is_moving = True

    def read_anew(self) -> None:
        """Take doctypes and roles from the database, whatever memory says of them."""
        self.forms = Forms(stored_doctypes(self.db), self.flavour)
        self.form = self.forms.get
        self.refresh_roles()
        self.is_moving = False

    def utc(self) -> datetime:
        """The injected clock."""
        return self._clock()

    def now(self) -> str:
        """This moment, naive and site-local, always with six decimals (26 characters)."""
        local = self._clock().astimezone(self._zone)
        return local.isoformat(sep=" ", timespec="microseconds")[:_NAIVE_LENGTH]

    def new_hash(self) -> str:
        """A name for a document or row without a naming rule."""
        return self.entropy(_HASH_LENGTH).translate(_HASH_OF_BYTE).decode()

    def acting(self, user: ErpUser) -> ErpUser:
        """The user with the roles that its User document gives besides those of the settings."""
        given = self._given.get(user.email)
        return replace(user, roles=(*user.roles, *given)) if given else user

    def refresh_roles(self) -> None:
        """Read who was given which role; called after any User was written."""
        known = {user.email: frozenset(user.roles) for user in self.settings.users}
        given: dict[str, list[str]] = {}
        sql = f"SELECT parent, role FROM {self.form('Has Role').table} ORDER BY idx"
        for email, role in self.db.execute(sql):
            if role not in known.get(email, ()):
                given.setdefault(email, []).append(role)
        self._given = {email: tuple(roles) for email, roles in given.items()}

    def _sync_users(self) -> None:
        form, now = self.form("User"), self.now()
        with self.db.transaction():
            self._sync_roles(now)
            for user in self.settings.users:
                self.db.execute(
                    f"INSERT INTO {form.table} (name, owner, creation, modified, modified_by,"
                    " email, full_name, enabled, api_key) VALUES (?, 'Administrator', ?, ?,"
                    " 'Administrator', ?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET full_name ="
                    " excluded.full_name, enabled = excluded.enabled, api_key = excluded.api_key",
                    (user.email, now, now, user.email, user.full_name, user.enabled, user.api_key),
                )

    def _sync_roles(self, now: str) -> None:
        """A Role document for every role of the settings, and a Has Role row for who has it."""
        used = {role for user in self.settings.users for role in user.roles}
        for role in sorted({SYSTEM_MANAGER, EVERYONE, *used}):
            self.db.execute(
                f"INSERT OR IGNORE INTO {self.form('Role').table} (name, owner, creation, modified,"
                " modified_by, role_name, desk_access) VALUES (?, 'Administrator', ?, ?,"
                " 'Administrator', ?, 1)",
                (role, now, now, role),
            )
        for user in self.settings.users:
            for idx, role in enumerate(user.roles, start=1):
                self.db.execute(
                    f"INSERT OR IGNORE INTO {self.form('Has Role').table} (name, owner, creation,"
                    " modified, modified_by, idx, parent, parenttype, parentfield, role) VALUES"
                    " (?, 'Administrator', ?, ?, 'Administrator', ?, ?, 'User', 'roles', ?)",
                    (f"{user.email}-{role}", now, now, idx, user.email, role),
                )

    def _sync_singles(self) -> None:
        """Documents that say what is set about the site; callers cannot change them."""
        settings, now = self.settings, self.now()
        said = {
            "System Settings": {
                "time_zone": settings.time_zone,
                "rounding_method": settings.rounding_method,
                "allow_error_traceback": int(settings.tracebacks),
            },
            "Global Defaults": {
                "default_company": settings.company,
                "default_currency": settings.currency,
                "disable_rounded_total": int(settings.disable_rounded_total),
            },
        }
        assert said.keys() == SINGLES, "every single has its words here"
        with self.db.transaction():
            for name, values in said.items():
                form = self.form(name)
                stamps = {"owner": "Administrator", "creation": now, "modified": now}
                blank = dict.fromkeys(form.columns) | {"docstatus": 0, "idx": 0}
                row = {**blank, **stamps, **values, "name": name}
                self.db.execute(f"DELETE FROM {form.table}")
                self.db.execute(form.insert, [row[column] for column in form.columns])
