"""The ASGI application: routes put together, failures turned into problems, requests measured."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import cached_property
from typing import Any, Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from field_core.problems import Problem, ProblemError
from server_sync.http import (
    accept_routes,
    auth_routes,
    bench_routes,
    blob_routes,
    company_routes,
    contract_routes,
    desk_routes,
    device_routes,
    equipment_routes,
    hint_routes,
    invoice_routes,
    ocr_routes,
    operations_routes,
    pay_routes,
    referral_routes,
    rescue_routes,
    review_routes,
    sync_routes,
    transfer_routes,
    webhook_routes,
)
from server_sync.http.context import Context
from server_sync.http.peers import Network, Peers
from server_sync.http.problems import problem_answer
from server_sync.http.routing import Route, Served
from server_sync.store.failures import DatabaseFailure, problem_of

Lifespan = Callable[[Starlette], AbstractAsyncContextManager[None]]
_MODULES: Final = (
    auth_routes,
    company_routes,
    sync_routes,
    hint_routes,
    blob_routes,
    review_routes,
    device_routes,
    rescue_routes,
    operations_routes,
    invoice_routes,
    desk_routes,
    ocr_routes,
    pay_routes,
    contract_routes,
    accept_routes,
    referral_routes,
    bench_routes,
    webhook_routes,
    equipment_routes,
    transfer_routes,
)
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PATCH", "DELETE", "OPTIONS"})
_BY_STATUS: Final = {404: "not-found", 405: "bad-request"}


@asynccontextmanager
async def no_lifespan(_application: Starlette) -> AsyncIterator[None]:
    """Nothing to start or stop."""
    yield


class Application(Starlette):
    """The server's routes, served; their description is made when somebody asks for it."""

    def __init__(self, routes: Sequence[Route], *, version: str, lifespan: Lifespan) -> None:
        super().__init__(routes=[*map(Served, routes)], lifespan=lifespan)
        self.router.redirect_slashes = False
        self.add_route("/openapi.json", self._describe)
        self._described = routes
        self._version = version

    @cached_property
    def openapi(self) -> dict[str, Any]:
        """The OpenAPI document."""
        from server_sync.http.describing import describe  # noqa: PLC0415  # FastAPI is for who asks

        return describe(
            self._described,
            title="Gigafibre Field sync server",
            version=self._version,
            description="Push, pull, blobs, reviews and devices of the field app.",
        )

    async def _describe(self, _request: Request) -> Response:
        return JSONResponse(self.openapi)


def make_application(
    context: Context,
    *,
    version: str,
    lifespan: Lifespan = no_lifespan,
    proxies: Sequence[Network] = (),
) -> Application:
    """Return the application over a context. proxies: networks whose word on callers counts."""
    routes = [route for module in _MODULES for route in module.routes(context)]
    application = Application(routes, version=version, lifespan=lifespan)
    application.add_exception_handler(ProblemError, _on_problem)
    application.add_exception_handler(HTTPException, _on_http)
    application.add_exception_handler(DatabaseFailure, _on_database(context))
    application.add_middleware(Measured, context=context)
    application.add_middleware(Peers, networks=proxies, email_header=context.proxied_email_header)
    return application


async def _on_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, ProblemError), "registered for this"
    return problem_answer(error.problem, request)


async def _on_http(request: Request, error: Exception) -> Response:
    """What the router itself refuses: an unknown path, a method it does not know."""
    assert isinstance(error, HTTPException), "registered for this"
    code = _BY_STATUS.get(error.status_code, "bad-request")
    details = {} if code == "not-found" else {"reason": request.method}
    return problem_answer(
        Problem(code, details), request, status=error.status_code, headers=error.headers
    )


def _on_database(context: Context) -> Callable[[Request, Exception], Any]:
    async def handler(request: Request, error: Exception) -> Response:
        problem = problem_of(error)
        if problem.code != "bad-request":
            context.log.warning(
                "database busy" if problem.code == "busy" else "database failed",
                kind=type(error).__name__,
                route=_route_of(request.scope),
                exc_info=None if problem.code == "busy" else error,
            )
        return problem_answer(problem, request)

    return handler


class Measured:
    """Counts and logs every request, and answers for what nobody foresaw; outermost but one."""

    def __init__(self, app: ASGIApp, *, context: Context) -> None:
        self._app = app
        self._context = context

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, status = self._context.monotonic(), 0

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noting)
        except Exception:  # the last door: it is logged, and the caller hears only that
            self._context.log.exception("request failed", route=_route_of(scope))
            if status == 0:
                answer = problem_answer(Problem("internal"), Request(scope))
                await answer(scope, receive, noting)
        finally:
            self._note(scope, status, self._context.monotonic() - started)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        route = _route_of(scope)
        method = scope["method"] if scope["method"] in _METHODS else "other"
        self._context.metrics.note_request(
            route=route, method=method, status=status, seconds=seconds
        )
        self._context.log.info(
            "request", route=route, method=method, status=status, ms=round(seconds * 1000, 1)
        )


def _route_of(scope: Scope) -> str:
    """Return the route's pattern: a path itself may name a document or a device."""
    return getattr(scope.get("route"), "path", "other")
