"""What a customer reads before signing: the facts of a job as lines, in French or in English.

The text is a function of the job and of what the job only names (people, addresses), so the same
job gives the same text on every device; its hash stands in the record of the signature.
"""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from field_core.canon import Body, Json
from field_core.signing import is_left_out
from field_core.units import unit_name


class Named(NamedTuple):
    """What a job names by a link or an instant, as people say it."""

    job: str
    customer: str
    address: str
    day: str
    arrived: str


_FR: Final[Mapping[str, str]] = {
    "title": "Attestation de visite {job}",
    "subject": "Travail : {subject}",
    "customer": "Client : {customer}",
    "address": "Adresse : {address}",
    "day": "Date prévue : {day}",
    "arrived": "Arrivée sur place : {arrived}",
    "checklist": "TRAVAIL EFFECTUÉ",
    "equipment": "ÉQUIPEMENT",
    "materials": "MATÉRIEL",
    "readings": "MESURES",
    "done": "Fait – {label}",
    "answered": "Fait – {label} : {value}",
    "skipped": "Non fait – {label} ({reason})",
    "open": "Non fait – {label}",
    "Install": "Installé",
    "Remove": "Retiré",
    "Swap": "Remplacé",
    "Inspect": "Vérifié",
    "mac_address": "MAC {value}",
    "serial_no": "n° de série {value}",
    "quantity": "{what} : {value}",
    "none": "Rien à signaler.",
}
_EN: Final[Mapping[str, str]] = {
    "title": "Visit statement {job}",
    "subject": "Job: {subject}",
    "customer": "Customer: {customer}",
    "address": "Address: {address}",
    "day": "Planned date: {day}",
    "arrived": "Arrived on site: {arrived}",
    "checklist": "WORK DONE",
    "equipment": "EQUIPMENT",
    "materials": "MATERIALS",
    "readings": "READINGS",
    "done": "Done – {label}",
    "answered": "Done – {label}: {value}",
    "skipped": "Not done – {label} ({reason})",
    "open": "Not done – {label}",
    "Install": "Installed",
    "Remove": "Removed",
    "Swap": "Replaced",
    "Inspect": "Checked",
    "mac_address": "MAC {value}",
    "serial_no": "serial no. {value}",
    "quantity": "{what}: {value}",
    "none": "Nothing to report.",
}
TITLES: Final = frozenset(w[n] for w in (_FR, _EN) for n in ("checklist", "equipment")) | frozenset(
    w[n] for w in (_FR, _EN) for n in ("materials", "readings")
)
"""Lines that are titles of sections, for whoever draws the text."""


def text_of(job: Mapping[str, Json], named: Named, language: str) -> str:
    """Return the text to be signed, one fact a line."""
    words = _EN if language == "en" else _FR
    lines = [*_head(job, named, words)]
    for table, line in _LINES.items():
        facts = [fact for row in _rows(job, table) if (fact := line(row, words))]
        if facts:
            lines += [words[table], *facts]
    if not any(line in TITLES for line in lines):
        lines.append(words["none"])
    return "\n".join(lines)


def sha256_of(text: str) -> str:
    """Return the hash of a text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def changed_lines(was: str, now: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the facts that are gone from a text and those that are new, in their order."""
    before, after = ([t for t in text.splitlines() if t not in TITLES] for text in (was, now))
    return (
        tuple(line for line in before if line not in after),
        tuple(line for line in after if line not in before),
    )


def _head(job: Mapping[str, Json], named: Named, words: Mapping[str, str]) -> Iterator[str]:
    values = {**named._asdict(), "subject": str(job.get("subject") or "")}
    yield words["title"].format(job=named.job)
    for name in ("subject", "customer", "address", "day", "arrived"):
        if values[name]:
            yield words[name].format(**values)


def _rows(job: Mapping[str, Json], table: str) -> list[Body]:
    rows = job.get(table)
    found = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    return [row for row in found if not is_left_out(row, table)]


def _step(row: Body, words: Mapping[str, str]) -> str:
    label, reason = _label(row, words), row.get("skip_reason")
    if reason:
        return words["skipped"].format(label=label, reason=reason)
    if not row.get("done"):
        return words["open"].format(label=label)
    value = "" if row.get("kind") == "photo" else _value(row.get("value"), row.get("unit"), words)
    return words["answered" if value else "done"].format(label=label, value=value)


def _label(row: Body, words: Mapping[str, str]) -> str:
    first, second = ("label_en", "label_fr") if words is _EN else ("label_fr", "label_en")
    return str(row.get(first) or row.get(second) or row.get("step") or row.get("id"))


def _device(row: Body, words: Mapping[str, str]) -> str:
    marks = [
        words[name].format(value=row[name])
        for name in ("mac_address", "serial_no")
        if row.get(name)
    ]
    action = str(row.get("action") or "")
    facts = [words.get(action, action), *marks, str(row.get("reason") or "")]
    return " – ".join(fact for fact in facts if fact)


def _material(row: Body, words: Mapping[str, str]) -> str:
    what = str(row.get("description") or row.get("item") or "")
    return words["quantity"].format(what=what, value=_value(row.get("qty"), row.get("uom"), words))


def _reading(row: Body, words: Mapping[str, str]) -> str:
    value = _value(row.get("value"), row.get("unit"), words)
    return words["quantity"].format(what=row.get("quantity") or "", value=value)


_LINES: Final = {
    "checklist": _step,
    "equipment": _device,
    "materials": _material,
    "readings": _reading,
}


def _value(value: Json, unit: Json, words: Mapping[str, str]) -> str:
    """Write an answer with its unit; yes alone says nothing that “done” does not."""
    if value is None or isinstance(value, bool):
        return ""
    text = f"{value:.12g}" if isinstance(value, (int, float)) else str(value)
    if words is _FR and isinstance(value, (int, float)):
        text = text.replace(".", ",")
    if not unit or not text:
        return text
    amount = value if isinstance(value, (int, float)) else 1
    return f"{text} {unit_name(str(unit), amount, 'en' if words is _EN else 'fr')}"
