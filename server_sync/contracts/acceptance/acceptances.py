"""Contracts offered for acceptance, decided on by their customers, told to the ERP afterwards."""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Connection, Row

from field_core.canon import Json
from field_core.problems import ProblemError
from field_core.termination import Regime
from server_sync.accounts.claims import read_claims, sign_claims
from server_sync.billing.archive import keep_bytes
from server_sync.billing.messages import EMAIL, SMS, queue
from server_sync.billing.till import Till
from server_sync.billing.words import say
from server_sync.blobs import BlobStore
from server_sync.contracts.acceptance import evidence, offers
from server_sync.contracts.acceptance.docuseal import Docuseal
from server_sync.contracts.acceptance.offers import State, Track
from server_sync.contracts.acceptance.paper import Paper, paper_of, text_of
from server_sync.contracts.acceptance.telling import Telling
from server_sync.contracts.held import Held, read_held
from server_sync.erp.failures import ErpUnavailable

Raw = dict[str, Any]
AUDIENCE: Final = "contract-accept"
LIFE_S: Final = 7 * 86_400
NUMBER_BYTES: Final = 16
OFFERABLE: Final = frozenset({"Draft", "Sent"})
_LABEL: Final = b"gf-accept/v1"
_SHOWN_S_MAX: Final = 7 * 86_400


@dataclass(frozen=True, slots=True)
class Visit:
    """Who decides, as the server sees them; none of it is asked of the browser's script."""

    language: str
    address: str
    agent: str
    shown_at_s: int
    """When the page that the form came from was drawn."""


@dataclass(frozen=True)
class Acceptances:
    """The service behind the acceptance of contracts."""

    till: Till
    store: BlobStore
    entropy: Callable[[int], bytes]
    page: str
    """Public address of the acceptance page."""
    docuseal: Docuseal | None
    telling: Telling
    follows_crtc: bool

    # --- the office offers

    async def offer(self, name: str, *, channel: str, actor: str) -> None:
        """Send a contract to its customer: a link, or through DocuSeal where it is commercial.

        Raises ProblemError `not-found`, `contract-not-active` (it was accepted or is over),
        `invalid-value` (channel, or a contract that cannot be read), `busy`, `pdf-unavailable`.
        """
        held = await read_held(self.till.client, name)
        if held.status not in OFFERABLE:
            raise ProblemError("contract-not-active", contract=held.name, status=held.status)
        if channel not in (SMS, EMAIL):
            raise ProblemError("invalid-value", field="channel")
        customer = await self.till.client.get("Customer", held.customer)
        language = "en" if str(customer.get("language") or "").startswith("en") else "fr"
        html = await self._text(held, customer, language)
        paper = await self.till.run(lambda: paper_of(held, html, language=language))
        for content in (paper.html.encode(), paper.pdf):
            await self.till.run(lambda c=content: keep_bytes(self.store, c), writes=True)  # type: ignore[misc]  # a default that binds
        row = self._row(held, paper, language=language, actor=actor)
        if held.contract.regime is Regime.COMMERCIAL:
            await self._through_docuseal(row, paper, str(customer.get("email_id") or ""))
        else:
            await self._by_link(row, customer, channel)
        await self.till.client.update("Service Contract", held.name, {"status": "Sent"})

    def _row(self, held: Held, paper: Paper, *, language: str, actor: str) -> Raw:
        now_ms = self.till.now_ms()
        return {
            "id": self.entropy(NUMBER_BYTES).hex(),
            "contract_key": held.key,
            "contract": held.name,
            "customer": held.customer,
            "language": language,
            "doc_hash": paper.doc_hash,
            "html_sha256": paper.html_sha256,
            "pdf_sha256": paper.pdf_sha256,
            "actor": actor,
            "state": State.OFFERED,
            "made_ms": now_ms,
            "expires_ms": now_ms + LIFE_S * 1000,
        }

    async def _by_link(self, row: Raw, customer: Raw, channel: str) -> None:
        to = str(customer.get("mobile_no" if channel == SMS else "email_id") or "").strip()
        if not to:
            raise ProblemError("invalid-value", field=channel)
        row |= {"track": Track.LINK, "channel": channel, "recipient": to, "tail": to[-4:]}
        url = f"{self.page}/{row['id']}"  # short: a token of 300 characters is no text message
        values = {"company": self.till.company.name, "contract": row["contract"], "url": url}

        def work(connection: Connection) -> None:
            offers.add(connection, row)
            queue(
                connection,
                channel=channel,
                recipient=to,
                subject=say(row["language"], "accept.subject", contract=row["contract"]),
                content=say(row["language"], "accept.message", **values),
                now_ms=self.till.now_ms(),
            )

        await self.till.write(work)

    async def _through_docuseal(self, row: Raw, paper: Paper, email: str) -> None:
        if self.docuseal is None:
            raise ProblemError("busy")
        if not email:
            raise ProblemError("invalid-value", field=EMAIL)
        external = await self.docuseal.submit(
            name=row["contract"], pdf=paper.pdf, email=email, number=row["id"]
        )
        row |= {"track": Track.DOCUSEAL, "channel": EMAIL, "recipient": email, "tail": email[-4:]}
        await self.till.write(lambda c: offers.add(c, {**row, "external": external}))

    async def _text(self, held: Held, customer: Raw, language: str) -> str:
        location = (
            await self.till.client.get("Service Location", held.location) if held.location else {}
        )
        return text_of(
            held,
            customer,
            location,
            company=self.till.company,
            follows_crtc=self.follows_crtc,
            language=language,
        )

    # --- the customer reads and decides

    def token(self, row: Row[Any]) -> str:
        """Return the token of an offer: the same one each time."""
        claims = {
            "sub": row.contract,
            "jti": row.id,
            "iat": row.made_ms // 1000,
            "exp": row.expires_ms // 1000,
            "dh": row.doc_hash,
        }
        return sign_claims(claims, secret=self.secret, audience=AUDIENCE)

    async def short(self, number: str) -> str | None:
        """Return the token that a short link stands for; None for one that is not ours."""
        row = await self.till.look(lambda c: offers.find(c, number))
        return self.token(row) if row and row.track == Track.LINK else None

    async def offer_of(self, token: str) -> Row[Any] | None:
        """Return the offer of a genuine token whose document is the one offered."""
        claims = read_claims(token, secret=self.secret, audience=AUDIENCE)
        if claims is None:
            return None
        row = await self.till.look(lambda c: offers.find(c, str(claims["jti"])))
        told = (claims["sub"], claims.get("dh"))
        return row if row is not None and told == (row.contract, row.doc_hash) else None

    def is_open(self, row: Row[Any]) -> bool:
        """Tell whether an offer may still be decided on."""
        return row.state == State.OFFERED and self.till.now_ms() < int(row.expires_ms)

    async def text(self, row: Row[Any]) -> str:
        """Return the exact text that was offered."""
        return (await self.till.run(lambda: self.store.read(row.html_sha256))).decode()

    async def document(self, sha256: str) -> bytes:
        """Return the PDF that was offered."""
        return await self.till.run(lambda: self.store.read(sha256))

    async def decide(self, row: Row[Any], state: State, visit: Visit) -> bool:
        """Accept or refuse an offer, with its evidence; False when that was done before."""
        now_ms = self.till.now_ms()

        def work(connection: Connection) -> bool:
            if not offers.decide(connection, row.id, state, now_ms=now_ms):
                return False
            evidence.add(connection, self._evidence(row, state, visit, now_ms), now_ms=now_ms)
            if state is State.ACCEPTED:
                self._confirm(connection, row, now_ms)
            return True

        return await self.till.write(work)

    def _evidence(self, row: Row[Any], state: State, visit: Visit, now_ms: int) -> dict[str, Json]:
        at = datetime.fromtimestamp(now_ms / 1000, UTC)
        on_page_s = now_ms // 1000 - visit.shown_at_s
        return {
            "act": state.value,
            "track": row.track,
            "contract": row.contract,
            "acceptance": row.id,
            "doc_hash": row.doc_hash,
            "consent": say(visit.language, "accept.consent"),
            "language": visit.language,
            "at_utc": at.isoformat(),
            "at_local": at.astimezone(self.till.zone).isoformat(),
            "address": visit.address,
            "agent": visit.agent[:400],
            "channel": row.channel,
            "tail": row.tail,
            "seconds_on_page": on_page_s if 0 <= on_page_s <= _SHOWN_S_MAX else None,
        }

    def _confirm(self, connection: Connection, row: Row[Any], now_ms: int) -> None:
        """Send the contract in a form that can be kept (LPC s. 54.7), on the same channel."""
        url = f"{self.page}/{row.id}"
        queue(
            connection,
            channel=row.channel,
            recipient=row.recipient,
            subject=say(row.language, "accept.done_subject", contract=row.contract),
            content=say(row.language, "accept.done_message", contract=row.contract, url=url),
            attachment=row.pdf_sha256 if row.channel == EMAIL else None,
            now_ms=now_ms,
        )

    # --- DocuSeal tells

    async def heard(self, external: str) -> None:
        """Fetch what became of a submission, and note it with its documents and their hashes.

        Raises ProblemError `busy` while DocuSeal cannot be asked: it tells again.
        """
        row = await self.till.look(lambda c: offers.by_external(c, external))
        docuseal = self.docuseal
        if row is None or docuseal is None or row.state != State.OFFERED:
            return
        found = await docuseal.submission(external)
        if found.status in ("declined", "expired"):
            await self._signed(row, State.REFUSED, {"status": found.status})
        elif found.status == "completed":
            documents = await docuseal.documents(external)
            for content in documents:
                await self.till.run(lambda c=content: keep_bytes(self.store, c), writes=True)  # type: ignore[misc]  # a default that binds
            hashes: list[Json] = [hashlib.sha256(one).hexdigest() for one in documents]
            told: dict[str, Json] = {"completed_at": found.completed_at, "documents": hashes}
            await self._signed(row, State.ACCEPTED, told)

    async def _signed(self, row: Row[Any], state: State, told: dict[str, Json]) -> None:
        now_ms = self.till.now_ms()
        body: dict[str, Json] = {
            "act": state.value,
            "track": row.track,
            "contract": row.contract,
            "acceptance": row.id,
            "submission": row.external,
            "doc_hash": row.doc_hash,
            "at_utc": datetime.fromtimestamp(now_ms / 1000, UTC).isoformat(),
            **told,
        }

        def work(connection: Connection) -> None:
            if offers.decide(connection, row.id, state, now_ms=now_ms):
                evidence.add(connection, body, now_ms=now_ms)

        await self.till.write(work)

    # --- what time asks for

    async def tell(self) -> int:
        """Tell the ERP what was decided; returns how many it was told. Safe to repeat."""
        told = 0
        for row in await self.till.look(offers.unposted):
            try:
                await self._tell(row)
            except ErpUnavailable:
                break
            except ProblemError as problem:
                code = problem.problem.code
                self.till.log.warning("acceptance waits", contract=row.contract, code=code)
            else:
                told += 1
        return told

    async def _tell(self, row: Row[Any]) -> None:
        held = await read_held(self.till.client, row.contract)
        customer = await self.till.client.get("Customer", held.customer)
        html = await self._text(held, customer, row.language)
        is_same = hashlib.sha256(html.encode()).hexdigest() == row.html_sha256
        await self.telling.tell(held, row, is_same=is_same)
        await self.till.write(lambda c: offers.posted(c, row.id, now_ms=self.till.now_ms()))

    async def ask(self) -> None:
        """Ask DocuSeal about what it has not told: its webhooks end after two days."""
        for row in await self.till.look(offers.open_at_docuseal):
            try:
                await self.heard(row.external)
            except ProblemError as problem:
                code = problem.problem.code
                self.till.log.warning("signature waits", contract=row.contract, code=code)

    @property
    def secret(self) -> bytes:
        """What signs the links; it leaves the server in none of them."""
        return hmac.digest(self.till.ring.newest.secret, _LABEL, "sha256")
