"""Who did it: the server signs, whatever a device said; a step names a technician or nobody."""

import pytest

from field_core.authorship import SIGNED_TABLES, Author, signed
from field_core.canon import Body, Json
from field_core.capabilities import Role, capabilities, refusal
from field_core.operations import Operation
from field_core.problems import Problem
from tests.core.making import JOB, adding, creating, edit, moving, photo, removing

MARC = Author("DT-00001", "Marc Tremblay", "marc@example.ca")
SOPHIE = Author(None, "Sophie Gagnon", "sophie@example.ca")
LEA = Author(None, "", "lea@example.ca")
NOBODY = Author(None, "", "")


@pytest.mark.parametrize(
    ("author", "signature"),
    [
        (MARC, "DT-00001"),
        (SOPHIE, "Sophie Gagnon"),
        (LEA, "lea@example.ca"),
        (NOBODY, ""),
    ],
)
def test_technician_signs_by_id_and_the_office_by_name(author: Author, signature: str) -> None:
    assert author.signature == signature


@pytest.mark.parametrize(
    ("by", "authors"),
    [
        ("DT-00001", {MARC}),
        ("Sophie Gagnon", {SOPHIE}),
        (None, {SOPHIE, LEA}),
        ("DT-00002", set[Author]()),
    ],
)
def test_row_is_its_authors_and_one_of_nobody_is_anybodys_in_the_office(
    by: str | None, authors: set[Author]
) -> None:
    assert {one for one in (MARC, SOPHIE, LEA) if one.is_author_of({"by": by})} == authors


def test_move_is_signed_by_who_is_signed_in() -> None:
    assert signed(moving("Completed"), SOPHIE) == moving("Completed").model_copy(
        update={"by": "Sophie Gagnon"}
    )


@pytest.mark.parametrize("claimed", [{}, {"by": None}, {"by": "DT-00002"}])
@pytest.mark.parametrize("table", sorted(SIGNED_TABLES - {"status_log"}))
def test_row_is_signed_whatever_the_device_said(table: str, claimed: Body) -> None:
    sent = adding(table, "r1", {"text": "Vu", **claimed})

    assert signed(sent, SOPHIE) == adding(table, "r1", {"text": "Vu", "by": "Sophie Gagnon"})


def test_rows_of_a_new_job_are_signed_and_odd_ones_left_to_be_judged() -> None:
    sent: Body = {"subject": "Ajout", "notes": [{"id": "n1", "by": "DT-00002"}, 5]}

    assert signed(creating("Dispatch Job", sent), MARC) == creating(
        "Dispatch Job", {"subject": "Ajout", "notes": [{"id": "n1", "by": "DT-00001"}, 5]}
    )


@pytest.mark.parametrize(
    ("author", "claimed", "kept"),
    [
        (MARC, "DT-00001", "DT-00001"),
        (MARC, "DT-00002", "DT-00001"),
        (MARC, None, None),
        (SOPHIE, "DT-00002", None),
    ],
)
def test_step_names_the_technician_who_did_it_or_nobody(
    author: Author, claimed: Json, kept: Json
) -> None:
    done: dict[str, tuple[Json, Json]] = {"checklist.s1.done": (False, True)}
    sent = edit({**done, "checklist.s1.done_by": (None, claimed)})

    assert signed(sent, author) == edit({**done, "checklist.s1.done_by": (None, kept)})


@pytest.mark.parametrize(
    "sent",
    [
        adding("materials", "m1", {"qty": 1}),
        creating("Service Equipment", {"notes": [{"id": "n1"}]}),
        edit({"work_notes": (None, "Vu")}),
        photo(),
        removing(),
    ],
)
def test_what_names_no_author_is_left_alone(sent: Operation) -> None:
    assert signed(sent, SOPHIE) == sent


@pytest.mark.parametrize("path", [*sorted(SIGNED_TABLES), "notes.n1.by", "time_entries.t1.by"])
def test_nobody_writes_an_author_past_the_signature(path: str) -> None:
    held = capabilities(Role)

    assert refusal(edit({path: (None, [])}), spec=JOB, held=held) == Problem(
        "read-only-field", {"field": path}
    )
