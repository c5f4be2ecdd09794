"""What was done, in plain words: every kind of operation, every table and field, both languages."""

import re
from collections.abc import Iterator
from typing import Any, Final

import pytest

from field_app.i18n import Language, Words
from field_app.saying import (
    Choice,
    Counted,
    Instant,
    Listed,
    Sentence,
    Size,
    number,
    say,
    shortened,
)
from field_app.sync.said_groups import Told, act_of
from field_app.sync.sentences import sentence_of
from field_core.canon import Body, Json
from field_core.doctypes import DOCTYPES, Spec
from field_core.fields import Kind, Owner
from field_core.status import TRANSITIONS
from tests.app.making import job, key

LANGUAGES: Final[tuple[Language, ...]] = ("fr", "en")
MINE: Final = (Owner.TECHNICIAN, Owner.SHARED)
_RAW: Final = re.compile(r"\b[a-z]+_[a-z_0-9]+\b|\{|[0-9a-f]{8}-[0-9a-f]{4}|[0-9a-f]{40}")
"""What a person must never read: field names, holes, keys, hashes."""
ROW: Final = "0197a000-0000-7000-8000-00000000abcd"


def said(operation: Body, doctype: str = "Dispatch Job", document: Body | None = None) -> str:
    return say(Words("fr"), sentence_of(operation, doctype, document))


def edit(path: str, now: Json, was: Json = None) -> Body:
    return {"kind": "set", "fields": {path: [was, now]}}


EXAMPLES: Final[dict[Kind, Json]] = {
    Kind.CHECK: True,
    Kind.INT: 3,
    Kind.FLOAT: -24.1,
    Kind.DATETIME: "2026-04-27T13:00:00.000Z",
    Kind.DATE: "2026-04-27",
    Kind.LINK: key(7),
    Kind.ATTACH: "a" * 64,
    Kind.JSON: '{"x": 1}',
}


def example(kind: Kind, options: str) -> Json:
    if kind is Kind.SELECT:
        return options.partition("\n")[0]
    return EXAMPLES.get(kind, "Quelque chose")


def writable(spec: Spec) -> Iterator[tuple[str, Json]]:
    """Every field that a technician may write: of the document, and of a row of each table."""
    for name, column in spec.columns.items():
        if column.owner in MINE:
            yield name, example(column.kind, column.options)
    for table, inner in spec.tables.items():
        for name, column in inner.columns.items():
            if column.owner in MINE:
                yield f"{table}.{ROW}.{name}", example(column.kind, column.options)


FIELDS: Final = [
    (doctype, path, value) for doctype, spec in DOCTYPES.items() for path, value in writable(spec)
]
TABLES: Final = [
    (doctype, table)
    for doctype, spec in DOCTYPES.items()
    for table, owner in spec.table_owners.items()
    if owner in MINE
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("doctype", "path", "value"), FIELDS)
def test_every_field_a_technician_writes_is_said_in_words(
    doctype: str, path: str, value: Json, language: Language
) -> None:
    text = say(Words(language), sentence_of(edit(path, value), doctype, None))

    assert not _RAW.search(text), text
    assert Words(language)("field.other") not in text, text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("doctype", "table"), TABLES)
def test_every_table_a_technician_adds_to_is_said_in_words(
    doctype: str, table: str, language: Language
) -> None:
    inner = DOCTYPES[doctype].tables[table]
    item: Body = {n: example(c.kind, c.options) for n, c in inner.columns.items()}
    for given in ({}, item):
        operation: Body = {"kind": "append", "list": table, "item": given}
        text = say(Words(language), sentence_of(operation, doctype, None))

        assert text
        assert not _RAW.search(text), text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_move_of_the_status_table_is_said_in_words(language: Language) -> None:
    words = Words(language)
    for here, to in TRANSITIONS:
        operation: Body = {"kind": "transition", "from": here, "to": to, "reason": "Absent"}
        text = say(words, sentence_of(operation, "Dispatch Job", None))
        assert text != words("said.unknown"), (here, to)
        assert not _RAW.search(text), text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("doctype", [*DOCTYPES, "Something Else"])
def test_every_document_that_is_made_or_removed_is_named(doctype: str, language: Language) -> None:
    made: Body = {"kind": "create", "doctype": doctype, "body": {}}
    removed: Body = {"kind": "remove", "reason": "Double"}

    for operation in (made, removed):
        text = say(Words(language), sentence_of(operation, doctype, None))
        assert text
        assert not _RAW.search(text), text


@pytest.mark.parametrize(
    ("operation", "text"),
    [
        (edit(f"checklist.{'s2'}.value", -24.1), "Étape 2 « Niveau » : −24,1 dBm"),
        (edit("checklist.s1.done", now=True), "Étape 1 « Arrivé » : faite"),
        (edit("checklist.s1.done", now=False), "Étape 1 « Arrivé » : rouverte"),
        (edit("checklist.s1.note", "Voir"), "Étape 1 « Arrivé », note : Voir"),
        (edit("checklist.s1.done_by", "DT-00001"), "Étape 1 « Arrivé » modifiée"),
        (edit("checklist.s9.done", now=True), "Étape ? « sans nom » : faite"),
        (
            edit("checklist.s1.skip_reason", "Pas d’accès"),
            "Étape 1 « Arrivé » laissée de côté : Pas d’accès",
        ),
        (edit("work_notes", "Prudence"), "Modifié — Notes de travail : Prudence"),
        (edit("signed_by", "Zoé"), "Signature de Zoé"),
        (edit("materials.m1.qty", 0), "Matériel retiré : Fibre"),
        (edit("materials.m1.qty", 12.5), "Matériel « Fibre » : quantité 12,5"),
        (edit("time_entries.t1.ended_at", "2026-04-27T13:00:00.000Z"), "Temps terminé : pause"),
        ({"kind": "transition", "from": "En Route", "to": "On Site"}, "Arrivé sur place"),
        (
            {"kind": "transition", "from": "Completed", "to": "On Site", "reason": "Oubli"},
            "Rouvert : Oubli",
        ),
        ({"kind": "transition", "from": "Odd", "to": "Odder"}, "Modification d’un genre inconnu"),
        (
            {"kind": "attach", "role": "photo", "size": 2_100_000, "item": {"caption": "Panneau"}},
            "Photo « Panneau » (2,1 Mo)",
        ),
        ({"kind": "attach", "role": "photo", "size": 2_100_000}, "Photo (2,1 Mo)"),
        (
            {"kind": "append", "list": "notes", "item": {"text": "Deux\nlignes"}},
            "Note : « Deux lignes »",
        ),
        (
            {"kind": "append", "list": "materials", "item": {"qty": 2, "description": "Prise"}},
            "Matériel : 2 Prise",
        ),
        (
            {"kind": "append", "list": "responses", "item": {"answer": "Accept"}},
            "Travail offert demandé",
        ),
        (
            {"kind": "set", "fields": {"x_custom": [1, {}]}},
            "Modifié — Autre champ : plusieurs valeurs",
        ),
        ({"kind": "new in a later version"}, "Modification d’un genre inconnu"),
    ],
)  # fmt: skip
def test_act_is_said_as_its_technician_would(operation: Body, text: str) -> None:
    materials: list[Json] = [{"id": "m1", "description": "Fibre"}]
    entries: list[Json] = [
        {"id": "t1", "activity": "Break", "started_at": "2026-04-27T12:00:00.000Z"}
    ]
    checklist: Any = [{**row, "unit": "dBm"} for row in job()["checklist"]]  # type: ignore[union-attr,dict-item]  # the factory's rows
    document = job(materials=materials, time_entries=entries, checklist=checklist)

    assert said(operation, document=document) == text


def test_step_is_called_as_the_persons_language_calls_it() -> None:
    sentence = sentence_of(edit("checklist.s1.done", now=True), "Dispatch Job", job())

    assert say(Words("en"), sentence) == "Step 1 “Arrived”: done"


def test_edit_of_many_fields_names_the_first_few() -> None:
    fields: Body = {name: [None, "x"] for name in ("model", "firmware", "serial_no", "item")}
    device: Body = {"equipment_type": "Router", "mac_address": "00:1A:79:33:10:B2"}

    assert said({"kind": "set", "fields": fields}, "Service Equipment", device) == (
        "Routeur 00:1A:79:33:10:B2 — Modèle : x, Micrologiciel : x, Numéro de série : x, …"
    )


def told(operation: Body, doctype: str, document: Body | None = None) -> Told:
    return Told(operation, doctype, document)


def test_swap_is_one_sentence_with_both_devices() -> None:
    """T-15, T-16."""
    new: Body = {"equipment_type": "TV Box", "mac_address": "00:1A:79:33:10:B2"}
    old: Body = {"equipment_type": "TV Box", "name": "EQP-03310"}
    parts = [
        told(edit("status", "To Return"), "Service Equipment", old),
        told({"kind": "create", "doctype": "Service Equipment", "body": new}, "Service Equipment"),
        told({"kind": "append", "list": "equipment", "item": {}}, "Dispatch Job"),
        told({"kind": "append", "list": "equipment", "item": {}}, "Dispatch Job"),
    ]

    assert say(Words("fr"), act_of(parts)) == (
        "Équipement remplacé : Décodeur télé EQP-03310 par Décodeur télé 00:1A:79:33:10:B2"
    )
    assert say(Words("fr"), act_of([parts[0], parts[2]])) == (
        "Équipement retiré : Décodeur télé EQP-03310"
    )
    assert say(Words("fr"), act_of([parts[1], parts[3]])) == (
        "Équipement posé : Décodeur télé 00:1A:79:33:10:B2"
    )


def test_signature_with_its_files_is_one_sentence() -> None:
    parts = [
        told({"kind": "attach", "role": "signature", "size": 5}, "Dispatch Job"),
        told({"kind": "attach", "role": "record", "size": 5}, "Dispatch Job"),
        told(edit("signed_by", "Zoé Roy"), "Dispatch Job"),
    ]

    assert say(Words("en"), act_of(parts)) == "Signature of Zoé Roy"
    assert [p.sentence.key for p in parts[:2]] == ["said.signature.image", "said.signature.record"]


def test_act_of_several_parts_is_told_by_the_last() -> None:
    first = told(edit("time_entries.t1.ended_at", "x"), "Dispatch Job")
    last = told(
        {"kind": "append", "list": "time_entries", "item": {"activity": "Work"}}, "Dispatch Job"
    )

    assert say(Words("fr"), act_of([first, last])) == (
        "Temps commencé : travail (et 1 autre geste)"
    )


def test_numbers_are_written_as_people_do_here() -> None:
    assert [number(Words("fr"), n) for n in (-24.1, 3, 3.0, 0.5)] == ["−24,1", "3", "3", "0,5"]
    assert number(Words("en"), -24.1) == "−24.1"


def test_long_words_of_a_person_are_cut() -> None:
    assert len(shortened("mot " * 100)) <= 80
    assert shortened("mot " * 100).endswith("…")


def test_parts_are_said_each_in_its_way() -> None:
    words = Words("fr")
    parts = Listed(
        [
            Choice("Unheard of"),
            Size(2_100_000),
            Instant("un jour"),
            Counted("said.more", 2),
            True,
            2,
        ]
    )

    assert say(words, parts) == "Unheard of, 2,1 Mo, un jour, et 2 autres gestes, oui, 2"
    assert say(words, Instant("2026-04-27T13:00:00.000Z")) == "2026-04-27 09:00"
    assert say(words, Sentence("said.device", {"type": "ONT", "mark": ""})) == "ONT"
