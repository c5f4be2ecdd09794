"""The doctypes every site has: doctypes, users, files, versions, deletions, webhooks."""

from __future__ import annotations

from server_sync.embedded_erp.meta import (
    EVERYONE,
    SYSTEM_MANAGER,
    DocField,
    DocPerm,
    DocType,
    full_access,
)

_MANAGER_ONLY = (full_access(SYSTEM_MANAGER),)
_EVENTS = (
    "after_insert\non_update\non_submit\non_cancel\non_trash\non_update_after_submit\non_change"
)


def _data(*names: str, fieldtype: str = "Data") -> tuple[DocField, ...]:
    return tuple(DocField(name, fieldtype) for name in names)


ROLE = DocType(
    "Role",
    (
        DocField("role_name", reqd=True, unique=True),
        DocField("desk_access", "Check", default="1"),
        DocField("disabled", "Check"),
        DocField("is_custom", "Check"),
    ),
    naming="field:role_name",
    permissions=_MANAGER_ONLY,
)
HAS_ROLE = DocType("Has Role", (DocField("role", "Link", "Role"),), is_child=True)
USER = DocType(
    "User",
    (
        DocField("email", reqd=True),
        DocField("full_name"),
        DocField("enabled", "Check", default="1"),
        DocField("api_key"),
        DocField("roles", "Table", "Has Role"),
    ),
    naming="field:email",
    permissions=_MANAGER_ONLY,
)
FILE = DocType(
    "File",
    (
        DocField("file_name"),
        DocField("is_private", "Check"),
        DocField("file_type"),
        DocField("is_home_folder", "Check"),
        DocField("is_attachments_folder", "Check"),
        DocField("file_size", "Int"),
        DocField("file_url", "Code", search_index=True),
        DocField("folder", default="Home"),
        DocField("is_folder", "Check"),
        DocField("attached_to_doctype"),
        DocField("attached_to_name", search_index=True),
        DocField("attached_to_field"),
        DocField("content_hash", search_index=True),
        DocField("uploaded_to_dropbox", "Check"),
        DocField("uploaded_to_google_drive", "Check"),
    ),
    naming="hex",
    permissions=(full_access(SYSTEM_MANAGER), full_access(EVERYONE)),
    track_changes=False,
)
VERSION = DocType(
    "Version",
    (
        DocField("ref_doctype"),
        DocField("docname", search_index=True),
        DocField("data", "Code"),
    ),
    permissions=_MANAGER_ONLY,
    track_changes=False,
)
DELETED_DOCUMENT = DocType(
    "Deleted Document",
    (
        DocField("deleted_name", search_index=True),
        DocField("deleted_doctype"),
        DocField("restored", "Check"),
        DocField("new_name"),
        DocField("data", "Code"),
    ),
    permissions=(DocPerm(SYSTEM_MANAGER),),
    track_changes=False,
)
COMMENT = DocType(
    "Comment",
    (
        DocField(
            "comment_type", "Select", "Comment\nInfo\nLabel\nEdit\nWorkflow\nUpdated\nCreated"
        ),
        DocField("comment_email"),
        DocField("comment_by"),
        DocField("subject"),
        DocField("reference_doctype"),
        DocField("reference_name", search_index=True),
        DocField("content", "Text"),
    ),
    permissions=_MANAGER_ONLY,
    track_changes=False,
)
PRINT_FORMAT = DocType(
    "Print Format",
    (
        *_data("doc_type", "standard", "print_format_type", "pdf_generator"),
        *(DocField(name, "Check") for name in ("custom_format", "disabled")),
        *(DocField(f"margin_{side}", "Float") for side in ("top", "bottom", "left", "right")),
        DocField("html", "Code"),
    ),
    naming="prompt",
    permissions=_MANAGER_ONLY,
)
WEBHOOK_HEADER = DocType("Webhook Header", _data("key", "value"), is_child=True)
WEBHOOK_DATA = DocType("Webhook Data", _data("fieldname", "key"), is_child=True)
WEBHOOK = DocType(
    "Webhook",
    (
        DocField("webhook_doctype", reqd=True),
        DocField("webhook_docevent", "Select", _EVENTS),
        DocField("enabled", "Check", default="1"),
        DocField("condition", "Small Text"),
        DocField("request_url", "Small Text", reqd=True),
        DocField("is_dynamic_url", "Check"),
        DocField("timeout", "Int", default="5"),
        DocField("request_method", "Select", "POST\nPUT\nDELETE", default="POST"),
        DocField("request_structure", "Select", "\nForm URL-Encoded\nJSON"),
        DocField("enable_security", "Check"),
        DocField("webhook_secret", "Password"),
        DocField("webhook_headers", "Table", "Webhook Header"),
        DocField("webhook_data", "Table", "Webhook Data"),
        DocField("webhook_json", "Code"),
    ),
    naming="prompt",
    permissions=_MANAGER_ONLY,
)
WEBHOOK_REQUEST_LOG = DocType(
    "Webhook Request Log",
    (
        *_data("webhook", "reference_document"),
        DocField("headers", "Code"),
        DocField("data", "Code"),
        DocField("user"),
        DocField("url", "Text"),
        DocField("response", "Code"),
        DocField("error", "Text"),
    ),
    permissions=_MANAGER_ONLY,
    track_changes=False,
)

_SWITCHES = ("reqd", "unique", "allow_on_submit", "search_index", "no_copy", "read_only", "hidden")
_FIELD = (
    DocField("fieldname", reqd=True),
    DocField("fieldtype", default="Data"),
    DocField("label"),
    DocField("options", "Small Text"),
    DocField("permlevel", "Int"),
    DocField("default", "Small Text"),
    DocField("length", "Int"),
    *(DocField(name, "Check") for name in _SWITCHES),
)
_RIGHTS = (
    *("read", "write", "create", "delete", "submit", "cancel"),
    *("print", "email", "report", "export", "share"),
)
_RARE_RIGHTS = ("select", "amend", "import", "if_owner")
_PERMISSION = (
    DocField("role", reqd=True),
    DocField("permlevel", "Int"),
    # Rights that are not sent are yes: the trap of the recorded site.
    *(DocField(name, "Check", default="1") for name in _RIGHTS),
    *(DocField(name, "Check") for name in _RARE_RIGHTS),
)
DOC_FIELD = DocType("DocField", _FIELD, is_child=True)
DOC_PERM = DocType("DocPerm", _PERMISSION, is_child=True)
CUSTOM_DOCPERM = DocType(
    "Custom DocPerm",
    (DocField("parent", reqd=True, search_index=True), *_PERMISSION),
    permissions=_MANAGER_ONLY,
)
DOC_TYPE = DocType(
    "DocType",
    (
        DocField("module"),
        DocField("autoname"),
        DocField("istable", "Check"),
        DocField("is_submittable", "Check"),
        DocField("track_changes", "Check"),
        DocField("custom", "Check"),
        DocField("fields", "Table", "DocField"),
        DocField("permissions", "Table", "DocPerm"),
    ),
    naming="prompt",
    permissions=_MANAGER_ONLY,
)
CUSTOM_FIELD = DocType(
    "Custom Field",
    (DocField("dt", reqd=True), *_FIELD, DocField("insert_after")),
    naming="format:{dt}-{fieldname}",
    permissions=_MANAGER_ONLY,
)

PROPERTY_SETTER = DocType(
    "Property Setter",
    (
        DocField("doctype_or_field"),
        DocField("doc_type", reqd=True),
        DocField("field_name"),
        DocField("property", reqd=True),
        DocField("property_type"),
        DocField("value", "Small Text"),
    ),
    naming="format:{doc_type}-{field_name}-{property}",
    permissions=_MANAGER_ONLY,
)
SYSTEM_SETTINGS = DocType(
    "System Settings",
    (*_data("time_zone", "rounding_method"), DocField("allow_error_traceback", "Check")),
    naming="prompt",
    permissions=(DocPerm(SYSTEM_MANAGER),),
)
GLOBAL_DEFAULTS = DocType(
    "Global Defaults",
    (*_data("default_company", "default_currency"), DocField("disable_rounded_total", "Check")),
    naming="prompt",
    permissions=(DocPerm(SYSTEM_MANAGER),),
)
SINGLES = frozenset({SYSTEM_SETTINGS.name, GLOBAL_DEFAULTS.name})
"""One document each, of the doctype's own name; what it says follows from `ErpSiteSettings`."""

FRAMEWORK_DOCTYPES = (
    ROLE,
    HAS_ROLE,
    CUSTOM_DOCPERM,
    PROPERTY_SETTER,
    SYSTEM_SETTINGS,
    GLOBAL_DEFAULTS,
    DOC_FIELD,
    DOC_PERM,
    DOC_TYPE,
    CUSTOM_FIELD,
    USER,
    FILE,
    VERSION,
    DELETED_DOCUMENT,
    COMMENT,
    PRINT_FORMAT,
    WEBHOOK_HEADER,
    WEBHOOK_DATA,
    WEBHOOK,
    WEBHOOK_REQUEST_LOG,
)
