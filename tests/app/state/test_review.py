"""One entry of the outbox: both values, late work, and what a person can do about a refusal."""

import json
from pathlib import Path

import pytest

from field_app.i18n import Words
from field_app.ports import NewEquipment, ReviewLine, Section
from field_app.saying import say
from field_app.state.job.job import Job
from field_app.state.place import Part, Place, Room
from field_app.state.sending.outbox import Outbox
from field_app.state.sending.review import Review
from field_app.state.workspace import Workspace
from field_app.sync.acts.acting import rows_of
from field_core.status import JobStatus
from tests.app.at_work import LocalAccount, workspace
from tests.app.state.reviewed import refused, review, verdict

WORDS = Words("fr")


@pytest.fixture
def account(tmp_path: Path) -> LocalAccount:
    return LocalAccount(tmp_path)


@pytest.fixture
def at(account: LocalAccount) -> Workspace:
    account.arrives(700, {"name": "DT-00002", "full_name": "Nadia B."}, "Dispatch Technician")
    return workspace(account)


async def opened(at: Workspace, entry: str) -> Review:
    model = Review(at, entry)
    await model.refresh()
    return model


async def job_of(at: Workspace, key: str) -> Job:
    model = Job(at, key)
    await model.refresh()
    return model


async def test_clash_over_a_device_shows_both_values_with_who_and_when(
    account: LocalAccount, at: Workspace
) -> None:
    """T-16: Nadia had replaced the same box at 09:50; the job stays closable."""
    key = account.has_job()
    facts = {"name": "EQP-03310", "equipment_type": "TV Box", "service_location": "LOC-00001"}
    old = account.arrives(5, {**facts, "status": "Installed"}, doctype="Service Equipment")
    new = NewEquipment("TV Box", mac_address="00:1A:79:33:10:B2")
    made = await account.edit(lambda acts: acts.swap_equipment(key, old, new, "Brisé"))
    verdict(account, *made, said="merged", office="waiting")
    about = review(
        account,
        6,
        old,
        document_doctype="Service Equipment",
        document_name="EQP-03310",
        field="status",
        kept='"Retired"',
        lost='"To Return"',
        kept_by="DT-00002",
        kept_at="2026-04-27T13:50:00.000Z",
    )

    model = await opened(at, about)
    job = await job_of(at, key)

    line = model.review
    assert line is not None
    assert line.job is not None
    assert line.kept is not None
    assert line.lost is not None
    assert (line.job.key, line.is_open) == (key, True)
    assert say(WORDS, line.sentence) == "Deux valeurs pour « État » — Décodeur télé EQP-03310"
    assert [say(WORDS, line.kept), say(WORDS, line.lost)] == ["Retiré du service", "À retourner"]
    assert (line.kept_by, line.by) == ("Nadia B.", "DT-00001")
    assert (job.attention.reviews, job.attention.first) == (1, about)
    assert JobStatus.INCOMPLETE in [job.next_move, *job.other_moves]

    job.look()
    assert at.navigator.place == Place(Room.OUTBOX, about, Part.ENTRY)


async def test_late_work_lists_everything_that_was_accepted(
    account: LocalAccount, at: Workspace
) -> None:
    """T-18: cancelled at 09:20 by Sophie; what was done since is received, and counted alike."""
    key = account.has_job()
    await account.edit(lambda acts: acts.note(key, "avant"))
    account.clock.go(3_600_000)
    late = [await account.edit(lambda acts: acts.move(key, JobStatus.EN_ROUTE))]
    late += await account.edit(
        lambda acts: acts.add_equipment(key, NewEquipment("ONT", mac_address="00:1A:79:33:10:B2"))
    )
    verdict(account, *late, office="waiting")
    about = review(account, 6, key, reason="late-work", at=account.replica.outbox.entries()[0].at)

    model = await opened(at, about)

    assert model.detail is not None
    assert [say(WORDS, part.sentence) for part in model.detail.parts] == [
        "Équipement posé : ONT 00:1A:79:33:10:B2",
        "En route vers le client",
    ]
    assert sum(part.operations for part in model.detail.parts) == len(late)
    assert {part.section for part in model.detail.parts} == {Section.RECEIVED}
    assert model.act is None


async def test_late_work_on_a_job_that_left_the_device_is_still_told(
    account: LocalAccount, at: Workspace
) -> None:
    """T-18: the job was given to someone else."""
    key = account.has_job()
    about = review(account, 6, key, reason="late-work")
    account.replica.db.conn.execute("DELETE FROM view WHERE key = ?", (key,))

    model = await opened(at, about)

    assert model.review is not None
    assert model.review.job is not None
    assert (model.review.job.key, model.review.job.label) == (None, "DJ-00001")
    assert not model.can_open_job
    model.open_job()
    assert at.navigator.place == Place()


async def test_decision_of_the_office_is_told_with_who_decided(
    account: LocalAccount, at: Workspace
) -> None:
    key = account.has_job()
    about = review(
        account,
        6,
        key,
        field="closed_reason",
        kept='"Absent"',
        lost='"Porte barrée"',
        state="closed",
        resolution="apply",
        resolved_by="karim@example.com",
        resolved_at="2026-04-27T18:00:00.000Z",
    )

    model = await opened(at, about)
    job = await job_of(at, key)

    assert model.review is not None
    assert (model.review.is_open, model.review.section) == (False, Section.OFFICE)
    assert (model.review.resolution, model.review.resolved_by) == ("apply", "karim@example.com")
    assert job.attention.reviews == 0


async def test_review_of_an_operation_that_is_here_is_no_entry_of_its_own(
    account: LocalAccount, at: Workspace
) -> None:
    key = account.has_job()
    made = await account.edit(lambda acts: acts.note(key, "x"))
    refused(account, made, problem="reason-needed")
    kept = account.replica.outbox.entries()[0].operation
    review(account, 6, key, reason="reason-needed", operation=json.dumps(kept))
    other = review(
        account, 7, key, reason="row-missing", operation=json.dumps({**kept, "id": "old"})
    )

    outbox = Outbox(at)
    await outbox.refresh()
    model = await opened(at, made.id)

    assert outbox.page is not None
    assert [entry.id for entry in outbox.page.entries] == [made.id, other]
    assert isinstance(model.review, ReviewLine)
    assert model.review.reason == "reason-needed"


async def test_what_needs_a_person_leads_to_the_job_and_can_be_put_aside_with_a_reason(
    account: LocalAccount, at: Workspace
) -> None:
    key = account.has_job()
    made = await account.edit(lambda acts: acts.move(key, JobStatus.EN_ROUTE))
    refused(account, made, problem="steps-missing", details={"steps": "Arrivé"})
    model = await opened(at, made.id)
    assert (model.needs_person, model.can_open_job, model.can_send) == (True, True, False)
    model.open_job()
    assert at.navigator.place == Place(Room.TODAY, key)

    await model.set_aside("  C’est fait sur papier  ")
    await model.refresh()
    job = await job_of(at, key)

    assert model.act is not None
    assert model.act.section is Section.REVIEW
    notes = rows_of(account.body(key), "notes")
    assert [note["text"] for note in notes] == ["C’est fait sur papier"]
    assert (job.attention.needs_you, job.attention.reviews) == (0, 1)


async def test_putting_aside_without_a_reason_writes_nothing_on_the_job(
    account: LocalAccount, at: Workspace
) -> None:
    key = account.has_job()
    made = await account.edit(lambda acts: acts.note(key, "x"))
    refused(account, made, problem="invalid-value")
    before = account.replica.outbox.pending_count()
    model = await opened(at, made.id)

    await model.set_aside("")
    await model.set_aside("")

    assert account.replica.outbox.pending_count() == before


async def test_entry_that_is_gone_says_so(at: Workspace) -> None:
    model = await opened(at, "nowhere")

    assert (model.is_gone, model.act, model.review, model.can_open_job) == (True, None, None, False)
    await model.set_aside("x")
    assert at.notices.current is not None
    assert at.notices.current.problem is not None


async def test_entry_reads_again_on_news_and_standing(account: LocalAccount, at: Workspace) -> None:
    model = Review(at, "x")
    turns: list[int] = []
    forget = model.follow(lambda: turns.append(1))

    account.tell_news()
    account.stand(account.standing)
    forget()
    account.tell_news()

    assert len(turns) == 2
