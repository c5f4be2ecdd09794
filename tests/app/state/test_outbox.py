"""The outbox over a real replica: sections, what blocks, what a person can do."""

# ruff: noqa: ANN401 - JSON of any shape

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from field_app.i18n import Words
from field_app.ports import NewEquipment, OutboxEntry, OutboxLine, Section, SendState
from field_app.saying import say, say_problem
from field_app.state.place import Part, Place, Room
from field_app.state.sending.outbox import Heading, Outbox
from field_app.state.sending.review import Review
from field_app.state.workspace import Workspace
from field_app.sync.acts import Photo
from field_core.status import JobStatus
from tests.app.at_work import LocalAccount, workspace
from tests.app.state.reviewed import verdict

PNG = bytes.fromhex("89504e470d0a1a0a") + bytes(2_000)
WORDS = Words("fr")


@pytest.fixture
def account(tmp_path: Path) -> LocalAccount:
    return LocalAccount(tmp_path)


@pytest.fixture
def at(account: LocalAccount) -> Workspace:
    return workspace(account)


async def read(at: Workspace, *, with_office: bool = False) -> Outbox:
    model = Outbox(at)
    await model.refresh()
    if with_office:
        await model.toggle_office()
    return model


def told(rows: Sequence[Heading | OutboxEntry]) -> list[tuple[str, str]]:
    """Return each entry's section and sentence."""
    return [
        (row.section.value, say(WORDS, row.sentence))
        for row in rows
        if not isinstance(row, Heading)
    ]


def lines(model: Outbox) -> list[OutboxLine]:
    return [row for row in model.rows if isinstance(row, OutboxLine)]


async def test_every_unsent_thing_is_there_in_words_with_its_job(
    account: LocalAccount, at: Workspace
) -> None:
    """T-02: travel and arrival, both on this phone."""
    key = account.has_job()
    await account.edit(lambda acts: acts.move(key, JobStatus.EN_ROUTE))
    account.clock.go(60_000)
    await account.edit(lambda acts: acts.move(key, JobStatus.ON_SITE))

    model = await read(at)

    assert told(model.rows) == [
        ("waiting", "Arrivé sur place"),
        ("waiting", "En route vers le client"),
    ]
    first = lines(model)[0]
    assert first.state is SendState.ON_DEVICE
    assert first.job is not None
    assert (first.job.key, first.job.label, first.job.subject) == (
        key,
        "DJ-00001",
        "Installation 1",
    )
    assert first.blocks is not None
    assert say(WORDS, first.blocks) == "attend le serveur"
    assert model.left == 2


async def test_sections_follow_the_servers_word_and_nothing_else(
    account: LocalAccount, at: Workspace
) -> None:
    key = account.has_job()
    made = [await account.edit(lambda acts, n=n: acts.note(key, f"{n}")) for n in range(5)]  # type: ignore[misc]  # bound now
    verdict(account, made[0], office="stored")
    verdict(account, made[1], office="waiting")
    verdict(account, made[2], said="parked", office="review", problem="changed-since")
    verdict(account, made[3], said="rejected", office="review", problem="reason-needed")

    model = await read(at, with_office=True)

    assert told(model.rows) == [
        ("needs-you", "Note : « 3 »"),
        ("review", "Note : « 2 »"),
        ("waiting", "Note : « 4 »"),
        ("received", "Note : « 1 »"),
        ("office", "Note : « 0 »"),
    ]
    assert [line.state for line in lines(model)] == [
        SendState.NEEDS_YOU,
        SendState.NEEDS_REVIEW,
        SendState.ON_DEVICE,
        SendState.RECEIVED,
        SendState.IN_OFFICE,
    ]
    assert [row.section for row in model.rows if isinstance(row, Heading)] == [*Section]


async def test_what_the_office_has_is_folded_until_it_is_asked_for(
    account: LocalAccount, at: Workspace
) -> None:
    key = account.has_job()
    verdict(account, await account.edit(lambda acts: acts.note(key, "x")), office="stored")

    model = await read(at)
    assert model.rows == [Heading(Section.OFFICE, 1, is_folded=True)]
    assert not model.is_empty

    await model.toggle_office()
    assert [type(row).__name__ for row in model.rows] == ["Heading", "OutboxLine"]


async def test_swap_is_one_line_that_opens_to_its_parts(
    account: LocalAccount, at: Workspace
) -> None:
    """T-15."""
    key = account.has_job()
    old = account.arrives(
        5,
        {
            "name": "EQP-03310",
            "equipment_type": "TV Box",
            "status": "Installed",
            "service_location": "LOC-00001",
        },
        doctype="Service Equipment",
    )
    new = NewEquipment("TV Box", mac_address="00:1A:79:33:10:B2")
    await account.edit(lambda acts: acts.swap_equipment(key, old, new, "Brisé"))

    model = await read(at)

    [line] = lines(model)
    assert say(WORDS, line.sentence) == (
        "Équipement remplacé : Décodeur télé EQP-03310 par Décodeur télé 00:1A:79:33:10:B2"
    )
    assert line.operations == 4
    assert line.job is not None
    assert line.job.label == "DJ-00001"
    detail = account.reading.outbox_entry(line.id)
    assert detail is not None
    assert [say(WORDS, part.sentence) for part in detail.parts] == [
        "Équipement retiré : Décodeur télé EQP-03310 — Brisé",
        "Équipement posé : Décodeur télé 00:1A:79:33:10:B2",
        "Retrait inscrit au travail : appareil EQP-03310",
        "Pose inscrite au travail : appareil 00:1A:79:33:10:B2",
    ]


async def test_edit_of_a_device_that_the_office_does_not_know_waits_for_it(
    account: LocalAccount, at: Workspace
) -> None:
    key = account.has_job()
    made = await account.edit(
        lambda acts: acts.add_equipment(key, NewEquipment("ONT", mac_address="00:1A:79:33:10:B2"))
    )
    device = made[0].key
    await account.edit(lambda acts: acts.remove_equipment(key, device, "Mauvais modèle"))

    latest = lines(await read(at))[0]

    assert latest.blocks is not None
    assert say(WORDS, latest.blocks) == "attend la création de : ONT 00:1A:79:33:10:B2"


async def photographed(account: LocalAccount, key: str) -> Any:
    photo = Photo(content=PNG, mime="image/png")
    return await account.edit(lambda acts: acts.photo(key, photo))


async def test_photo_stays_on_this_device_until_all_of_it_is_received(
    account: LocalAccount, at: Workspace
) -> None:
    """T-19: its row was received, its bytes are not."""
    key = account.has_job()
    made = await photographed(account, key)
    verdict(account, made, office="stored")
    account.replica.db.conn.execute("UPDATE blob SET got = size * 4 / 10")

    model = await read(at)

    [line] = lines(model)
    assert (line.section, line.state) == (Section.WAITING, SendState.ON_DEVICE)
    assert line.sent == pytest.approx(0.4, abs=0.01)
    assert model.page is not None
    assert model.page.files_left == 1
    assert model.page.bytes_left == len(PNG) - len(PNG) * 4 // 10

    account.replica.db.conn.execute("UPDATE blob SET verified_ms = 1")
    await model.refresh()
    assert model.page.counts[Section.OFFICE] == 1


async def test_file_that_was_stopped_needs_a_person_who_may_send_it_again(
    account: LocalAccount, at: Workspace
) -> None:
    key = account.has_job()
    made = await photographed(account, key)
    account.replica.db.conn.execute("UPDATE blob SET problem = 'not-allowed'")
    review = Review(at, made.id)
    await review.refresh()
    assert review.needs_person
    assert review.can_try_file_again

    await review.try_file_again()
    await review.refresh()

    assert (review.needs_person, review.can_send) == (False, True)


async def test_refusal_says_why_with_fields_called_by_their_names(
    account: LocalAccount, at: Workspace
) -> None:
    key = account.has_job()
    made = await account.edit(lambda acts: acts.note(key, "x"))
    verdict(
        account,
        made,
        said="rejected",
        office="review",
        problem="invalid-value",
        details={"field": "mac_address"},
    )

    [line] = lines(await read(at))

    assert line.problem is not None
    assert say_problem(WORDS, line.problem) == "La valeur de « Adresse MAC » n’est pas acceptée."


async def test_refusal_of_a_later_version_is_still_a_sentence(
    account: LocalAccount, at: Workspace
) -> None:
    key = account.has_job()
    made = await account.edit(lambda acts: acts.note(key, "x"))
    verdict(account, made, said="parked", office="review", problem="unheard-of")

    [line] = lines(await read(at))

    assert line.problem is not None
    assert line.problem.code == "internal"


async def test_second_edit_after_a_lost_reply_is_a_line_of_its_own(
    account: LocalAccount, at: Workspace
) -> None:
    """T-20."""
    key = account.has_job()
    first = await account.edit(lambda acts: acts.do_step(key, "s1", None))
    second = await account.edit(lambda acts: acts.do_step(key, "s2", -24.1))
    verdict(account, first, office="waiting")
    verdict(account, first, office="waiting")

    model = await read(at)

    assert told(model.rows) == [
        ("waiting", "Étape 2 « Niveau » : −24,1"),
        ("received", "Étape 1 « Arrivé » : faite"),
    ]
    assert lines(model)[0].id == second.id


async def test_job_that_left_the_device_is_said_to_have(
    account: LocalAccount, at: Workspace
) -> None:
    key = account.has_job()
    await account.edit(lambda acts: acts.note(key, "x"))
    account.replica.db.conn.execute("DELETE FROM view WHERE key = ?", (key,))

    [line] = lines(await read(at))

    assert line.job is not None
    assert line.job.key is None


async def test_only_a_stretch_of_a_long_outbox_is_read(
    account: LocalAccount, at: Workspace
) -> None:
    key = account.has_job()
    for n in range(250):
        account.clock.go(1_000)
        await account.edit(lambda acts, n=n: acts.note(key, f"{n}"))  # type: ignore[misc]  # bound now
    model = await read(at)
    assert (len(lines(model)), model.window.total) == (180, 250)
    assert told(model.rows)[0][1] == "Note : « 249 »"

    await model.scrolled(240 * 100.0, row_px=100.0)

    assert len(lines(model)) <= 180
    assert told(model.rows)[-1][1] == "Note : « 0 »"


async def test_entry_opens_and_news_makes_it_read_again(
    account: LocalAccount, at: Workspace
) -> None:
    key = account.has_job()
    made = await account.edit(lambda acts: acts.note(key, "x"))
    model = await read(at)
    turns: list[int] = []
    forget = model.follow(lambda: turns.append(1))

    account.tell_news()
    account.stand(account.standing)
    forget()
    account.tell_news()
    model.open(lines(model)[0])

    assert len(turns) == 2
    assert at.navigator.place == Place(Room.OUTBOX, made.id, Part.ENTRY)
    assert at.navigator.place.parent == Place(Room.OUTBOX)


async def test_outbox_without_anything_is_empty(at: Workspace) -> None:
    model = Outbox(at)
    assert (model.rows, model.left, model.is_empty) == ([], 0, False)

    await model.refresh()

    assert (model.rows, model.is_empty) == ([], True)
