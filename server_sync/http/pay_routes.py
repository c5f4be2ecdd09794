"""The public pay page, Stripe's webhook, and the clerk's way to send a link."""

from typing import Any, Final, Literal
from urllib.parse import parse_qsl, urlencode

from pydantic import BaseModel
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from field_core.capabilities import Capability
from field_core.money import to_cents
from field_core.money_text import read_amount
from field_core.problems import ProblemError
from field_core.tokens import PayToken
from server_sync.billing.events import BODY_BYTES_MAX
from server_sync.billing.page import View
from server_sync.billing.service import Billing
from server_sync.billing.words import say
from server_sync.http.context import Context
from server_sync.http.guard import caller_with
from server_sync.http.messages import answer, parse, read_body
from server_sync.http.problems import language_of, problem_answer
from server_sync.http.routing import Route, header, in_path, in_query

PAGE: Final = "/pay-public"
FORM: Final = "application/x-www-form-urlencoded"
FORM_BYTES_MAX: Final = 4_000
HTML: Final = "text/html"
SEE_OTHER: Final = 303
_FORM_FIELDS_MAX: Final = 8
_HTML_REPLY: Final[dict[str, Any]] = {
    "description": "A page for the customer.",
    "content": {f"{HTML}; charset=utf-8": {"schema": {"type": "string"}}},
}

_FORM_BODY: Final[dict[str, Any]] = {
    FORM: {"schema": {"type": "object", "additionalProperties": {"type": "string"}}}
}


class LinkBody(BaseModel):
    """How the customer is to get the link."""

    channel: Literal["sms", "email"]


class LinkSent(BaseModel):
    """What was queued; whether it arrives, the telephone company knows."""

    invoice: str
    channel: str


def routes(context: Context) -> list[Route]:
    """Return the public routes; none where no ERP is behind the server."""
    return [*_page(context.billing), *_office(context, context.billing)] if context.billing else []


def _page(billing: Billing) -> list[Route]:  # noqa: C901  # five handlers and their table
    counter, links, pages = billing.counter, billing.links, billing.counter.pages

    def shown(
        view: View, language: str, *, other: str | None = None, after_s: int | None = None
    ) -> Response:
        extra = {"Retry-After": str(after_s)} if after_s else {}
        return Response(
            pages.html(view, language, other=other),
            status_code=view.status,
            media_type=HTML,
            headers={**pages.headers(), "Content-Language": f"{language}-CA", **extra},
        )

    async def refused(request: Request, language: str) -> Response:
        wait_s = await links.bad_token(_address(request))
        view = pages.slow(language, wait_s) if wait_s else pages.refused(language)
        return shown(view, language, after_s=wait_s)

    async def page(request: Request) -> Response:
        query = request.query_params
        language, token = _language(request, query.get("lang")), query.get("t", "")
        found = counter.read(token, query.get("inv"))
        if found is None:
            return await refused(request, language)
        if isinstance(found, PayToken):
            view = await counter.view(found, token, language)
            await links.opened(found.invoice)
        else:
            view = pages.expired(token, language)
        tongue = {"t": token, "lang": "fr" if language == "en" else "en"}
        return shown(view, language, other=f"{PAGE}?{urlencode(tongue)}")

    async def checkout(request: Request) -> Response:
        form = await _form(request)
        language, token = _language(request, form.get("lang")), form.get("t", "")
        found = counter.read(token)
        if not isinstance(found, PayToken):
            if found is None:
                return await refused(request, language)
            return shown(pages.expired(token, language), language)
        wait_s = await links.begins(found.invoice)
        if wait_s:
            return shown(pages.slow(language, wait_s), language, after_s=wait_s)
        amount = read_amount(form.get("amount", ""), language)
        try:
            if amount is None:
                raise ProblemError("invalid-value", field="amount")  # noqa: TRY301  # one door for both ways to be wrong
            url = await billing.payments.begin(
                found.invoice, cents=to_cents(amount), language=language
            )
        except ProblemError as error:
            return shown(await _not_begun(billing, found, token, language, error), language)
        return RedirectResponse(url, SEE_OTHER, headers={"Cache-Control": "no-store"})

    async def done(request: Request) -> Response:
        query = request.query_params
        language = _language(request, query.get("lang"))
        view = await counter.back(query.get("s", ""), query.get("t", ""), language)
        return shown(view, language)

    async def link(request: Request) -> Response:
        form = await _form(request)
        language = _language(request, form.get("lang"))
        wait_s = await links.ask(
            form.get("t", ""),
            channel=form.get("channel", ""),
            last4=form.get("last4", ""),
            address=_address(request),
        )
        view = pages.slow(language, wait_s) if wait_s else pages.asked(language)
        return shown(view, language, after_s=wait_s)

    async def webhook(request: Request) -> Response:
        raw = await read_body(request, size_bytes_max=BODY_BYTES_MAX)
        try:
            await billing.payments.receive(raw, request.headers.get("stripe-signature"))
        except ProblemError as error:
            status = 400 if error.problem.code == "webhook-signature" else None
            return problem_answer(error.problem, request, status=status)
        return Response(status_code=204)

    def described(*statuses: int) -> dict[int, dict[str, Any]]:
        return dict.fromkeys(statuses, _HTML_REPLY)

    to_stripe = {SEE_OTHER: {"description": "To the payment at Stripe."}}
    token, tongue = in_query("t"), in_query("lang", enum=["fr", "en"])
    found = [
        Route("GET", PAGE, page, "The pay page of an invoice; has no effect.", needs_token=False,
              parameters=(token, in_query("inv"), tongue),
              replies=described(200, 404, 410, 429, 503)),
        Route("POST", f"{PAGE}/checkout", checkout, "Begin to pay.", needs_token=False,
              content=_FORM_BODY, status=SEE_OTHER,
              replies=to_stripe | described(200, 404, 409, 410, 422, 429, 503)),
        Route("GET", f"{PAGE}/done", done, "Where Stripe leads back to; has no effect.",
              needs_token=False, parameters=(in_query("s"), token, tongue),
              replies=described(200, 404)),
        Route("POST", f"{PAGE}/link", link, "Ask for a new link; one answer for all.",
              needs_token=False, content=_FORM_BODY, status=202, replies=described(202, 429)),
        Route("POST", "/v1/stripe/webhook", webhook, "Stripe says what became of a payment.",
              needs_token=False, status=204, problems=(404, 409, 422),
              content={"application/json": {"schema": {"type": "object"}}},
              parameters=(header("Stripe-Signature"),)),
    ]  # fmt: skip
    return [*found, *_bench(billing)]


def _bench(billing: Billing) -> list[Route]:
    """Return the stand-in's hosted page, where it takes Stripe's place."""
    bench, pages = billing.bench, billing.counter.pages
    if bench is None:
        return []

    def session_of(request: Request) -> dict[str, Any]:
        if _address(request) not in billing.bench_from:
            raise ProblemError("not-found")
        found = bench.find(request.path_params["session"])
        if found is None:
            raise ProblemError("not-found")
        return found

    async def hosted(request: Request) -> Response:
        session = await billing.till.run(lambda: session_of(request))
        language = "en" if session.get("locale") == "en" else "fr"
        view = pages.bench(session, f"{PAGE}/bench/{session['id']}")
        return Response(pages.html(view, language), media_type=HTML, headers=pages.headers())

    async def act(request: Request) -> Response:
        session = await billing.till.run(lambda: session_of(request))
        chosen = (await _form(request)).get("act", "")
        if chosen not in ("card", "debit_ok", "debit_fails", "leave"):
            raise ProblemError("bad-request", reason="act")
        url = await billing.till.run(lambda: bench.act(session["id"], chosen), writes=True)
        deliver = BackgroundTask(billing.deliver)
        return RedirectResponse(url, SEE_OTHER, background=deliver)

    one = (in_path("session"),)
    path = f"{PAGE}/bench/{{session}}"
    return [
        Route("GET", path, hosted, "The stand-in's page.", needs_token=False, problems=(404,),
              parameters=one, replies={200: _HTML_REPLY}),
        Route("POST", path, act, "Pay at the stand-in.", needs_token=False, problems=(404,),
              parameters=one, status=SEE_OTHER,
              content=_FORM_BODY,
              replies={SEE_OTHER: {"description": "Back to the pay page."}}),
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


async def _form(request: Request) -> dict[str, str]:
    """Read a small form; raises ProblemError `bad-request`, `too-large`."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise ProblemError("bad-request", reason="Content-Type")
    body = await read_body(request, size_bytes_max=FORM_BYTES_MAX)
    try:
        return dict(
            parse_qsl(
                body.decode("ascii"),
                keep_blank_values=True,
                max_num_fields=_FORM_FIELDS_MAX,
                errors="strict",
            )
        )
    except (UnicodeDecodeError, ValueError) as error:
        raise ProblemError("bad-request", reason="form") from error


def _language(request: Request, asked: str | None) -> str:
    return asked if asked in ("fr", "en") else language_of(request.headers.get("accept-language"))


def _address(request: Request) -> str:
    return request.client.host if request.client else ""
