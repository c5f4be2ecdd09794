"""The public pay page, and the clerk's way to send a link to it."""

from typing import Any, Final, Literal
from urllib.parse import urlencode

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from field_core.capabilities import Capability
from field_core.money import to_cents
from field_core.money_text import read_amount
from field_core.problems import ProblemError
from field_core.tokens import PayToken
from server_sync.billing.page import View
from server_sync.billing.service import Billing
from server_sync.billing.words import say
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
from server_sync.http.messages import answer, parse
from server_sync.http.routing import Route, in_path, in_query

PAGE: Final = "/pay-public"


class LinkBody(BaseModel):
    """How the customer is to get the link."""

    channel: Literal["sms", "email"]


class LinkSent(BaseModel):
    """What was queued; whether it arrives, the telephone company knows."""

    invoice: str
    channel: str


def routes(context: Context) -> list[Route]:
    """Return the public routes; none where no ERP is behind the server."""
    billing = context.billing
    return [*_public(PayDoor(billing)), *_office(context, billing)] if billing else []


class PayDoor:
    """The pay page: a handler for each of its addresses."""

    def __init__(self, billing: Billing) -> None:
        self._billing = billing
        self._counter, self._links = billing.counter, billing.links
        self._pages = billing.counter.pages

    async def page(self, request: Request) -> Response:
        """Show an invoice to whoever holds its link; nothing but a view, once an hour, is noted."""
        query, language = request.query_params, language_asked(request)
        token = query.get("t", "")
        found = self._counter.read(token, query.get("inv"))
        if found is None:
            return await self._refused(request, language)
        if isinstance(found, PayToken):
            view = await self._counter.view(found, token, language)
            await self._links.opened(found.invoice)
        else:
            view = self._pages.expired(token, language)
        tongue = {"t": token, "lang": "fr" if language == "en" else "en"}
        return self._shown(view, language, other=f"{PAGE}?{urlencode(tongue)}")

    async def checkout(self, request: Request) -> Response:
        """Begin to pay: lead to Stripe, or say why not."""
        form = await read_form(request)
        language, token = language_asked(request, form.get("lang")), form.get("t", "")
        found = self._counter.read(token)
        if found is None:
            return await self._refused(request, language)
        if not isinstance(found, PayToken):
            return self._shown(self._pages.expired(token, language), language)
        wait_s = await self._links.begins(found.invoice)
        if wait_s:
            return self._shown(self._pages.slow(language, wait_s), language, after_s=wait_s)
        try:
            url = await self._begun(found, form.get("amount", ""), language)
        except ProblemError as error:
            view = await _not_begun(self._billing, found, token, language, error)
            return self._shown(view, language)
        return RedirectResponse(url, SEE_OTHER, headers={"Cache-Control": "no-store"})

    async def done(self, request: Request) -> Response:
        """Show who comes back what Stripe has told us so far; has no effect."""
        query, language = request.query_params, language_asked(request)
        view = await self._counter.back(query.get("s", ""), query.get("t", ""), language)
        return self._shown(view, language)

    async def link(self, request: Request) -> Response:
        """Note that a new link is wanted; one answer for all."""
        form = await read_form(request)
        language = language_asked(request, form.get("lang"))
        wait_s = await self._links.ask(
            form.get("t", ""),
            channel=form.get("channel", ""),
            last4=form.get("last4", ""),
            address=address_of(request),
        )
        pages = self._pages
        view = pages.slow(language, wait_s) if wait_s else pages.asked(language)
        return self._shown(view, language, after_s=wait_s)

    async def _begun(self, found: PayToken, typed: str, language: str) -> str:
        amount = read_amount(typed, language)
        if amount is None:
            raise ProblemError("invalid-value", field="amount")
        cents = to_cents(amount)
        return await self._billing.payments.begin(found.invoice, cents=cents, language=language)

    async def _refused(self, request: Request, language: str) -> Response:
        wait_s = await self._links.bad_token(address_of(request))
        pages = self._pages
        view = pages.slow(language, wait_s) if wait_s else pages.refused(language)
        return self._shown(view, language, after_s=wait_s)

    def _shown(
        self, view: View, language: str, *, other: str | None = None, after_s: int | None = None
    ) -> Response:
        extra = {"Retry-After": str(after_s)} if after_s else {}
        return Response(
            self._pages.html(view, language, other=other),
            status_code=view.status,
            media_type=HTML,
            headers={**self._pages.headers(), "Content-Language": f"{language}-CA", **extra},
        )


def _public(door: PayDoor) -> list[Route]:
    def described(*statuses: int) -> dict[int, dict[str, Any]]:
        return dict.fromkeys(statuses, HTML_REPLY)

    to_stripe = {SEE_OTHER: {"description": "To the payment at Stripe."}}
    token, tongue = in_query("t"), in_query("lang", enum=["fr", "en"])
    return [
        Route("GET", PAGE, door.page, "The pay page of an invoice; has no effect.",
              needs_token=False, parameters=(token, in_query("inv"), tongue),
              replies=described(200, 404, 410, 429, 503)),
        Route("POST", f"{PAGE}/checkout", door.checkout, "Begin to pay.", needs_token=False,
              content=FORM_BODY, status=SEE_OTHER,
              replies=to_stripe | described(200, 404, 409, 410, 422, 429, 503)),
        Route("GET", f"{PAGE}/done", door.done, "Where Stripe leads back to; has no effect.",
              needs_token=False, parameters=(in_query("s"), token, tongue),
              replies=described(200, 404)),
        Route("POST", f"{PAGE}/link", door.link, "Ask for a new link; one answer for all.",
              needs_token=False, content=FORM_BODY, status=202, replies=described(202, 429)),
    ]  # fmt: skip


def _office(context: Context, billing: Billing) -> list[Route]:
    async def send(request: Request) -> Response:
        caller = await caller_with(context, request, Capability.SEE_BILLING)
        asked = await parse(request, LinkBody)
        name = request.path_params["name"]
        await billing.links.send(name, channel=asked.channel, actor=caller.account)
        billing.desk.shelf.clear()  # the timeline and the notes tell of it at once
        return answer(request, LinkSent(invoice=name, channel=asked.channel), status=202)

    return [
        Route(
            "POST",
            "/v1/invoices/{name}/link",
            send,
            "Send the customer a payment link that is good for fifteen minutes.",
            LinkBody,
            LinkSent,
            status=202,
            problems=(404, 422),
            parameters=(in_path("name"),),
        )
    ]


async def _not_begun(
    billing: Billing, found: PayToken, token: str, language: str, error: ProblemError
) -> View:
    """Return what is shown when paying could not begin."""
    pages = billing.counter.pages
    match error.problem.code:
        case "already-paid" | "debit-underway":
            return await billing.counter.view(found, token, language)
        case "not-found":
            return pages.refused(language)
        case "invalid-value":
            view = await billing.counter.view(found, token, language)
            if view.more.get("pay"):
                owing = await billing.counter.owing(found.invoice)
                said = say(language, "pay.amount_title")
                return pages.summary(owing, token, language, error=said)
            return view
        case _:
            return pages.away(language)
