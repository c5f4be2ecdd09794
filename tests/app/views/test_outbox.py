"""The outbox, its entries and offers as they are drawn."""

import asyncio
from pathlib import Path

import flet as ft
import pytest

from field_app.ports import Progress, Standing
from field_app.state.place import Part, Place, Room
from field_app.theme import Look, Mode, Tone
from field_app.views.day.today import TodayScreen
from field_app.views.job.job import JobScreen
from field_app.views.sending.outbox import OutboxScreen
from field_app.views.sending.review import EntryScreen
from field_core.status import JobStatus
from tests.app.at_work import LocalAccount, workspace
from tests.app.flet_page import controls, flet_page, identified, press, settle, texts, type_in
from tests.app.making import NOON_MS
from tests.app.state.reviewed import refused, review, verdict
from tests.app.views import scene

UNTIL = "2026-04-28T21:00:00.000Z"


@pytest.fixture
def account(tmp_path: Path) -> LocalAccount:
    return LocalAccount(tmp_path)


def entry(of: str) -> Place:
    return Place(Room.OUTBOX, of, Part.ENTRY)


def is_there(page: ft.Page, name: str) -> bool:
    return any(isinstance(c, ft.Semantics) and c.identifier == name for c in controls(page))


async def answer(page: ft.Page, button: str, asked: str, text: str) -> None:
    """Press what asks for a text, and give one."""
    asking = asyncio.create_task(press(page, identified(page, button)))
    await settle()
    await type_in(page, identified(page, f"{asked}-field"), text)
    await press(page, identified(page, f"{asked}-confirm"))
    await asking


async def test_each_line_says_what_was_done_on_which_job_and_where_it_stands(
    account: LocalAccount,
) -> None:
    key = account.has_job()
    await account.edit(lambda acts: acts.do_step(key, "s1", None))
    async with flet_page() as page:
        page.render(OutboxScreen, scene(), workspace(account))
        await settle()

        shown = texts(page)
        assert "Étape 1 « Arrivé » : faite" in shown
        assert "à l’instant · DJ-00001 · Installation 1" in shown
        assert "sur cet appareil" in shown
        assert "attend le serveur" in shown
        assert "En attente sur cet appareil (1)" in shown
        assert "1 geste à envoyer" in shown


async def test_outbox_speaks_english(account: LocalAccount) -> None:
    key = account.has_job()
    await account.edit(lambda acts: acts.do_step(key, "s1", None))
    async with flet_page() as page:
        page.render(OutboxScreen, scene("en"), workspace(account))
        await settle()

        assert "Step 1 “Arrived”: done" in texts(page)


async def test_failure_is_said_with_when_and_nothing_is_green(account: LocalAccount) -> None:
    """T-25."""
    account.standing = Standing(
        "idle", "captive-portal", NOON_MS - 7_200_000, 0, 0, failure_ms=NOON_MS - 60_000
    )
    at = workspace(account)
    async with flet_page() as page:
        page.render(OutboxScreen, scene(look=Look(Mode.LIGHT)), at)
        await settle()

        assert "portail" in texts(page)
        assert "(dernier essai : 2026-04-27 11:59)" in texts(page)
        assert "Dernier contact : 2 heures" in texts(page)
        good = scene().palette.ink_of(Tone.GOOD)
        icons = [c for c in controls(identified(page, "sync-summary")) if isinstance(c, ft.Icon)]
        assert [icon.color == good for icon in icons] == [False]


async def test_synchronise_is_the_one_thing_to_do_and_tells_the_truth(
    account: LocalAccount,
) -> None:
    """T-25."""
    account.sync_code = "captive-portal"
    async with flet_page() as page:
        page.render(OutboxScreen, scene(), workspace(account))
        await settle()

        await press(page, identified(page, "sync-now"))

        assert "portail" in texts(page)


async def test_first_sync_shows_how_far_it_has_come(account: LocalAccount) -> None:
    account.standing = Standing(
        "syncing", None, None, 0, 0, progress=Progress(120, 465, 20_000, 43_000)
    )
    async with flet_page() as page:
        page.render(OutboxScreen, scene(), workspace(account))
        await settle()

        assert "120 sur 465 documents" in texts(page)
        assert is_there(page, "sync-progress")


async def test_what_the_office_has_unfolds(account: LocalAccount) -> None:
    key = account.has_job()
    verdict(account, await account.edit(lambda acts: acts.note(key, "Vu")), office="stored")
    async with flet_page() as page:
        page.render(OutboxScreen, scene(), workspace(account))
        await settle()
        assert "Note : « Vu »" not in texts(page)

        await press(page, identified(page, "fold-office"))

        assert "Note : « Vu »" in texts(page)


async def test_empty_outbox_says_what_it_is_for(account: LocalAccount) -> None:
    async with flet_page() as page:
        page.render(OutboxScreen, scene(), workspace(account))
        await settle()

        assert "Rien à envoyer" in texts(page)


async def test_long_outbox_holds_few_rows(account: LocalAccount) -> None:
    key = account.has_job()
    for n in range(220):
        await account.edit(lambda acts, n=n: acts.note(key, f"{n}"))  # type: ignore[misc]  # bound now
    async with flet_page() as page:
        page.render(OutboxScreen, scene(), workspace(account))
        await settle()

        entries = [
            c
            for c in controls(page)
            if isinstance(c, ft.Semantics) and str(c.identifier).startswith("entry-")
        ]
        assert len(entries) == 180


async def test_refusal_is_said_and_leads_back_to_the_job(account: LocalAccount) -> None:
    key = account.has_job()
    made = await account.edit(lambda acts: acts.note(key, "x"))
    refused(account, made, problem="invalid-value", details={"field": "qty"})
    at = workspace(account)
    async with flet_page() as page:
        page.render(OutboxScreen, scene(), at)
        await settle()
        assert "La valeur de « Quantité » n’est pas acceptée." in texts(page)
        await press(page, identified(page, f"entry-{made.id}"))
        assert at.navigator.place == entry(made.id)

        page.render(EntryScreen, scene(), at, entry(made.id))
        await settle()
        assert "Votre travail est gardé tel quel." in texts(page)
        await press(page, identified(page, "edit-again"))

        assert at.navigator.place == Place(Room.TODAY, key)


async def test_refusal_is_put_aside_with_an_explanation(account: LocalAccount) -> None:
    key = account.has_job()
    made = await account.edit(lambda acts: acts.note(key, "x"))
    refused(account, made, problem="invalid-value")
    at = workspace(account)
    async with flet_page() as page:
        page.render(EntryScreen, scene(), at, entry(made.id))
        await settle()

        await answer(page, "set-aside", "set-aside-reason", "Fait sur papier")

    notes = account.body(key)["notes"]
    assert isinstance(notes, list)
    assert "Fait sur papier" in str(notes)


async def test_clash_shows_both_values_and_that_the_office_decides(account: LocalAccount) -> None:
    """T-16."""
    key = account.has_job()
    about = review(account, 6, key, field="closed_reason", kept='"Absent"', lost='"Porte barrée"')
    async with flet_page() as page:
        page.render(EntryScreen, scene(), workspace(account), entry(about))
        await settle()

        shown = texts(page)
        assert "Deux valeurs pour « Raison »" in shown
        assert "Absent" in shown
        assert "Gardé — le bureau" in shown
        assert "Porte barrée" in shown
        assert "Mis de côté — DT-00001, 2026-04-27 09:00" in shown
        assert "Le bureau n’a pas encore décidé." in shown


async def test_decision_is_told(account: LocalAccount) -> None:
    key = account.has_job()
    about = review(
        account,
        6,
        key,
        field="closed_reason",
        lost='"Porte barrée"',
        state="closed",
        resolution="apply",
        resolved_by="karim@example.com",
        resolved_at="2026-04-27T18:00:00.000Z",
    )
    async with flet_page() as page:
        page.render(EntryScreen, scene(), workspace(account), entry(about))
        await settle()

        assert (
            "Décision : appliquer ce qui avait été écarté — karim@example.com, 2026-04-27 14:00"
        ) in texts(page)


async def test_person_who_decides_reads_what_the_erp_said(account: LocalAccount) -> None:
    key = account.has_job()
    about = review(
        account,
        6,
        key,
        field="closed_reason",
        lost='"x"',
        message="Raison : au plus 140 caractères",
    )
    async with flet_page() as page:
        page.render(EntryScreen, scene(), workspace(account), entry(about))
        await settle()

        said = "Le système du bureau a répondu : « Raison : au plus 140 caractères »"
        assert said in texts(page)


async def test_late_work_is_listed_on_a_job_that_says_who_cancelled_it(
    account: LocalAccount,
) -> None:
    """T-18."""
    key = account.has_job(
        status="Cancelled", cancelled_at="2026-04-27T13:20:00.000Z", cancelled_by="Sophie L"
    )
    made = await account.edit(lambda acts: acts.note(key, "Gaine posée"))
    verdict(account, made, office="waiting")
    about = review(account, 6, key, reason="late-work")
    at = workspace(account)
    async with flet_page() as page:
        page.render(JobScreen, scene(), at, Place(key=key))
        await settle()
        assert "Annulé le 2026-04-27 09:20 par Sophie L." in texts(page)
        await press(page, identified(page, "see-attention"))
        assert at.navigator.place == entry(about)

        page.render(EntryScreen, scene(), at, entry(about))
        await settle()
        assert "Tout ce que vous y avez fait est reçu et gardé" in texts(page)
        assert "Inscriptions : 1, dont fichiers : 0" in texts(page)
        assert "Note : « Gaine posée »" in texts(page)


async def test_entry_that_is_gone_says_so(account: LocalAccount) -> None:
    async with flet_page() as page:
        page.render(EntryScreen, scene(), workspace(account), entry("nowhere"))
        await settle()

        assert "Ce n’est plus dans les envois" in texts(page)


async def test_unsent_entry_offers_to_sync(account: LocalAccount) -> None:
    key = account.has_job()
    made = await account.edit(lambda acts: acts.move(key, JobStatus.EN_ROUTE))
    async with flet_page() as page:
        page.render(EntryScreen, scene(), workspace(account), entry(made.id))
        await settle()

        assert is_there(page, "sync-now")
        assert is_there(page, "open-job")


async def test_offer_is_accepted_offline_and_only_requested(account: LocalAccount) -> None:
    key = account.has_job(assigned_technician=None, status="Open", offered_until=UNTIL)
    at = workspace(account)
    async with flet_page() as page:
        page.render(JobScreen, scene(), at, Place(key=key))
        await settle()
        assert "Travail offert jusqu’au mar 28 avril, 17:00" in texts(page)
        assert not is_there(page, "move-Accepted")

        await press(page, identified(page, "offer-accept"))
        account.tell_news()
        await settle()

        assert "Demandé. Il sera à vous si le serveur vous le confirme" in texts(page)
        assert not is_there(page, "offer-accept")


async def test_offer_is_declined_with_a_reason(account: LocalAccount) -> None:
    key = account.has_job(assigned_technician=None, status="Open", offered_until=UNTIL)
    async with flet_page() as page:
        page.render(JobScreen, scene(), workspace(account), Place(key=key))
        await settle()

        await answer(page, "offer-decline", "offer-reason", "Trop loin")
        account.tell_news()
        await settle()

        assert "Vous avez refusé cette offre." in texts(page)
        assert is_there(page, "offer-accept")
    assert "Trop loin" in str(account.body(key)["responses"])


async def test_list_of_offers_is_drawn_with_what_was_answered(account: LocalAccount) -> None:
    key = account.has_job(
        assigned_technician=None, status="Open", offered_until=UNTIL, scheduled_time=None
    )
    await account.edit(lambda acts: acts.accept_offer(key))
    async with flet_page() as page:
        page.render(TodayScreen, scene(), workspace(account))
        await settle()

        await press(page, identified(page, "choice-offers"))

        assert "Travaux offerts" in texts(page)
        assert "Jusqu’au mar 28 avril, 17:00" in texts(page)
        assert "demandé" in texts(page)
