"""What operators and ERPNext call: health, readiness, metrics, the webhook."""

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from server_sync.http.context import Context
from server_sync.http.messages import answer, read_body
from server_sync.http.routing import Route, header
from server_sync.http.standing import Readiness, readiness, standing
from server_sync.metrics import CONTENT_TYPE

SIGNATURE = "X-Frappe-Webhook-Signature"
WEBHOOK_BYTES_MAX = 64_000


class Alive(BaseModel):
    """The process answers; whether it can work is `/ready`."""

    service: str = "gigafibre-field"
    now_ms: int


def routes(context: Context) -> list[Route]:
    """Return the routes that no device calls for work (devices probe `/health`)."""

    async def health(_request: Request) -> Response:
        message = Alive(service="gigafibre-field", now_ms=context.now_ms())
        return Response(
            message.model_dump_json(),
            media_type="application/json",
            headers={"Cache-Control": "no-store"},
        )

    async def ready(request: Request) -> Response:
        found = await context.run(lambda: readiness(context))
        return answer(request, found, status=200 if found.is_ready else 503)

    async def metrics(_request: Request) -> Response:
        now = await context.run(lambda: standing(context))
        return Response(context.metrics.exposition(now), media_type=CONTENT_TYPE)

    async def webhook(request: Request) -> Response:
        body = await read_body(request, size_bytes_max=WEBHOOK_BYTES_MAX)
        context.erp.hint(body, request.headers.get(SIGNATURE))
        return Response(status_code=204)

    plain = {"content": {"text/plain": {"schema": {"type": "string"}}}}
    json_body = {"application/json": {"schema": {"type": "object"}}}
    return [
        Route("GET", "/health", health, "The process answers.", reply=Alive, needs_token=False),
        Route(
            "GET",
            "/ready",
            ready,
            "The server can work.",
            reply=Readiness,
            needs_token=False,
            replies={
                503: {
                    "description": "It cannot; the checks say why.",
                    "content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/Readiness"}}
                    },
                }
            },
        ),
        Route(
            "GET",
            "/metrics",
            metrics,
            "Figures for Prometheus.",
            needs_token=False,
            replies={200: {"description": "Prometheus text.", **plain}},
        ),
        Route(
            "POST",
            "/v1/erp/webhook",
            webhook,
            "ERPNext says that something changed.",
            status=204,
            problems=(401,),
            needs_token=False,
            content=json_body,
            parameters=(header(SIGNATURE),),
        ),
    ]
