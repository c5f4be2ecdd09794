"""The site's refusals: HTTP status, exception type and messages, as Frappe words them.

`ErpError` carries what both API versions need; `shapes.py` turns it into a body. The constructors
below are the ones the recordings show; each says which fields of the v1 body it fills.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from server_sync.embedded_erp.meta import Row


def message(text: str, *, title: str = "Message", indicator: str = "") -> Row:
    """One entry of `_server_messages`."""
    entry: Row = {"message": text, "as_table": False, "title": title}
    if indicator:
        entry["indicator"] = indicator
    return entry


@dataclass
class ErpError(Exception):
    """An expected refusal.

    `raised` is the message of the exception itself; `announced` are extra entries of the message
    log; with `throws` the exception's message is in the log too, marked `raise_exception`.
    """

    status: int
    exc_type: str
    raised: str = ""
    module: str = "frappe.exceptions"
    title: str = "Message"
    throws: bool = True
    traced: bool = True
    html: bool = False
    announced: list[Row] = field(default_factory=list)
    debug: list[str] = field(default_factory=list)
    error_message: str = ""
    exception_text: str | None = None
    source: str = ""
    extra: Row = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        """The exception as the last line of its traceback."""
        if self.exception_text is not None:
            return self.exception_text
        return f"{self.module}.{self.exc_type}: {self.raised}"


def refused(text: str, exc_type: str = "ValidationError", *, title: str = "Message") -> ErpError:
    """417 thrown with a message: most validation."""
    return ErpError(417, exc_type, text, title=title)


def not_found(doctype: str, name: str) -> ErpError:
    """404 with the sentence `X Y not found`."""
    return ErpError(404, "DoesNotExistError", f"{doctype} {name} not found", traced=False)


def no_such_route() -> ErpError:
    """404 without any message."""
    return ErpError(404, "DoesNotExistError", throws=False, traced=False)


def unknown_doctype(doctype: str) -> ErpError:
    """500 ImportError: what a site answers for a doctype that it does not have."""
    module = doctype.lower().replace(" ", "_").replace("-", "_")
    text = f"Error: No module named 'frappe.core.doctype.{module}'"
    return ErpError(500, "ImportError", throws=False, exception_text=text)


def no_list_permission(doctype: str, *, guest: bool = False) -> ErpError:
    """403 of a list."""
    text = f"Insufficient Permission for <strong>{doctype}</strong>"
    return ErpError(403, "PermissionError", text, traced=not guest)


def no_document_permission(user: str, doctype: str) -> ErpError:
    """403 of a document: two sentences, no traceback."""
    text = (
        f"User <strong>{user}</strong> does not have doctype access via role permission for "
        f"document <strong>{doctype}</strong>"
    )
    return ErpError(
        403,
        "PermissionError",
        f"No permission for {doctype}",
        throws=False,
        traced=False,
        announced=[message(text)],
        error_message=f"No permission for {doctype}",
    )


def database_failure(exc_type: str, text: str, query_error: str = "") -> ErpError:
    """500 raised by the database driver, answered as JSON."""
    debug = [f"Error in query:\n{query_error}"] if query_error else []
    return ErpError(500, exc_type, throws=False, exception_text=text, debug=debug)


def html_failure() -> ErpError:
    """500 as an HTML page: the error handler itself failed; the caller knows nothing."""
    return ErpError(500, "InternalServerError", throws=False, html=True)


def row_is_locked(doctype: str, flavour: str) -> ErpError:
    """500 of a write that met a row another transaction changed; nothing was stored."""
    if flavour == "postgres":
        return html_failure()
    text = (
        'frappe.exceptions.QueryDeadlockError: (1020, "Record has changed since last read in '
        f"table 'tab{doctype}'; try restarting transaction\")"
    )
    return ErpError(500, "QueryDeadlockError", throws=False, exception_text=text)
