"""Where customers read and accept contracts, and the office's way to send them."""

import hmac
from typing import Any, Final, Literal

from pydantic import BaseModel
from sqlalchemy import Row
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from field_core.capabilities import Capability
from server_sync.contracts.acceptance.acceptances import Visit
from server_sync.contracts.acceptance.offers import State
from server_sync.contracts.service import Contracts
from server_sync.http.context import Context
from server_sync.http.forms import (
    FORM_BODY,
    HTML,
    HTML_REPLY,
    SEE_OTHER,
    address_of,
    language_asked,
    read_form,
)
from server_sync.http.guard import caller_with
from server_sync.http.messages import parse
from server_sync.http.routing import Route, in_path, in_query

PAGE: Final = "/contract-accept"
PDF: Final = "application/pdf"
GONE: Final = 410
UNPROCESSABLE: Final = 422
_SEAL_CHARACTERS: Final = 32
_ACTS: Final = {"accept": State.ACCEPTED, "refuse": State.REFUSED}


class OfferBody(BaseModel):
    """How the customer is to get the contract."""

    channel: Literal["sms", "email"] = "email"


def routes(context: Context) -> list[Route]:
    """Return the routes; none where no ERP is behind the server."""
    if context.contracts is None:
        return []
    page = AcceptanceDoor(context.contracts)
    return [*_public(page), *_office(context, context.contracts)]


class AcceptanceDoor:
    """The public side: a handler for each address."""

    def __init__(self, contracts: Contracts) -> None:
        self._contracts = contracts
        self._offers = contracts.acceptances
        self._page = contracts.page

    async def short(self, request: Request) -> Response:
        """Lead from a short link to the long one."""
        token = await self._offers.short(request.path_params["number"])
        if token is None:
            return self._shown(self._page.over(language_asked(request)), request, status=GONE)
        return RedirectResponse(f"{PAGE}?t={token}", SEE_OTHER, headers=self._page.headers())

    async def read(self, request: Request) -> Response:
        """Show a contract; has no effect."""
        token, language = request.query_params.get("t", ""), language_asked(request)
        row = await self._offers.offer_of(token)
        if row is not None and row.state == State.ACCEPTED:
            return self._shown(self._page.accepted(token, language), request)
        if row is None or not self._offers.is_open(row):
            return self._shown(self._page.over(language), request, status=GONE)
        return self._shown(await self._reading(row, token, language), request)

    async def decide(self, request: Request) -> Response:
        """Take the decision."""
        form = await read_form(request)
        token, language = form.get("t", ""), language_asked(request, form.get("lang"))
        row, act = await self._offers.offer_of(token), _ACTS.get(form.get("act", ""))
        if row is None or act is None or not self._offers.is_open(row):
            return self._shown(self._page.over(language), request, status=GONE)
        if act is State.ACCEPTED and form.get("consent") != "yes":
            again = await self._reading(row, token, language, has_error=True)
            return self._shown(again, request, status=UNPROCESSABLE)
        await self._offers.decide(row, act, self._visit(request, form.get("at", ""), language))
        is_accepted = act is State.ACCEPTED
        page = self._page.accepted(token, language) if is_accepted else self._page.refused(language)
        return self._shown(page, request)

    async def document(self, request: Request) -> Response:
        """Give the PDF to whoever holds the link, also after the decision."""
        row = await self._offers.offer_of(request.query_params.get("t", ""))
        if row is None:
            return self._shown(self._page.over(language_asked(request)), request, status=GONE)
        return Response(
            await self._offers.document(row.pdf_sha256),
            media_type=PDF,
            headers={
                **self._page.headers(),
                "Content-Disposition": f'inline; filename="{row.contract}.pdf"',
            },
        )

    async def _reading(
        self,
        row: Row[Any],
        token: str,
        language: str,
        *,
        has_error: bool = False,
    ) -> str:
        return self._page.reading(
            await self._offers.text(row),
            token,
            language,
            text_language=row.language,
            at=self._sealed(self._contracts.till.now_s()),
            has_error=has_error,
        )

    def _visit(self, request: Request, sealed: str, language: str) -> Visit:
        told = sealed.partition(".")[0]
        is_ours = told.isascii() and told.isdecimal() and len(told) <= _SEAL_CHARACTERS
        shown_at_s = int(told) if is_ours and self._sealed(int(told)) == sealed else 0
        agent = request.headers.get("user-agent", "")
        return Visit(language, address_of(request), agent, shown_at_s)

    def _sealed(self, at_s: int) -> str:
        """Return a time that a form brings back unchanged or not at all."""
        secret = self._contracts.till.ring.newest.secret
        mac = hmac.digest(secret, f"gf-shown/{at_s}".encode(), "sha256").hex()
        return f"{at_s}.{mac[:_SEAL_CHARACTERS]}"

    def _shown(self, page: str, request: Request, *, status: int = 200) -> Response:
        language = language_asked(request)
        headers = {**self._page.headers(), "Content-Language": f"{language}-CA"}
        return Response(page, status_code=status, media_type=HTML, headers=headers)


def _public(door: AcceptanceDoor) -> list[Route]:
    token, tongue = in_query("t"), in_query("lang", enum=["fr", "en"])
    pages: dict[int, dict[str, Any]] = {200: HTML_REPLY, GONE: HTML_REPLY}
    to_page = {SEE_OTHER: {"description": "To the contract."}, GONE: HTML_REPLY}
    paper = {"description": "The contract.",
             "content": {PDF: {"schema": {"type": "string", "format": "binary"}}}}  # fmt: skip
    return [
        Route("GET", PAGE, door.read, "A contract to accept; has no effect.", needs_token=False,
              parameters=(token, tongue), replies=pages),
        Route("POST", f"{PAGE}/decide", door.decide, "Accept or refuse a contract.",
              needs_token=False, content=FORM_BODY,
              replies={**pages, UNPROCESSABLE: HTML_REPLY}),
        Route("GET", f"{PAGE}/document", door.document, "The contract as PDF.", needs_token=False,
              parameters=(token,), replies={200: paper, GONE: HTML_REPLY}),
        Route("GET", f"{PAGE}/{{number}}", door.short, "A short link; has no effect.",
              needs_token=False, parameters=(in_path("number"),), status=SEE_OTHER,
              replies=to_page),
    ]  # fmt: skip


def _office(context: Context, contracts: Contracts) -> list[Route]:
    async def offer(request: Request) -> Response:
        caller = await caller_with(context, request, Capability.SEE_BILLING)
        asked = await parse(request, OfferBody)
        await contracts.acceptances.offer(
            request.path_params["name"], channel=asked.channel, actor=caller.account
        )
        return Response(status_code=202)

    return [
        Route("POST", "/v1/contracts/{name}/offer", offer,
              "Send a contract to its customer to be accepted.", OfferBody, status=202,
              problems=(404, 409, 422), parameters=(in_path("name"),)),
    ]  # fmt: skip
