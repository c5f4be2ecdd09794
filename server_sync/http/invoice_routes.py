"""Invoices as the office asks for them: the PDF that the customer got."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from field_core.capabilities import Capability
from server_sync.http.context import Context
from server_sync.http.guard import caller_with
from server_sync.http.routing import Route, in_path

PDF: Final = "application/pdf"


def routes(context: Context) -> list[Route]:
    """Return the routes under `/v1/invoices`; none where no ERP is behind the server."""
    billing = context.billing
    if billing is None:
        return []

    async def pdf(request: Request) -> Response:
        await caller_with(context, request, Capability.SEE_BILLING)
        name = request.path_params["name"]
        content = await billing.invoices.pdf(name)
        return Response(
            content,
            media_type=PDF,
            headers={
                "Content-Disposition": f'inline; filename="{name}.pdf"',
                "Cache-Control": "private, no-store",
                "X-Content-Type-Options": "nosniff",
            },
        )

    return [
        Route(
            "GET",
            "/v1/invoices/{name}/pdf",
            pdf,
            "The PDF of a submitted invoice, the same bytes every time.",
            problems=(404,),
            parameters=(in_path("name"),),
            replies={
                200: {
                    "description": "The invoice.",
                    "content": {PDF: {"schema": {"type": "string", "format": "binary"}}},
                }
            },
        ),
    ]
