"""What billing screens read on demand: customers in panels, invoices, what is owed at a door.

Each answer says in `X-Age-Ms` how old it is, which a device with a wrong clock can use as well, and
has a tag: who holds the same one already gets 304.
"""

from collections.abc import Awaitable, Callable
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from field_core.capabilities import Capability
from field_core.office import (
    PANELS,
    CustomersFound,
    Door,
    InvoiceDetail,
    Invoices,
    Panel,
    Receipt,
)
from field_core.problems import ProblemError
from server_sync.billing.desk import Desk, Sheet
from server_sync.http.context import Context
from server_sync.http.guard import caller_of, caller_with
from server_sync.http.messages import packed
from server_sync.http.routing import Handler, Route, in_path, in_query
from server_sync.sync.caller import Caller

AGE: Final = "X-Age-Ms"
PAGES: Final = "X-Pages"
PNG: Final = "image/png"
TYPED_MAX: Final = 80
NOT_MODIFIED: Final = 304
_PRIVATE: Final = "private, no-cache"
_AFTER: Final = in_query("after")
_SAME: Final[dict[int, dict[str, Any]]] = {
    NOT_MODIFIED: {"description": "What the caller has is still true."}
}


def routes(context: Context) -> list[Route]:
    """Return the routes; none where no ERP is behind the server."""
    if context.billing is None:
        return []
    desk = context.billing.desk
    return [*_customers(context, desk), *_invoices(context, desk), *_door(context, desk)]


def _customers(context: Context, desk: Desk) -> list[Route]:
    async def find(request: Request) -> Sheet:
        return await desk.find(request.query_params.get("q", "")[:TYPED_MAX])

    async def panel(request: Request) -> Sheet:
        wanted = request.path_params["panel"]
        if wanted not in PANELS:
            raise ProblemError("not-found")
        after = request.query_params.get("after", "")
        return await desk.panel(request.path_params["name"], Panel(wanted), after=after)

    return [
        Route(
            "GET",
            "/v1/customers",
            _for_office(context, find),
            "Customers that a text means: name, telephone, account, address or invoice.",
            reply=CustomersFound,
            parameters=(in_query("q"),),
            replies=_SAME,
        ),
        Route(
            "GET",
            "/v1/customers/{name}/{panel}",
            _for_office(context, panel),
            "One panel of a customer's page.",
            problems=(404,),
            parameters=(in_path("name"), in_path("panel", enum=[*PANELS]), _AFTER),
            replies=_SAME | {200: {"description": "The panel, in its own shape."}},
        ),
    ]


def _invoices(context: Context, desk: Desk) -> list[Route]:
    async def listing(request: Request) -> Sheet:
        after, which = (request.query_params.get(name, "") for name in ("after", "which"))
        match which:
            case "attention":
                return await desk.attention()
            case "latest":
                return await desk.latest(after=after)
            case _:
                return await desk.owed(after=after)

    async def invoice(request: Request) -> Sheet:
        return await desk.invoice(request.path_params["name"])

    async def page(request: Request) -> Response:
        await caller_with(context, request, Capability.SEE_BILLING)
        name, number = request.path_params["name"], request.path_params["number"]
        if not (number.isascii() and number.isdecimal()):
            raise ProblemError("not-found")
        sheet = await desk.page(name, int(number[:4]))
        pages = {PAGES: str(await desk.pages(name))}
        return _answer(context, request, sheet, media_type=PNG, more=pages)

    name = in_path("name")
    return [
        Route(
            "GET",
            "/v1/invoices",
            _for_office(context, listing),
            "Invoices: what is owed, what was due first in front; the latest; what needs a person.",
            reply=Invoices,
            parameters=(in_query("which", enum=["attention", "owed", "latest"]), _AFTER),
            replies=_SAME,
        ),
        Route(
            "GET",
            "/v1/invoices/{name}",
            _for_office(context, invoice),
            "An invoice with its lines, its link and what became of its money.",
            reply=InvoiceDetail,
            problems=(404,),
            parameters=(name,),
            replies=_SAME,
        ),
        Route(
            "GET",
            "/v1/invoices/{name}/pages/{number}",
            page,
            "A page of the customer's PDF as a picture; `X-Pages` says how many there are.",
            problems=(404,),
            parameters=(name, in_path("number")),
            replies=_SAME
            | {
                200: {
                    "description": "The page.",
                    "content": {PNG: {"schema": {"type": "string", "format": "binary"}}},
                }
            },
        ),
    ]


def _door(context: Context, desk: Desk) -> list[Route]:
    async def links(request: Request) -> Response:
        caller = await caller_with(context, request, Capability.COLLECT_PAYMENT)
        return _answer(context, request, await desk.door(caller.audience))

    async def receipt(request: Request) -> Response:
        caller = await caller_of(context, request)
        if caller.is_draining:
            raise ProblemError("not-allowed")

        async def may_see(customer: str) -> bool:
            return await _may_see(desk, caller, customer)

        sheet = await desk.receipt(request.path_params["name"], may_see)
        return _answer(context, request, sheet)

    return [
        Route(
            "GET",
            "/v1/door",
            links,
            "Payment links of the unpaid invoices that the caller holds.",
            reply=Door,
            replies=_SAME,
        ),
        Route(
            "GET",
            "/v1/invoices/{name}/receipt",
            receipt,
            "Whether an invoice is paid; a technician hears of customers of their jobs only.",
            reply=Receipt,
            problems=(404,),
            parameters=(in_path("name"),),
        ),
    ]


async def _may_see(desk: Desk, caller: Caller, customer: str) -> bool:
    """The office sees everybody; whoever collects at doors sees customers of jobs they hold."""
    if Capability.SEE_BILLING in caller.held:
        return True
    may_collect = Capability.COLLECT_PAYMENT in caller.held
    return may_collect and await desk.holds(caller.audience, customer)


def _for_office(context: Context, read: Callable[[Request], Awaitable[Sheet]]) -> Handler:
    async def handler(request: Request) -> Response:
        await caller_with(context, request, Capability.SEE_BILLING)
        return _answer(context, request, await read(request))

    return handler


def _answer(
    context: Context,
    request: Request,
    sheet: Sheet,
    *,
    media_type: str | None = None,
    more: dict[str, str] | None = None,
) -> Response:
    """Answer with a sheet, or say that what the caller has is still true."""
    headers = {"Cache-Control": _PRIVATE, **(more or {})}
    if sheet.etag:
        headers["ETag"] = sheet.etag
    if sheet.as_of_ms is not None:
        headers[AGE] = str(max(context.now_ms() - sheet.as_of_ms, 0))
    if sheet.etag and request.headers.get("if-none-match") == sheet.etag:
        return Response(status_code=NOT_MODIFIED, headers=headers)
    if media_type:
        headers["X-Content-Type-Options"] = "nosniff"
        return Response(sheet.content, media_type=media_type, headers=headers)
    response = packed(request, sheet.content)
    response.headers.update(headers)
    return response
