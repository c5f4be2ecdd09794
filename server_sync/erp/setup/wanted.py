"""What a site must have for the field: doctypes, fields, roles, rights, webhooks; as values.

Derived from `erp_doctypes`, so a field added to a model is installed by the next run.
"""

import hashlib
import hmac
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from server_sync.embedded_erp.meta import DocField, DocType
from server_sync.erp.setup.desk import doctype_looks, field_looks
from server_sync.erp.setup_meta import SYNC_FIELDS, erp_doctypes
from server_sync.erp.standard import OURS, is_standard

Row = dict[str, Any]

SYNC: Final = "Field Sync"
"""The role of the service user: what the server reads and writes, and nothing else."""
DISPATCHER: Final = "Field Dispatcher"
TECHNICIAN: Final = "Field Technician"
ROLES: Final = (SYNC, DISPATCHER, TECHNICIAN)
MANAGER: Final = "System Manager"

RIGHTS: Final = (
    *("select", "read", "write", "create", "delete", "submit", "cancel", "amend"),
    *("report", "export", "import", "share", "print", "email", "if_owner"),
)
"""Every right is sent, as 0 or 1: most of those that are left out default to yes."""
_LETTERS: Final = {
    "r": "read",
    "w": "write",
    "c": "create",
    "d": "delete",
    "s": "submit",
    "x": "cancel",
    "l": "report",
    "p": "print",
}

_MADE_FOR_THE_FIELD: Final = {MANAGER: "rwcdlp", SYNC: "rwcd", DISPATCHER: "rwclp"}
_TECHNICIANS_READ: Final = frozenset(
    {
        *("Dispatch Job", "Dispatch Technician", "Dispatch Tag", "Flow Template"),
        *("Service Location", "Service Equipment"),
    }
)
_ON_STANDARD: Final[Mapping[str, Mapping[str, str]]] = {
    "Customer": {SYNC: "r", DISPATCHER: "r"},
    "Item": {SYNC: "r", DISPATCHER: "r"},
    "Issue": {SYNC: "rw", DISPATCHER: "rwc"},
    "Sales Invoice": {SYNC: "rwcsp"},
    "Payment Entry": {SYNC: "rwcsp"},
    "Deleted Document": {SYNC: "r"},
    "Comment": {SYNC: "rc"},
}
"""What the server does there: pull, answer tickets, invoice a termination, record a payment, and
note on the customer's file who ended a contract; and fetch the paper of both, for which ERPNext
wants the right to print."""

WEBHOOK_EVENTS: Final = (
    *((doctype, "on_update") for doctype in ("Dispatch Job", "Dispatch Technician")),
    *((doctype, "on_update") for doctype in ("Service Location", "Service Equipment")),
    *((doctype, "on_update") for doctype in ("Service Subscription", "Service Contract")),
    *((doctype, "on_update") for doctype in ("Dispatch Tag", "Customer", "Issue")),
    ("Sales Invoice", "on_update"),
    ("Sales Invoice", "on_cancel"),
)
"""`on_update` is sent for an insert and a submit too. Never `on_change`: on Sales Invoice it makes
ERPNext answer 500 to submits that it stored. Dispatch Tag is the one that `erp check` tries."""
WEBHOOK_PREFIX: Final = "Field "
WEBHOOK_JSON: Final = '{"doctype": {{ doc.doctype | tojson }}, "name": {{ doc.name | tojson }}}'
TRIED_DOCTYPE: Final = "Dispatch Tag"
"""The doctype that `erp check` makes one of, and whose webhook tells of everybody's changes: small,
and of no meaning to anybody until a job asks for it."""
KEY_HEADER: Final = "X-Field-Key"
"""Which secret signs, as a fingerprint: the secret itself cannot be read back to be compared."""


@dataclass(frozen=True, slots=True)
class WantedWebhook:
    """One webhook: a hint to poll soon."""

    name: str
    doctype: str
    event: str
    url: str
    secret: str
    service_user: str = ""
    """Whose changes are not told: they are our own."""

    @property
    def fingerprint(self) -> str:
        """Twelve hexadecimal characters that follow from the secret and do not tell it."""
        label = b"gigafibre-field webhook"
        return hmac.new(self.secret.encode(), label, hashlib.sha256).hexdigest()[:12]

    @property
    def condition(self) -> str:
        """Python that the ERP asks for each change.

        A worker delivers less than two webhooks a second: a day's end of ours, row by row, would
        hold up the office's own mails and jobs for a quarter of an hour, to tell us what we did.
        """
        if not self.service_user or self.doctype == TRIED_DOCTYPE:
            return ""
        return f"doc.modified_by != {self.service_user!r}"

    def form(self) -> Row:
        """Return the Webhook as ERPNext takes it; names may hold quotes, hence `tojson`."""
        return {
            "webhook_doctype": self.doctype,
            "webhook_docevent": self.event,
            "condition": self.condition,
            "enabled": 1,
            "request_url": self.url,
            "request_method": "POST",
            "request_structure": "JSON",
            "webhook_json": WEBHOOK_JSON,
            "timeout": 5,
            "enable_security": 1,
            "webhook_secret": self.secret,
            "webhook_headers": [
                {"key": "Content-Type", "value": "application/json"},
                {"key": KEY_HEADER, "value": self.fingerprint},
            ],
        }


def own_doctypes() -> tuple[DocType, ...]:
    """Doctypes made for the field, child tables before what holds them."""
    return tuple(one for one in erp_doctypes() if not is_standard(one.name))


def standard_doctypes() -> tuple[DocType, ...]:
    """Doctypes that ERPNext brings, with the fields that the models read on them."""
    return tuple(one for one in erp_doctypes() if is_standard(one.name))


SECTION: Final = DocField("gigafibre_section", "Section Break", label="Gigafibre")
"""Our fields stand together at the end of a form: without a place they would come first of all."""


def custom_field_form(doctype: DocType, item: DocField) -> Row:
    """One field as a Custom Field, behind whatever the form has."""
    looks = {"collapsible": 1} if item == SECTION else {}
    if item.allow_on_submit:  # what programs write to a submitted document is not for people
        looks = {"allow_on_submit": 1, "hidden": 1, "print_hide": 1}
    return {
        "dt": doctype.name,
        **field_row(doctype, item),
        **looks,
        "in_list_view": 0,
        "insert_after": "append",
    }


def ours_on(doctype: DocType) -> tuple[DocField, ...]:
    """The fields that a standard doctype gets from us."""
    return tuple(f for f in doctype.fields if f.fieldname in OURS.get(doctype.name, ()))


def rights_on(doctype: str) -> Mapping[str, str]:
    """Letters of rights by role."""
    if is_standard(doctype) or doctype in _ON_STANDARD:
        return _ON_STANDARD.get(doctype, {})
    if doctype in _TECHNICIANS_READ:
        return {**_MADE_FOR_THE_FIELD, TECHNICIAN: "r"}
    return _MADE_FOR_THE_FIELD


def permitted() -> Iterator[str]:
    """Standard doctypes that a role of ours gets rights on."""
    yield from _ON_STANDARD


def permission_row(role: str, letters: str) -> Row:
    """One row of rights, each said outright."""
    yes = {_LETTERS[letter] for letter in letters}
    if "read" in yes:
        yes.add("select")  # v16 asks for it by itself before it lists anything
    return {"role": role, "permlevel": 0, **{right: int(right in yes) for right in RIGHTS}}


def field_row(doctype: DocType, item: DocField) -> Row:
    """One field as DocField and Custom Field take it."""
    is_sync = item in SYNC_FIELDS
    return {
        **field_looks(doctype, item),
        "fieldname": item.fieldname,
        "fieldtype": item.fieldtype,
        "label": item.title,
        "options": item.options,
        "reqd": int(item.reqd),
        "unique": int(item.unique),
        "search_index": int(item.search_index and not item.unique),
        "no_copy": int(is_sync or item.unique),
        "read_only": int(is_sync),
    }


def doctype_form(doctype: DocType, fields: tuple[DocField, ...]) -> Row:
    """A new DocType as ERPNext takes it, with these of its fields."""
    rights = {} if doctype.is_child else rights_on(doctype.name)
    return {
        "name": doctype.name,
        "module": "Custom",
        "custom": 1,
        "istable": int(doctype.is_child),
        "autoname": "hash" if doctype.is_child else doctype.naming,
        "track_changes": int(not doctype.is_child),
        **doctype_looks(doctype),
        "fields": [field_row(doctype, item) for item in fields],
        "permissions": [permission_row(role, letters) for role, letters in rights.items()],
    }


def webhooks(url: str, secret: str, service_user: str = "") -> tuple[WantedWebhook, ...]:
    """The webhooks to an address; none without one."""
    if not url:
        return ()
    return tuple(
        WantedWebhook(
            f"{WEBHOOK_PREFIX}{doctype} {event}", doctype, event, url, secret, service_user
        )
        for doctype, event in WEBHOOK_EVENTS
    )
