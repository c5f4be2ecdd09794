"""Comparing one doctype's fields with the ones we need: same, standing in, lacking, in the way."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from server_sync.embedded_erp.meta import TABLE_TYPES, DocField
from server_sync.erp.setup.plan import Finding, Weight

Row = Mapping[str, Any]

_LONG: Final = frozenset({"Text", "Small Text", "Long Text", "Code", "Text Editor", "JSON"})
_SHORT: Final = frozenset({"Data", "Link", "Read Only", "Phone", "Autocomplete", "Dynamic Link"})
_FILES: Final = frozenset({"Attach", "Attach Image", "Signature", "Long Text"})
_DECIMALS: Final = frozenset({"Float", "Currency", "Percent"})
_STAND_INS: Final[Mapping[str, frozenset[str]]] = {
    "Data": _SHORT | _LONG | {"Select"},
    "Text": _LONG,
    "JSON": _LONG,
    "Link": frozenset({"Data", "Dynamic Link"}),
    "Select": frozenset({"Data", "Link", "Autocomplete"}),
    "Int": frozenset({"Long Int", "Check", "Float"}),
    "Check": frozenset({"Int"}),
    "Float": _DECIMALS,
    "Currency": _DECIMALS,
    "Attach": _FILES,
}
"""Types that hold every value of the wanted one: what is written comes back as itself."""


@dataclass
class Comparison:
    """What a doctype lacks, and what is other than ours on it."""

    missing: list[DocField] = field(default_factory=list)
    not_unique: list[DocField] = field(default_factory=list)
    choices: dict[str, str] = field(default_factory=dict)
    """Selects that lack choices: field name to the whole new list of them."""
    findings: list[Finding] = field(default_factory=list)


def compare_fields(
    doctype: str, wanted: Iterable[DocField], present: Mapping[str, Row], *, written: bool
) -> Comparison:
    """Compare. written: we insert such documents, so a foreign mandatory field is in the way."""
    made = Comparison()
    names = set()
    for item in wanted:
        names.add(item.fieldname)
        held = present.get(item.fieldname)
        if held is None:
            made.missing.append(item)
        else:
            _compare_one(doctype, item, held, made)
    if written:
        made.findings += _foreign_mandatory(doctype, names, present)
    return made


def _compare_one(doctype: str, item: DocField, held: Row, made: Comparison) -> None:
    where = f"{doctype}.{item.fieldname}"
    kind, options = str(held.get("fieldtype") or "Data"), str(held.get("options") or "")
    if int(held.get("permlevel") or 0):
        level = held["permlevel"]
        made.findings.append(
            Finding(Weight.DECIDE, where, f"is at permission level {level}: we cannot write it")
        )
    if item.fieldtype != kind and kind not in _STAND_INS.get(item.fieldtype, ()):
        made.findings.append(
            Finding(Weight.DECIDE, where, f"is {kind}, we need {_named(item)}; rename one of them")
        )
    elif item.fieldtype in {"Link", *TABLE_TYPES} and kind == item.fieldtype:
        if options != item.options:
            says = f"points at {options}, we need {item.options}"
            made.findings.append(Finding(Weight.DECIDE, where, says))
    elif item.fieldtype != kind:
        made.findings.append(Finding(Weight.MAPPED, where, f"{kind} stands in for {_named(item)}"))
    if kind == item.fieldtype == "Select":
        _compare_choices(item, options, made)
    if item.unique and not int(held.get("unique") or 0):
        made.not_unique.append(item)


def _compare_choices(item: DocField, options: str, made: Comparison) -> None:
    held = options.split("\n")
    lacking = [choice for choice in item.choices if choice and choice not in held]
    if lacking:
        made.choices[item.fieldname] = "\n".join([*held, *lacking])


def _foreign_mandatory(
    doctype: str, names: set[str], present: Mapping[str, Row]
) -> Iterable[Finding]:
    for name, row in present.items():
        if name not in names and int(row.get("reqd") or 0) and not row.get("default"):
            says = "is mandatory and nothing of ours fills it: give it a default, or make it free"
            yield Finding(Weight.DECIDE, f"{doctype}.{name}", says)


def _named(item: DocField) -> str:
    return f"{item.fieldtype} {item.options}" if item.fieldtype == "Link" else item.fieldtype
