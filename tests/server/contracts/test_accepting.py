"""CT-10: a residential contract accepted by its customer through a signed link, with evidence."""

import hashlib
import json
from typing import Any

import httpx
import pytest
from sqlalchemy import delete, select, update

from server_sync.accounts.claims import sign_claims
from server_sync.billing.messages import Letter, Sent
from server_sync.contracts.acceptance import evidence as chain
from server_sync.contracts.acceptance.acceptances import Acceptances
from server_sync.store.schema import acceptance, evidence, message_out
from tests.server.billing.browser import Browser, text_of
from tests.server.billing.shop import EMAIL, Shop, shop_in
from tests.server.contracts.signed import Signed, signed_in
from tests.server.http.serving import served

WEEK_MS = 7 * 24 * 3_600_000


@pytest.fixture
def drafted(tmp_path: Any) -> Any:  # noqa: ANN401 - pytest's path; a generator
    with shop_in(tmp_path / "shop", stocked=False) as shop:
        yield signed_in(shop, status="Draft")


@pytest.fixture
def browser(drafted: Signed) -> Any:  # noqa: ANN401 - a generator
    with served(drafted.shop.server.app) as base:
        yield Browser(base)


def acceptances(shop: Shop) -> Acceptances:
    found = shop.server.context.contracts
    assert found is not None
    return found.acceptances


async def offer(drafted: Signed, channel: str = "email") -> httpx.Response:
    clerk = await drafted.clerk()
    path = f"/v1/contracts/{drafted.contract}/offer"
    return await drafted.shop.client.post(path, json={"channel": channel}, headers=clerk.headers)


def messages(shop: Shop) -> list[Any]:
    with shop.server.store.read() as connection:
        return [*connection.execute(select(message_out).order_by(message_out.c.id))]


def link_in(shop: Shop) -> str:
    return str(messages(shop)[-1].content.rpartition(" ")[2])


def rows(shop: Shop) -> list[Any]:
    with shop.server.store.read() as connection:
        return [*connection.execute(select(evidence).order_by(evidence.c.id))]


async def test_ct10_contract_is_read_accepted_and_put_in_force(
    drafted: Signed, browser: Browser
) -> None:
    assert (await offer(drafted)).status_code == 202
    assert drafted.shop.read("Service Contract", drafted.contract)["status"] == "Sent"

    page = browser.follow(browser.get(link_in(drafted.shop)))
    assert "Internet fibre 500" in text_of(page)
    assert "24 mois, jusqu’au 14 juin 2027" in text_of(page)
    drafted.shop.clock.ms += 90_000
    done = browser.submit(page, consent="yes", act="accept")
    assert "Contrat accepté" in text_of(done)
    assert await acceptances(drafted.shop).tell() == 1

    contract = drafted.shop.read("Service Contract", drafted.contract)
    assert (contract["status"], contract["signature_method"]) == ("Active", "Lien JWT")
    assert contract["signed_at"].startswith("2026-04-23 08:01:30")
    assert len(drafted.documents("Comment")) == 1
    assert await acceptances(drafted.shop).tell() == 0


async def test_ct10_evidence_says_who_what_when_and_hangs_together(
    drafted: Signed, browser: Browser
) -> None:
    await offer(drafted)
    page = browser.follow(browser.get(link_in(drafted.shop)))
    drafted.shop.clock.ms += 90_000
    browser.submit(page, consent="yes", act="accept")

    (row,) = rows(drafted.shop)
    told = json.loads(row.body)
    assert told["act"] == "accepted"
    assert (told["at_utc"], told["at_local"]) == (
        "2026-04-23T12:01:30+00:00",
        "2026-04-23T08:01:30-04:00",
    )
    assert (told["address"], told["seconds_on_page"]) == ("127.0.0.1", 90)
    assert (told["channel"], told["tail"]) == ("email", EMAIL[-4:])
    assert told["consent"] == "J’ai lu ce contrat et je l’accepte."
    with drafted.shop.server.store.read() as connection:
        sent = connection.execute(select(acceptance)).one()
    store = drafted.shop.server.blobs.store
    shown, pdf = store.read(sent.html_sha256), store.read(sent.pdf_sha256)
    assert shown.decode() in page.text
    assert pdf.startswith(b"%PDF-")
    assert hashlib.sha256(shown).hexdigest() == sent.html_sha256
    assert told["doc_hash"] == sent.doc_hash


async def test_ct10_confirmation_carries_the_contract(drafted: Signed, browser: Browser) -> None:
    await offer(drafted)
    page = browser.follow(browser.get(link_in(drafted.shop)))
    browser.submit(page, consent="yes", act="accept")
    kept: list[Letter] = []

    class Post:
        async def send(self, letter: Letter) -> Sent:
            kept.append(letter)
            return Sent.DONE

    outbox = drafted.shop.billing.outbox
    outbox.senders["email"] = Post()
    await outbox.send_due()

    invited, confirmed = kept
    assert (invited.pdf, confirmed.recipient) == (None, EMAIL)
    assert confirmed.pdf is not None
    assert confirmed.pdf.startswith(b"%PDF-")
    copy = browser.follow(browser.get(confirmed.content.rpartition(" ")[2]))
    assert "Contrat accepté" in text_of(copy)


async def test_contract_is_accepted_once_whoever_sends_the_form_again(
    drafted: Signed, browser: Browser
) -> None:
    await offer(drafted)
    page = browser.follow(browser.get(link_in(drafted.shop)))
    browser.submit(page, consent="yes", act="accept")

    again = browser.submit(page, consent="yes", act="refuse")

    assert again.status_code == 410
    assert len(rows(drafted.shop)) == 1


async def test_box_that_is_not_ticked_accepts_nothing(drafted: Signed, browser: Browser) -> None:
    await offer(drafted)
    page = browser.follow(browser.get(link_in(drafted.shop)))

    answer = browser.submit(page, consent="no", act="accept")

    assert answer.status_code == 422
    assert "Cochez d’abord la case" in text_of(answer)
    assert rows(drafted.shop) == []


async def test_refusal_is_noted_and_leaves_the_contract_as_it_is(
    drafted: Signed, browser: Browser
) -> None:
    await offer(drafted)
    page = browser.follow(browser.get(link_in(drafted.shop)))

    assert "Rien ne vous engage" in text_of(browser.submit(page, act="refuse"))

    assert await acceptances(drafted.shop).tell() == 1
    assert drafted.shop.read("Service Contract", drafted.contract)["status"] == "Sent"
    assert "refusé" in drafted.documents("Comment")[0]["content"]


async def test_contract_changed_since_it_was_sent_is_not_put_in_force(
    drafted: Signed, browser: Browser
) -> None:
    await offer(drafted)
    page = browser.follow(browser.get(link_in(drafted.shop)))
    browser.submit(page, consent="yes", act="accept")
    update_erp = drafted.shop.billing.till.client.update
    await update_erp("Service Contract", drafted.contract, {"monthly_rate": 99.95})

    assert await acceptances(drafted.shop).tell() == 1

    assert drafted.shop.read("Service Contract", drafted.contract)["status"] == "Sent"
    assert "modifié ici depuis l’envoi" in drafted.documents("Comment")[0]["content"]


async def test_new_offer_replaces_the_one_before_and_a_week_ends_it(
    drafted: Signed, browser: Browser
) -> None:
    await offer(drafted)
    first = link_in(drafted.shop)
    await offer(drafted, "sms")
    second = link_in(drafted.shop)
    assert browser.follow(browser.get(first)).status_code == 410
    assert browser.follow(browser.get(second)).status_code == 200

    drafted.shop.clock.ms += WEEK_MS

    assert browser.follow(browser.get(second)).status_code == 410


async def test_token_of_another_secret_or_audience_leads_nowhere(
    drafted: Signed, browser: Browser
) -> None:
    await offer(drafted)
    with drafted.shop.server.store.read() as connection:
        sent = connection.execute(select(acceptance)).one()
    claims = {"sub": sent.contract, "jti": sent.id, "exp": 2**33, "dh": sent.doc_hash}
    forged = sign_claims(claims, secret=b"x" * 32, audience="contract-accept")
    other = sign_claims(
        claims,
        secret=acceptances(drafted.shop).secret,
        audience="else",
    )
    unsigned = "eyJhbGciOiJub25lIn0." + forged.split(".")[1] + "."

    pages = {
        browser.get(f"/contract-accept?t={t}").text for t in (forged, other, unsigned, "", "é")
    }

    assert len(pages) == 1  # whatever is wrong, one answer
    assert browser.get("/contract-accept/none").text in pages


async def test_contract_in_force_is_not_sent_again(drafted: Signed) -> None:
    client = drafted.shop.billing.till.client
    await client.update("Service Contract", drafted.contract, {"status": "Active"})

    refused = await offer(drafted)

    assert (refused.status_code, refused.json()["code"]) == (409, "contract-not-active")


def test_evidence_that_was_changed_or_taken_away_is_found(drafted: Signed) -> None:
    database = drafted.shop.server.store.database
    for number in range(3):
        database.run(lambda c, n=number: chain.add(c, {"act": f"a{n}"}, now_ms=n))  # type: ignore[misc]  # a default that binds
    with database.read() as connection:
        assert chain.first_break(connection) is None

    with database.write() as connection:
        connection.execute(update(evidence).where(evidence.c.id == 2).values(body='{"act":"b"}'))
    with database.read() as connection:
        assert chain.first_break(connection) == 2
    with database.write() as connection:
        connection.execute(delete(evidence).where(evidence.c.id == 2))
    with database.read() as connection:
        assert chain.first_break(connection) == 3
