"""What a customer reads before signing, in either language (T-17)."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from field_core.canon import Body
from field_core.signed_text import TITLES, Named, changed_lines, sha256_of, text_of
from field_core.signing import facts_of, is_drawn

NAMED = Named("DJ-10482", "Lucie T.", "1, rue X, Huntingdon", "2026-04-27", "2026-04-27 09:04")


def job(**fields: Any) -> Body:  # noqa: ANN401 - JSON of any shape
    return {
        "subject": "Installation fibre",
        "checklist": [
            step("s1", done=True, label_fr="Identité vérifiée", label_en="Identity checked"),
            step("s2", kind="photo", done=True, value="abc", label_fr="Photo", label_en="Photo"),
            step("s3", kind="reading", done=True, value=-24.1, unit="dBm", label_fr="Niveau"),
            step("s4", skip_reason="Pas de télé", label_fr="Décodeur", label_en="TV box"),
            step("s5", label_fr="Wi-Fi", label_en="Wi-Fi"),
            step("s9", kind="signature", label_fr="Signature"),
        ],
        "equipment": [
            {
                "id": "0197a000-0000-7000-8000-00000000e001",
                "action": "Install",
                "mac_address": "A42BB01C9F3E",
                "serial_no": "S1",
            },
            {
                "id": "0197a000-0000-7000-8000-00000000e002",
                "action": "Remove",
                "serial_no": "OLD",
                "reason": "brisé",
            },
            {"id": "0197a000-0000-7000-8000-00000000e003", "action": "Borrow"},
        ],
        "materials": [
            {"id": "m1", "description": "Câble", "qty": 30.5, "uom": "m"},
            {"id": "m2", "item": "PLAQUE", "qty": 2.0},
            {"id": "m3", "item": "RETIRÉ", "qty": 0},
        ],
        "readings": [{"id": "r1", "quantity": "rx", "value": -24.1, "unit": "dBm"}],
        **fields,
    }


def step(name: str, **facts: Any) -> Body:  # noqa: ANN401 - same
    return {"id": name, "step": name, "kind": "confirm", **facts}


def test_text_in_french_says_every_fact_and_no_signing() -> None:
    assert text_of(job(), NAMED, "fr").splitlines() == [
        "Attestation de visite DJ-10482",
        "Travail : Installation fibre",
        "Client : Lucie T.",
        "Adresse : 1, rue X, Huntingdon",
        "Date prévue : 2026-04-27",
        "Arrivée sur place : 2026-04-27 09:04",
        "TRAVAIL EFFECTUÉ",
        "Fait – Identité vérifiée",
        "Fait – Photo",
        "Fait – Niveau : -24,1 dBm",
        "Non fait – Décodeur (Pas de télé)",
        "Non fait – Wi-Fi",
        "ÉQUIPEMENT",
        "Installé – MAC A42BB01C9F3E – n° de série S1",
        "Retiré – n° de série OLD – brisé",
        "Borrow",
        "MATÉRIEL",
        "Câble : 30,5 m",
        "PLAQUE : 2",
        "MESURES",
        "rx : -24,1 dBm",
    ]


def test_text_in_english_falls_back_to_the_other_languages_label() -> None:
    lines = text_of(job(), NAMED, "en").splitlines()

    assert lines[:2] == ["Visit statement DJ-10482", "Job: Installation fibre"]
    assert "Done – Niveau: -24.1 dBm" in lines
    assert "Not done – TV box (Pas de télé)" in lines
    assert "Installed – MAC A42BB01C9F3E – serial no. S1" in lines


def test_text_of_an_empty_job_says_so_and_leaves_out_what_is_not_known() -> None:
    bare: Body = {"checklist": "damaged", "materials": [None]}
    nobody = Named("NEW-1", "", "", "", "")

    assert text_of(bare, nobody, "fr").splitlines() == [
        "Attestation de visite NEW-1",
        "Rien à signaler.",
    ]


def test_answer_of_yes_says_nothing_that_done_does_not() -> None:
    yes = job(checklist=[step("s1", done=True, value=True), {"id": "x", "done": True, "value": ""}])

    assert text_of(yes, NAMED, "en").splitlines()[7:9] == ["Done – s1", "Done – x"]


def test_titles_are_the_lines_that_part_the_text() -> None:
    lines = text_of(job(), NAMED, "en").splitlines()

    assert [line for line in lines if line in TITLES] == [
        "WORK DONE",
        "EQUIPMENT",
        "MATERIALS",
        "READINGS",
    ]


@given(st.sampled_from(["fr", "en"]))
def test_same_job_gives_the_same_text_and_hash(language: str) -> None:
    first, second = text_of(job(), NAMED, language), text_of(job(), NAMED, language)

    assert sha256_of(first) == sha256_of(second)
    assert sha256_of(first) != sha256_of(first + " ")


def test_changed_lines_are_those_gone_and_those_new() -> None:
    was = text_of(job(), NAMED, "fr")
    later = job(readings=[{"id": "r1", "quantity": "rx", "value": -27.6, "unit": "dBm"}])

    assert changed_lines(was, text_of(later, NAMED, "fr")) == (
        ("rx : -24,1 dBm",),
        ("rx : -27,6 dBm",),
    )
    assert changed_lines(was, was) == ((), ())


def test_step_of_signing_is_no_part_of_what_is_signed() -> None:
    """It is done by the signature itself, which else would be of a text that it changes."""
    asked, answered = (
        job(checklist=[step("s9", kind="signature", done=done)]) for done in (None, True)
    )

    assert facts_of(asked, "fr") == facts_of(answered, "fr")


@pytest.mark.parametrize(
    ("strokes", "is_enough"),
    [
        ([], False),
        ([[]], False),
        ([[(10, 10, 0)]], False),
        ([[(10, 10, 0), (40, 10, 20)]], False),
        ([[(0, 0, 0), (60, 80, 20)]], True),
        ([[(0, 0), (30, 40)], [(0, 0), (30, 40)]], True),
    ],
)
def test_signature_is_more_than_a_dot(
    strokes: list[list[tuple[float, ...]]],
    is_enough: bool,  # noqa: FBT001 - a table's column
) -> None:
    assert is_drawn(strokes) is is_enough
