"""What a document must satisfy before it is stored: links, mandatory fields, choices, lengths."""

from __future__ import annotations

import re

from server_sync.embedded_erp.calls import Call
from server_sync.embedded_erp.documents import Document
from server_sync.embedded_erp.errors import ErpError, message, refused
from server_sync.embedded_erp.forms import Form
from server_sync.embedded_erp.meta import TABLE_TYPES, DocField, Row
from server_sync.embedded_erp.sanitise import clean

_TAG = re.compile(r"<[^>]*>")


def check_links(call: Call, document: Document) -> None:
    """Raise ErpError 417 LinkValidationError for links to documents that do not exist.

    Links to doctypes the site does not have are not checked. A found link takes the stored
    spelling of the name.
    """
    missing = _missing_links(call, document.form, document.values, "")
    for fieldname, form in document.form.children.items():
        if not form.links:
            continue
        for row in document.tables[fieldname]:
            missing += _missing_links(call, form, row, f"Row #{row['idx']}: ")
    if missing:
        raise refused(f"Could not find {', '.join(missing)}", "LinkValidationError")


def _missing_links(call: Call, form: Form, row: Row, prefix: str) -> list[str]:
    missing: list[str] = []
    for item in form.links:
        value = row[item.fieldname]
        if not value or item.options not in call.site.forms:
            continue
        target = call.site.form(item.options)
        found = call.site.db.value(target.has, (value,))
        if found is None:
            missing.append(f"{prefix}{item.title}: {value}")
        else:
            row[item.fieldname] = found
    return missing


def check_values(document: Document) -> None:
    """Raise ErpError 417 for missing, disallowed or too long values; clean the texts."""
    _check_mandatory(document)
    for form, row in _rows(document):
        for item, choices in form.selects:
            value = row[item.fieldname]
            if value and value not in choices:
                raise _not_a_choice(item, row)
        for item, limit in form.lengths:
            value = row[item.fieldname]
            if value is not None and len(str(value)) > limit:
                raise _too_long(form, document, item, row, limit)
        for column in form.texts:
            value = row[column]
            if type(value) is str and value:
                row[column] = clean(value)


def _rows(document: Document) -> list[tuple[Form, Row]]:
    """The document and the rows of the tables that may have changed."""
    found = [(document.form, document.values)]
    for fieldname in document.form.tables if document.before is None else document.touched:
        form = document.form.children[fieldname]
        found += [(form, row) for row in document.tables[fieldname]]
    return found


def _check_mandatory(document: Document) -> None:
    missing = [f for f in document.form.mandatory if _is_missing(document, f)]
    logged = [message(_missing_text(document.form, f)) for f in missing]
    names = [f.fieldname for f in missing]
    for form, row in _rows(document)[1:]:
        for item in form.mandatory:
            if _is_blank(row.get(item.fieldname)):
                names.append(item.fieldname)
                place = f"<strong>{form.name}</strong> Row #{row['idx']}"
                logged.append(message(f"Error: {place}: Value missing for: {item.title}"))
    if names:
        text = f"[{document.form.name}, {document.values['name']}]: {', '.join(names)}"
        raise ErpError(417, "MandatoryError", text, throws=False, announced=logged)


def _is_missing(document: Document, item: DocField) -> bool:
    if item.fieldtype in TABLE_TYPES:
        return not document.tables[item.fieldname]
    return _is_blank(document.values[item.fieldname])


def _is_blank(value: object) -> bool:
    return value is None or not _TAG.sub("", str(value)).strip()


def _missing_text(form: Form, item: DocField) -> str:
    if item.fieldtype in TABLE_TYPES:
        return f"Error: Data missing in table: {item.title}"
    return f"Error: Value missing for {form.name}: {item.title}"


def _not_a_choice(item: DocField, row: Row) -> ErpError:
    prefix = f"Row #{row['idx']}:" if row.get("parentfield") else ""
    allowed = '", "'.join(item.choices)
    value = row[item.fieldname]
    return refused(f'{prefix} {item.title} cannot be "{value}". It should be one of "{allowed}"')


def _too_long(form: Form, document: Document, item: DocField, row: Row, limit: int) -> ErpError:
    place = f"{form.name} {row['name']}"
    if row.get("parentfield"):
        place = f"{document.form.name} {document.name} row #{row['idx']}"
    text = (
        f"{place}: '<strong>{item.title}</strong>' ({row[item.fieldname]}) will get truncated, "
        f"as max characters allowed is {limit}"
    )
    return refused(text, "CharacterLengthExceededError", title="Value too big")
