"""Names of new documents, by the doctype's naming rule; see `DocType.naming` for the rules."""

# ruff: noqa: S608 - table and column names come from doctype definitions; values are bound.

from __future__ import annotations

import re
import uuid

from server_sync.embedded_erp.calls import Call
from server_sync.embedded_erp.documents import Document
from server_sync.embedded_erp.errors import ErpError, refused
from server_sync.embedded_erp.forms import Form
from server_sync.embedded_erp.meta import Row

_BRACES = re.compile(r"\{([^}]+)\}")
_HEX_BYTES = 5
_DEFAULT_DIGITS = ".#####"
_DATE_PARTS = {"YYYY": slice(0, 4), "YY": slice(2, 4), "MM": slice(5, 7), "DD": slice(8, 10)}


def new_name(call: Call, document: Document, payload: Row) -> str:
    """The name of a new document. Raises ErpError 417 when the rule needs what was not sent."""
    rule, form = document.form.doctype.naming, document.form
    kind, _, argument = rule.partition(":")
    match kind:
        case "prompt":
            name = _prompted(payload)
        case "UUID":
            name = _uuid(call, payload)
        case "hex":
            name = call.site.entropy(_HEX_BYTES).hex()
        case "field":
            name = _from_field(document, argument)
        case "title":
            name = _numbered_when_taken(call, form, _from_field(document, argument))
        case "hash" | "":
            name = call.site.new_hash()
        case _:
            name = _expand(call, _series_of(document), document.values)
    return name


def give_back(call: Call, document: Document) -> None:
    """Turn the series counter back when its newest document goes: the number is used again."""
    if not _is_series(document.form):
        return
    prefix, _, digits = _series_of(document).rpartition(".")
    if not digits or set(digits) != {"#"}:
        return
    prefix = _literals(prefix.split("."), document.values, call.now())
    number = document.name.removeprefix(prefix)
    if number.isdigit():
        call.site.db.execute(
            "UPDATE erp_series SET current = current - 1 WHERE prefix = ? AND current = ?",
            (prefix, int(number)),
        )


def _is_series(form: Form) -> bool:
    rule = form.doctype.naming
    return rule == "naming_series:" or ("." in rule and ":" not in rule)


def _series_of(document: Document) -> str:
    rule = document.form.doctype.naming
    if rule == "naming_series:":
        series = str(document.values.get("naming_series") or "")
        if not series:
            raise refused("Naming Series is mandatory")
        return series if "#" in series else series + _DEFAULT_DIGITS
    if rule.startswith("format:"):
        text = _BRACES.sub(lambda match: f".{match.group(1)}.", rule.removeprefix("format:"))
        return text.strip(".")
    return rule


def _expand(call: Call, series: str, values: Row) -> str:
    """`ACC-SINV-.YYYY.-.#####` with its parts filled in and its number drawn."""
    done: list[str] = []
    for part in series.split("."):
        if part and set(part) == {"#"}:
            done.append(f"{_next(call, ''.join(done)):0{len(part)}d}")
        else:
            done.append(_literals([part], values, call.now()))
    return "".join(done)


def _literals(parts: list[str], values: Row, now: str) -> str:
    def one(part: str) -> str:
        if part in _DATE_PARTS:
            return now[_DATE_PARTS[part]]
        return str(values.get(part.strip("{}")) or "") if part.strip("{}") in values else part

    return "".join(one(part) for part in parts)


def _next(call: Call, prefix: str) -> int:
    return int(
        call.site.db.value(
            "INSERT INTO erp_series VALUES (?, 1) ON CONFLICT (prefix)"
            " DO UPDATE SET current = current + 1 RETURNING current",
            (prefix,),
        )
    )


def _prompted(payload: Row) -> str:
    name = payload.get("name") or payload.get("__newname")
    if not name:
        raise refused("Please set the document name")
    return str(name)


def _uuid(call: Call, payload: Row) -> str:
    sent = payload.get("name")
    if not sent:
        return _uuid7(call)
    try:
        return str(uuid.UUID(str(sent)))
    except ValueError as error:
        text = f"Invalid value specified for UUID: {sent}"
        raise ErpError(417, "InvalidUUIDValue", text, module="frappe.model.naming") from error


def _uuid7(call: Call) -> str:
    """RFC 9562, section 5.7, from the site's clock and randomness."""
    milliseconds = int(call.site.utc().timestamp() * 1000)
    tail = int.from_bytes(call.site.entropy(10)) & ((1 << 74) - 1)
    number = (milliseconds << 80) | (7 << 76) | ((tail >> 62) << 64)
    return str(uuid.UUID(int=number | (2 << 62) | (tail & ((1 << 62) - 1))))


def _from_field(document: Document, fieldname: str) -> str:
    value = str(document.values.get(fieldname) or "").strip()
    if not value:
        raise refused(f"{document.form.labels.get(fieldname, fieldname)} is required")
    return value


def _numbered_when_taken(call: Call, form: Form, name: str) -> str:
    taken = f"SELECT 1 FROM {form.table} WHERE name = ?"
    candidate, number = name, 0
    while call.site.db.value(taken, (candidate,)):
        number += 1
        candidate = f"{name} - {number}"
    return candidate
