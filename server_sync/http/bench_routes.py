"""The stand-ins' own pages: Stripe's hosted payment, and a signature at DocuSeal."""

from typing import Any, Final

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from field_core.problems import ProblemError
from server_sync.billing.bench import Bench
from server_sync.billing.service import Billing
from server_sync.http.context import Context
from server_sync.http.forms import FORM_BODY, HTML, HTML_REPLY, SEE_OTHER, address_of, read_form
from server_sync.http.pay_routes import PAGE
from server_sync.http.routing import Route, in_path

PATH: Final = f"{PAGE}/bench/{{session}}"
ACTS: Final = frozenset({"card", "debit_ok", "debit_fails", "leave"})


def routes(context: Context) -> list[Route]:
    """Return the routes where the stand-in takes Stripe's place; none elsewhere."""
    billing = context.billing
    if billing is None or billing.bench is None:
        return []
    return _routes(billing, billing.bench)


def _routes(billing: Billing, bench: Bench) -> list[Route]:
    pages, run = billing.counter.pages, billing.till.run

    def session_of(request: Request) -> dict[str, Any]:
        found = bench.find(request.path_params["session"])
        if found is None or address_of(request) not in billing.bench_from:
            raise ProblemError("not-found")
        return found

    async def hosted(request: Request) -> Response:
        session = await run(lambda: session_of(request))
        language = "en" if session.get("locale") == "en" else "fr"
        view = pages.bench(session, f"{PAGE}/bench/{session['id']}")
        return Response(pages.html(view, language), media_type=HTML, headers=pages.headers())

    async def act(request: Request) -> Response:
        session = await run(lambda: session_of(request))
        chosen = (await read_form(request)).get("act", "")
        if chosen not in ACTS:
            raise ProblemError("bad-request", reason="act")
        url = await run(lambda: bench.act(session["id"], chosen), writes=True)
        return RedirectResponse(url, SEE_OTHER, background=BackgroundTask(billing.deliver))

    one = (in_path("session"),)
    return [
        Route("GET", PATH, hosted, "The stand-in's page.", needs_token=False, problems=(404,),
              parameters=one, replies={200: HTML_REPLY}),
        Route("POST", PATH, act, "Pay at the stand-in.", needs_token=False, problems=(404,),
              parameters=one, status=SEE_OTHER, content=FORM_BODY,
              replies={SEE_OTHER: {"description": "Back to the pay page."}}),
    ]  # fmt: skip
