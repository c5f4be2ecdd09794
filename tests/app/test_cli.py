"""`field-app` from the outside: what it prints, what it keeps, how it ends."""

# ruff: noqa: ANN401 - JSON of any shape

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.app.commands import Cli, commands
from tests.app.serving import MARC, PASSWORD, Office, key, serving, today


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with serving(tmp_path_factory.mktemp("server")) as office:
        office.add_people()
        yield office


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, office: Office) -> Cli:
    return commands(tmp_path, monkeypatch, office.url)


@pytest.fixture
def signed_in(run: Cli, office: Office) -> Cli:
    for n in (1, 2):
        office.put(key(n), "Dispatch Job", {"status": "Dispatched"})
        office.job(n)
    office.put(
        key(5000),
        "Equipment Identity",
        {
            "equipment": "EQP-05120",
            "mac_address": "A4:2B:B0:1C:9F:3E",
            "service_location": "LOC-00871",
            "since": "2025-11-03",
        },
    )
    assert run("sign-in", MARC, "--password-stdin", stdin=PASSWORD + "\n") == 0
    assert run("sync") == 0
    return run


def printed(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


def test_command_before_signing_in_says_so(run: Cli, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("jobs") == 4
    assert "Connectez d’abord cet appareil" in capsys.readouterr().err


def test_sign_in_says_aloud_where_the_session_lies(
    run: Cli, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("sign-in", MARC, "--password-stdin", stdin=PASSWORD + "\n") == 0

    said = capsys.readouterr()
    assert "n’a pas de trousseau" in said.err
    assert "Connecté : Marc" in said.out


def test_wrong_password_ends_with_four(run: Cli, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("sign-in", MARC, "--password-stdin", stdin="wrong\n") == 4
    assert "incorrect" in capsys.readouterr().err


def test_jobs_of_the_day_are_listed_with_place_and_state(
    signed_in: Cli, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert signed_in("jobs", "--day", today()) == 0

    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split()[:6] == ["TÂCHE", "JOUR", "HEURE", "ÉTAT", "SUJET", "ADRESSE"]
    assert "DJ-00001" in lines[1]
    assert "1 rue de la Forêt, Sainte-Béatrix" in lines[1]


def test_jobs_as_json_are_for_scripts(signed_in: Cli, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert signed_in("--json", "jobs", "--day", today()) == 0

    rows = printed(capsys)
    assert [(r["label"], r["status"], r["unsent"]) for r in rows] == [
        ("DJ-00001", "Dispatched", 0),
        ("DJ-00002", "Dispatched", 0),
    ]


def test_a_job_from_start_to_complete(
    signed_in: Cli, office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picture = tmp_path / "ont.jpg"
    picture.write_bytes(b"\xff\xd8\xff\xe0 picture")
    for words in (
        ("start", "DJ-00001"),
        ("step", "DJ-00001", "1"),
        ("step", "DJ-00001", "s2", "-19,5"),
        ("note", "DJ-00001", "Sonnette brisée"),
        ("photo", "DJ-00001", str(picture)),
        ("reading", "DJ-00001", "rx", "-19.5", "dBm"),
        ("material", "DJ-00001", "2", "--description", "Jarretière"),
        ("time", "DJ-00001", "Work", "2026-04-27T09:00:00-04:00", "2026-04-27T10:00:00-04:00"),
        ("equipment-add", "DJ-00001", "--type", "Router", "--serial", "S-77"),
        ("sign", "DJ-00001", str(picture), "--by", "Mme Roy"),
        ("complete", "DJ-00001"),
    ):
        assert signed_in("do", *words) == 0, words

    assert signed_in("sync") == 0

    body: Any = office.body(key(1))
    assert body["status"] == "Completed"
    assert [
        len(body[table])
        for table in ("notes", "photos", "readings", "materials", "time_entries", "equipment")
    ] == [1] * 6
    assert body["signed_by"] == "Mme Roy"
    assert body["checklist"][1]["value"] == -19.5
    capsys.readouterr()
    assert signed_in("outbox", "--json") == 0
    assert {row["state"] for row in printed(capsys)["operations"]} <= {"received", "in-office"}


def test_device_made_here_has_a_provisional_label(
    signed_in: Cli, capsys: pytest.CaptureFixture[str]
) -> None:
    """FA-03: until the ERP has given a name."""
    assert signed_in("do", "equipment-add", "DJ-00002", "--type", "ONT", "--serial", "S-78") == 0
    capsys.readouterr()

    assert signed_in("outbox", "--json") == 0

    rows = printed(capsys)["operations"]
    [label] = [row["document"] for row in rows if row["kind"] == "create"]
    assert label.startswith("NEW-")
    assert signed_in("do", "equipment-remove", "DJ-00002", label, "--reason", "panne") == 0


def test_act_that_is_refused_ends_with_three_and_says_why(
    signed_in: Cli, capsys: pytest.CaptureFixture[str]
) -> None:
    assert signed_in("do", "complete", "DJ-00002") == 3
    assert "Il reste des étapes obligatoires : Arrivé sur place" in capsys.readouterr().err
    assert signed_in("do", "incomplete", "DJ-00002") == 3
    assert signed_in("do", "note", "DJ-99999", "x") == 3
    assert signed_in("do", "photo", "DJ-00002", "no-such-file.jpg") == 3


def test_outbox_says_in_words_where_things_stand(
    signed_in: Cli, capsys: pytest.CaptureFixture[str]
) -> None:
    signed_in("do", "note", "DJ-00002", "x")
    capsys.readouterr()

    assert signed_in("outbox") == 0

    said = capsys.readouterr().out
    assert "Note : « x »" in said
    assert "sur cet appareil" in said
    assert "attend" in said


def test_identity_recorded_elsewhere_is_told_offline_with_since_when(
    signed_in: Cli, capsys: pytest.CaptureFixture[str]
) -> None:
    """T-11, as far as the index goes; putting the device in says it too."""
    capsys.readouterr()
    assert signed_in("identity", "a42b.b01c.9f3e") == 0
    assert "EQP-05120 est inscrit à LOC-00871" in capsys.readouterr().out

    assert (
        signed_in("do", "equipment-add", "DJ-00002", "--type", "ONT", "--mac", "A4-2B-B0-1C-9F-3E")
        == 0
    )
    assert "depuis 2025-11-03" in capsys.readouterr().err


def test_search_finds_without_accents(signed_in: Cli, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert signed_in("search", "foret", "beatrix") == 0
    assert "LOC-00001" in capsys.readouterr().out


def test_signing_out_with_unsent_work_is_refused_and_shows_it(
    signed_in: Cli, capsys: pytest.CaptureFixture[str]
) -> None:
    signed_in("do", "note", "DJ-00002", "x")
    capsys.readouterr()

    assert signed_in("sign-out") == 6
    said = capsys.readouterr()
    assert "DJ-00002  Note : « x »" in said.out
    assert "pas encore envoyés" in said.err

    assert signed_in("sign-out", "--keep-data") == 0
    assert signed_in("sync") == 4
    assert signed_in("outbox") == 0


def test_signing_in_again_sends_what_was_kept(
    signed_in: Cli, office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    """T-21."""
    signed_in("do", "note", "DJ-00002", "resté sur le téléphone")
    signed_in("sign-out", "--keep-data")

    assert signed_in("sign-in", MARC, "--password-stdin", stdin=PASSWORD + "\n") == 0
    assert signed_in("sync") == 0

    notes: Any = office.body(key(2))["notes"]
    assert "resté sur le téléphone" in [note["text"] for note in notes]
    capsys.readouterr()


def test_signing_out_erases_the_files(signed_in: Cli, tmp_path: Path) -> None:
    assert signed_in("sign-out") == 0

    assert list((tmp_path / "app" / "accounts").iterdir()) == []
    assert signed_in("jobs") == 4


def test_sync_with_nobody_there_ends_with_five(
    signed_in: Cli, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """T-25."""
    [folder] = (tmp_path / "app" / "accounts").iterdir()
    described = folder / "account.json"
    described.write_text(described.read_text().replace("http://127.0.0.1", "http://127.0.0.2"))
    signed_in("do", "note", "DJ-00002", "x")
    capsys.readouterr()

    assert signed_in("sync") == 5

    said = capsys.readouterr()
    assert "Le serveur ne répond pas" in said.err
    assert "1 élément reste sur l’appareil, en sécurité" in said.err
    assert "Synchronisé" not in said.out


def test_status_tells_the_clock_that_is_wrong(
    signed_in: Cli, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """T-22."""
    import sqlite3  # noqa: PLC0415 - one test reaches into the file

    [folder] = (tmp_path / "app" / "accounts").iterdir()
    with sqlite3.connect(folder / "replica.db") as db:
        db.execute("INSERT OR REPLACE INTO meta VALUES ('skew_ms', '7200000')")
    db.close()

    assert signed_in("status") == 0

    assert "avance de 120 minutes" in capsys.readouterr().err


def test_rescue_file_is_written_without_a_network(
    signed_in: Cli, office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """T-24: Karim sends Marc's file from his own computer."""
    signed_in("do", "note", "DJ-00002", "secouru")
    capsys.readouterr()
    path = tmp_path / "marc.gfr"

    assert signed_in("rescue", "export", str(path)) == 0
    assert "1 opération(s)" in capsys.readouterr().out
    karim = ("--data-dir", str(tmp_path / "karim"))
    signed_in(*karim, "sign-in", "karim@example.com", "--password-stdin", stdin=PASSWORD + "\n")
    assert signed_in(*karim, "rescue", "send", str(path)) == 0

    notes: Any = office.body(key(2))["notes"]
    assert "secouru" in [note["text"] for note in notes]


def test_rescue_file_that_is_none_is_refused(signed_in: Cli, tmp_path: Path) -> None:
    path = tmp_path / "x.gfr"
    path.write_bytes(b"not a rescue file")
    karim = ("--data-dir", str(tmp_path / "karim"))
    signed_in(*karim, "sign-in", "karim@example.com", "--password-stdin", stdin=PASSWORD + "\n")

    assert signed_in(*karim, "rescue", "send", str(path)) == 3


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(
    "words", [(), ("sign-in",), ("sync",), ("do",), ("do", "equipment-swap"), ("rescue",), ("web",)]
)
def test_help_explains_itself_in_either_language(
    run: Cli, language: str, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("--lang", language, *words, "--help") == 0
    assert "field-app" in capsys.readouterr().out


def test_version_is_printed(run: Cli, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--version") == 0
    assert capsys.readouterr().out.startswith("field-app ")


def test_setting_that_makes_no_sense_ends_with_two(
    run: Cli, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GIGAFIELD_WEB_PORT", "a door")

    assert run("status") == 2
    assert "GIGAFIELD_WEB_PORT" in capsys.readouterr().err


def test_english_is_spoken_when_asked_for(run: Cli, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--lang", "en", "jobs") == 4
    assert "Sign this device in first" in capsys.readouterr().err


def test_job_is_shown_for_people_with_its_steps_and_what_was_done(
    signed_in: Cli, capsys: pytest.CaptureFixture[str]
) -> None:
    signed_in("do", "note", "DJ-00002", "Chien méchant")
    capsys.readouterr()

    assert signed_in("show", "dj-00002") == 0

    said = capsys.readouterr().out
    assert "DJ-00002  Installer 2" in said
    assert "2 rue de la Forêt, Sainte-Béatrix (LOC-00002)" in said
    assert "* 2 Niveau optique (attend une autre étape)  <s2>" in said
    assert "Chien méchant" in said
    assert "ajout : Note — sur cet appareil (attend le prochain contact" in said


def test_nothing_to_list_is_said(signed_in: Cli, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    for words in (
        ("reviews",),
        ("search", "xyzzy"),
        ("identity", "00:00:5E:00:53:01"),
        ("jobs", "--day", "1999-01-01"),
        ("outbox",),
    ):
        assert signed_in(*words) == 0

    said = capsys.readouterr().out.splitlines()
    assert said == [
        "Rien n’attend de décision.",
        "Rien trouvé.",
        "00:00:5E:00:53:01 n’est inscrit nulle part.",
        "Aucune tâche (1999-01-01).",
        "Rien à envoyer",
    ]
