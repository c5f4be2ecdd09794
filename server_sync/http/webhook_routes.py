"""Where Stripe and DocuSeal tell what became of a payment or a signature."""

from starlette.requests import Request
from starlette.responses import Response

from field_core.problems import ProblemError
from server_sync.billing.events import BODY_BYTES_MAX
from server_sync.billing.service import Billing
from server_sync.contracts.acceptance import docuseal
from server_sync.contracts.service import Contracts
from server_sync.http.context import Context
from server_sync.http.messages import read_public
from server_sync.http.problems import problem_answer
from server_sync.http.routing import Handler, Route, header

_JSON = {"application/json": {"schema": {"type": "object"}}}


def routes(context: Context) -> list[Route]:
    """Return the routes; none where no ERP is behind the server."""
    if context.billing is None or context.contracts is None:
        return []
    return [
        Route(
            "POST",
            "/v1/stripe/webhook",
            _of_stripe(context.billing),
            "Stripe says what became of a payment.",
            needs_token=False,
            status=204,
            problems=(404, 409, 422),
            content=_JSON,
            parameters=(header("Stripe-Signature"),),
        ),
        Route(
            "POST",
            "/v1/docuseal/webhook",
            _of_docuseal(context.contracts),
            "DocuSeal says what became of a signature.",
            needs_token=False,
            status=204,
            content=_JSON,
            parameters=(header("X-Docuseal-Signature"),),
        ),
    ]


def _of_stripe(billing: Billing) -> Handler:
    async def webhook(request: Request) -> Response:
        raw = await read_public(request, size_bytes_max=BODY_BYTES_MAX)
        try:
            await billing.payments.receive(raw, request.headers.get("stripe-signature"))
        except ProblemError as error:
            return _refused(error, request)
        return Response(status_code=204)

    return webhook


def _of_docuseal(contracts: Contracts) -> Handler:
    async def webhook(request: Request) -> Response:
        raw = await read_public(request, size_bytes_max=docuseal.BODY_BYTES_MAX)
        signed = request.headers.get("x-docuseal-signature")
        secret, now_s = contracts.docuseal_secret, contracts.till.now_s()
        try:
            found = docuseal.submission_in(raw, signed, secret=secret, now_s=now_s)
        except ProblemError as error:
            return _refused(error, request)
        await contracts.acceptances.heard(found)
        return Response(status_code=204)

    return webhook


def _refused(error: ProblemError, request: Request) -> Response:
    """Both senders repeat what is answered 5xx, and give up on 400."""
    status = 400 if error.problem.code == "webhook-signature" else None
    return problem_answer(error.problem, request, status=status)
