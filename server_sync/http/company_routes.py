"""Coming in with the company's account: by its issuer, or by a proxy that has asked it already."""

from starlette.requests import Request
from starlette.responses import Response

from field_core.problems import ProblemError
from server_sync.accounts import Returned, Session
from server_sync.accounts.oidc import SCOPE
from server_sync.http.auth_messages import (
    CompanyBody,
    CompanyWay,
    ProxiedBody,
    SessionBody,
    WaysBody,
)
from server_sync.http.context import Context
from server_sync.http.messages import answer, parse
from server_sync.http.routing import Route


def routes(context: Context) -> list[Route]:
    """Return the routes under `/v1/auth` that need the company."""
    accounts, company = context.accounts, context.company

    def opened(request: Request, session: Session) -> Response:
        body = SessionBody.of(
            session, server_key=context.rescue.public_key, now_ms=context.now_ms()
        )
        response = answer(request, body)
        response.headers["Cache-Control"] = "no-store"
        return response

    async def way() -> CompanyWay | None:
        """The company's way, unless its issuer is away: then people come in by the others."""
        if company is None:
            return None
        try:
            url = await company.issuer.authorize_url()
        except ProblemError:
            return None
        return CompanyWay(authorize_url=url, client_id=company.company.client_id, scope=SCOPE)

    async def ways(request: Request) -> Response:
        return answer(request, WaysBody(company=await way()))

    async def returned(request: Request) -> Response:
        if company is None:
            raise ProblemError("not-found")
        asked = await parse(request, CompanyBody)
        person = await company.person(
            Returned(asked.code, asked.verifier, asked.redirect_uri, asked.nonce)
        )
        return opened(
            request, await context.run(lambda: accounts.enter(person, asked.device.asked()))
        )

    async def proxied(request: Request) -> Response:
        """The header is there only if a proxy of ours has sent it: see `peers`."""
        asked = await parse(request, ProxiedBody)
        header = context.proxied_email_header
        email = request.headers.get(header, "") if header else ""
        if not email:
            raise ProblemError("signed-out")
        return opened(
            request, await context.run(lambda: accounts.let_in(email, asked.device.asked()))
        )

    return [
        Route(
            "GET",
            "/v1/auth/ways",
            ways,
            "Ways in besides password and code.",
            reply=WaysBody,
            needs_token=False,
        ),
        Route(
            "POST",
            "/v1/auth/company",
            returned,
            "Open a session with a code of the company's issuer.",
            CompanyBody,
            SessionBody,
            problems=(401, 403, 404),
            needs_token=False,
        ),
        Route(
            "POST",
            "/v1/auth/proxied",
            proxied,
            "Open a session for whom the proxy has let in.",
            ProxiedBody,
            SessionBody,
            problems=(401, 403),
            needs_token=False,
        ),
    ]
