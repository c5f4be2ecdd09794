"""Coming in: sign-in, enrolment, refresh, a new identity for a copied device, sign-out."""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response

from server_sync.accounts import Session
from server_sync.http.auth_messages import EnrolBody, RefreshBody, SessionBody, SignInBody
from server_sync.http.context import Context
from server_sync.http.guard import token_of
from server_sync.http.messages import answer, parse
from server_sync.http.routing import Route


def routes(context: Context) -> list[Route]:
    """Return the routes under `/v1/auth`."""
    accounts = context.accounts

    async def session(request: Request, work: Callable[[], Session]) -> Response:
        opened = await context.run(work)
        body = SessionBody.of(opened, server_key=context.rescue.public_key, now_ms=context.now_ms())
        response = answer(request, body)
        response.headers["Cache-Control"] = "no-store"
        return response

    async def sign_in(request: Request) -> Response:
        asked = await parse(request, SignInBody)
        return await session(
            request, lambda: accounts.sign_in(asked.email, asked.password, asked.device.asked())
        )

    async def enrol(request: Request) -> Response:
        asked = await parse(request, EnrolBody)
        source = request.client.host if request.client else ""
        return await session(
            request, lambda: accounts.enrol(asked.code, asked.device.asked(), source=source)
        )

    async def refresh(request: Request) -> Response:
        asked = await parse(request, RefreshBody)
        return await session(request, lambda: accounts.refresh(asked.refresh))

    async def re_enrol(request: Request) -> Response:
        asked = await parse(request, RefreshBody)
        return await session(request, lambda: accounts.re_enrol(asked.refresh))

    async def sign_out(request: Request) -> Response:
        token = token_of(request)
        await context.run(lambda: accounts.sign_out(accounts.identify(token)), writes=True)
        return Response(status_code=204)

    return [
        Route(
            "POST",
            "/v1/auth/sign-in",
            sign_in,
            "Open a session with a password.",
            SignInBody,
            SessionBody,
            problems=(401, 403, 429),
            needs_token=False,
        ),
        Route(
            "POST",
            "/v1/auth/enrol",
            enrol,
            "Open a session with a one-time code.",
            EnrolBody,
            SessionBody,
            problems=(401, 403, 429),
            needs_token=False,
        ),
        Route(
            "POST",
            "/v1/auth/refresh",
            refresh,
            "Renew a session; may be repeated.",
            RefreshBody,
            SessionBody,
            problems=(401, 403),
            needs_token=False,
        ),
        Route(
            "POST",
            "/v1/auth/re-enrol",
            re_enrol,
            "Give a copied device a new identity.",
            RefreshBody,
            SessionBody,
            problems=(401, 403),
            needs_token=False,
        ),
        Route("POST", "/v1/auth/sign-out", sign_out, "End a session.", status=204),
    ]
