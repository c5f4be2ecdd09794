"""Search over everything on this device, in groups, with the jobs that each find leads to.

Words are looked up as they are typed, by their beginnings and without accents; the mark of a
device in any notation, from its beginning or by its last digits, also in the index of all devices.
"""

import json
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Final, NamedTuple

from field_app.ports import FoundIn, Hit, Hits, JobLink
from field_app.saying import Field, Part, Sentence
from field_app.sync import view
from field_app.sync.found_hits import FACTS, TITLES
from field_app.sync.labels import label_of, text_of
from field_app.sync.migrations import IDENTITY_COLUMNS, IDENTITY_ROWS, bare_sql
from field_app.sync.replica import Replica
from field_core.canon import Body
from field_core.doctypes import spec_of
from field_core.identity import bare, serial_forms

RECENT: Final = "recent_searches"
"""Under this name the replica remembers what was searched for."""
RECENT_MAX: Final = 12
SHOWN_MAX: Final = 20
"""Finds drawn in a group; who sees as many types another letter."""
MATCHES_MAX: Final = 3_000
"""More than a device holds documents with words; bounds what one letter can find."""
MARKED_MAX: Final = 200
"""Devices with one beginning; enough that those of the index are seen beside those of our jobs."""
MARK_MIN: Final = 4
"""Letters or digits from which on a text may be the mark of a device."""
_GROUPS: Final[Mapping[str, FoundIn]] = {
    "Dispatch Job": FoundIn.JOBS,
    "Service Location": FoundIn.PLACES,
    "Customer": FoundIn.CUSTOMERS,
    "Service Equipment": FoundIn.EQUIPMENT,
    "Equipment Identity": FoundIn.IDENTITIES,
}
_JOBS: Final = (
    "SELECT key, name, subject, service_location FROM dispatch_job WHERE {} ORDER BY "
    "status IN ('Completed', 'Incomplete', 'Cancelled'), scheduled_date IS NULL, "
    "CASE WHEN status IN ('Completed', 'Incomplete', 'Cancelled') THEN '' ELSE scheduled_date END, "
    "scheduled_date DESC, name"
)
"""What is open and next first; of what is closed the latest first."""


class _Match(NamedTuple):
    key: str
    doctype: str


def recent(replica: Replica) -> list[str]:
    """Return what was searched for lately, the latest first."""
    kept: list[str] = json.loads(replica.get(RECENT) or "[]")
    return kept


def hits(replica: Replica, text: str) -> Hits:
    """Return what is found, in groups; nothing for a text without letters or digits."""
    words = view.words_of(text)
    if not words:
        return Hits(text)
    by_words = _by_words(replica, text)
    by_mark = _by_mark(replica, text, {match.key for match in by_words})
    marked = {match.key for match in by_mark}
    matches = [*by_mark, *(match for match in by_words if match.key not in marked)]
    groups: dict[FoundIn, list[_Match]] = {group: [] for group in FoundIn}
    for match in matches:
        groups[_GROUPS.get(match.doctype, FoundIn.OTHERS)].append(match)
    folded = [fold(word) for word in words]
    shown = {
        group: _drawn(replica, found[:SHOWN_MAX], folded)
        for group, found in groups.items()
        if found
    }
    totals = {group: len(found) for group, found in groups.items() if found}
    _add_jobs(replica, shown, totals)
    return Hits(text, {g: shown[g] for g in FoundIn if g in shown}, totals)


def hit(replica: Replica, key: str) -> Hit | None:
    """Return one document as a search shows it."""
    held = replica.document(key)
    if held is None:
        return None
    return _drawn(replica, [_Match(key, held.doctype)], [])[0]


# --- matching


def _by_words(replica: Replica, text: str) -> list[_Match]:
    rows = replica.db.conn.execute(
        "SELECT view.key, view.doctype FROM search JOIN view ON view.id = search.rowid "
        "WHERE search MATCH ? ORDER BY search.rank LIMIT ?",
        (view.query_of(text), MATCHES_MAX),
    )
    return [_Match(*row) for row in rows]


def _by_mark(replica: Replica, text: str, known: AbstractSet[str]) -> list[_Match]:
    """Return devices whose MAC or serial number begins or ends so, however it is written."""
    mark = bare(text)
    if len(mark) < MARK_MIN or not any(c.isdigit() for c in mark):
        return []
    found: dict[str, _Match] = {}
    for form in {mark, *serial_forms(text)}:
        for column in IDENTITY_COLUMNS:
            for row in _marked(replica, column, form):
                found.setdefault(row.key, row)
    if not found:
        found = {match.key: match for match in _ending(replica, mark)}
    told = {*known, *found}
    return [match for match in found.values() if not _is_told(replica, match, told)]


def _marked(replica: Replica, column: str, form: str) -> list[_Match]:
    """Without being told, SQLite takes the index of doctypes for a range: 20 ms instead of 1."""
    sql = bare_sql(column)
    rows = replica.db.conn.execute(
        f"SELECT key, doctype FROM view INDEXED BY identity_{column} "  # noqa: S608 - our own columns
        f"WHERE {IDENTITY_ROWS} AND {sql} >= ?1 AND {sql} < ?1 || '~' LIMIT ?2",
        (form, MARKED_MAX),
    )
    return [_Match(*row) for row in rows]


def _ending(replica: Replica, mark: str) -> list[_Match]:
    """Return devices by their last digits, which is how people read a label aloud.

    No index serves this, so all bodies are looked through as text: 7 ms at the company's size,
    where taking the marks out of 8,000 bodies took 60.
    """
    pairs = [mark[max(0, at - 2) : at] for at in range(len(mark), 0, -2)][::-1]
    spelled = [f'{sign.join(pairs)}"' for sign in ("", ":", "-")]
    rows = replica.db.conn.execute(
        f"SELECT key, doctype FROM view WHERE {IDENTITY_ROWS} AND (instr(body, ?) > 0 OR "  # noqa: S608 - our own words
        "instr(body, ?) > 0 OR instr(body, ?) > 0) LIMIT ?",
        (*spelled, MARKED_MAX),
    )
    found = [_Match(*row) for row in rows]
    bodies = _bodies(replica, [match.key for match in found])
    return [match for match in found if _ends_with(bodies[match.key], mark)]


def _ends_with(body: Body, mark: str) -> bool:
    return any(bare(text_of(body, column)).endswith(mark) for column in IDENTITY_COLUMNS)


def _is_told(replica: Replica, match: _Match, told: AbstractSet[str]) -> bool:
    """Tell whether an index row only repeats a device that is found itself."""
    if match.doctype != "Equipment Identity":
        return False
    held = replica.document(match.key)
    return held is not None and text_of(held.body, "equipment") in told


# --- drawing


def _drawn(replica: Replica, matches: Sequence[_Match], words: Sequence[str]) -> list[Hit]:
    bodies = _bodies(replica, [match.key for match in matches])
    linked = _linked(replica, bodies.values())
    places = {match.key: _place_of(match, bodies[match.key]) for match in matches}
    jobs = _jobs_at(replica, {place for place in places.values() if place})
    owned = _jobs_of_customers(
        replica, [text_of(bodies[m.key], "name") for m in matches if m.doctype == "Customer"]
    )
    return [
        _hit(
            match,
            bodies[match.key],
            linked,
            words,
            jobs.get(places[match.key] or "", [])
            or owned.get(text_of(bodies[match.key], "name"), []),
        )
        for match in matches
    ]


def _bodies(replica: Replica, keys: Sequence[str]) -> dict[str, Body]:
    rows = replica.db.conn.execute(
        "SELECT key, body FROM view WHERE key IN (SELECT value FROM json_each(?))",
        (json.dumps([*keys]),),
    )
    return {key: json.loads(body) for key, body in rows}


def _linked(replica: Replica, bodies: Iterable[Body]) -> dict[str, Body]:
    """Return locations and customers that finds point at, by name."""
    names = {
        value
        for body in bodies
        for field in ("service_location", "customer")
        if isinstance(value := body.get(field), str)
    }
    rows = replica.db.conn.execute(
        "SELECT name, body FROM view WHERE doctype IN ('Service Location', 'Customer') AND name IN "
        "(SELECT value FROM json_each(?))",
        (json.dumps(sorted(names)),),
    )
    return {name: json.loads(body) for name, body in rows}


def _place_of(match: _Match, body: Body) -> str | None:
    if match.doctype == "Service Location":
        return text_of(body, "name") or match.key
    return text_of(body, "service_location") or None


def _jobs_at(replica: Replica, places: Iterable[str]) -> dict[str, list[JobLink]]:
    rows = replica.db.conn.execute(
        _JOBS.format("service_location IN (SELECT value FROM json_each(?))"),
        (json.dumps(sorted(places)),),
    )
    found: dict[str, list[JobLink]] = {}
    for key, name, subject, place in rows:
        found.setdefault(place, []).append(JobLink(key, label_of(key, name), subject or ""))
    return found


def _jobs_of_customers(replica: Replica, customers: Sequence[str]) -> dict[str, list[JobLink]]:
    """Return the jobs at the addresses of customers."""
    if not customers:
        return {}
    rows = replica.db.conn.execute(
        "SELECT name, customer FROM service_location WHERE customer IN "
        "(SELECT value FROM json_each(?))",
        (json.dumps([*customers]),),
    )
    owners = dict(rows.fetchall())
    jobs = _jobs_at(replica, owners)
    found: dict[str, list[JobLink]] = {}
    for place, links in jobs.items():
        found.setdefault(owners[place], []).extend(links)
    return found


def _hit(
    match: _Match,
    body: Body,
    linked: Mapping[str, Body],
    words: Sequence[str],
    jobs: Sequence[JobLink],
) -> Hit:
    group = _GROUPS.get(match.doctype, FoundIn.OTHERS)
    label, title = label_of(match.key, body.get("name")), TITLES[group](body)
    is_job = group is FoundIn.JOBS
    facts = [fact for fact in FACTS[group](body, linked) if fact not in ("", title)]
    said = " ".join([label, title, *(fact for fact in facts if isinstance(fact, str))])
    own = [JobLink(match.key, label, text_of(body, "subject"))]
    return Hit(
        key=match.key,
        group=group,
        label="" if group is FoundIn.IDENTITIES else label,
        title=title or label,
        matched=_matched(match.doctype, body, words, said),
        facts=facts,
        jobs=own if is_job else jobs,
        status=text_of(body, "status") or None if is_job else None,
    )


def _matched(doctype: str, body: Body, words: Sequence[str], said: str) -> Sentence | None:
    """Say which field holds a word that was typed, unless the line shows it already."""
    shown = tokens(said)
    missing = [word for word in words if not any(token.startswith(word) for token in shown)]
    for name in spec_of(doctype).searched() if missing else ():
        value = text_of(body, name)
        if any(token.startswith(word) for word in missing for token in tokens(value)):
            named: dict[str, Part] = {"field": Field(name), "value": value}
            return Sentence("said.field", named)
    return None


def _add_jobs(
    replica: Replica, shown: dict[FoundIn, list[Hit]], totals: dict[FoundIn, int]
) -> None:
    """Jobs at the addresses and of the customers found are what is most often looked for."""
    have = {one.key for one in shown.get(FoundIn.JOBS, ())}
    near = [
        link.key
        for group in (FoundIn.PLACES, FoundIn.CUSTOMERS)
        for one in shown.get(group, ())
        for link in one.jobs
        if link.key and link.key not in have
    ]
    keys = [*dict.fromkeys(near)][: max(0, SHOWN_MAX - len(have))]
    if keys:
        more = _drawn(replica, [_Match(key, "Dispatch Job") for key in keys], [])
        shown[FoundIn.JOBS] = [*shown.get(FoundIn.JOBS, ()), *more]
        totals[FoundIn.JOBS] = totals.get(FoundIn.JOBS, 0) + len(more)


def fold(text: str) -> str:
    """Return a text without accents and capitals, as the index compares words."""
    parted = unicodedata.normalize("NFD", text)
    return "".join(c for c in parted if not unicodedata.combining(c)).casefold()


def tokens(text: str) -> list[str]:
    """Return the words of a text, folded."""
    return [fold(word) for word in view.separated(text)]
