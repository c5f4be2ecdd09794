"""Who is calling: from a bearer token to the rights that services decide by."""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection
from starlette.requests import Request

from field_core.capabilities import Capability, capabilities
from field_core.problems import ProblemError
from server_sync.accounts import DeviceStatus, Identity
from server_sync.http.context import Context
from server_sync.scope import audience_of
from server_sync.sync.caller import Caller

T = TypeVar("T")
_SCHEME = "bearer "


def token_of(request: Request) -> str:
    """Return the bearer token of a call; raises ProblemError `signed-out`."""
    header = request.headers.get("authorization", "")
    if header[: len(_SCHEME)].lower() != _SCHEME:
        raise ProblemError("signed-out")
    return header[len(_SCHEME) :].strip()


def caller_from(identity: Identity) -> Caller:
    """Return an identity as the services know it."""
    person = identity.person
    return Caller(
        account=person.email,
        device=identity.device,
        technician=person.technician,
        audience=audience_of(person.roles, person.technician),
        held=capabilities(person.roles),
        is_draining=identity.status is DeviceStatus.DRAINING,
        full_name=person.full_name,
    )


def caller_by(context: Context, token: str) -> Callable[[Connection], Caller]:
    """Return what looks up who calls, in a transaction that serves them too.

    Raises ProblemError `signed-out`, `token-expired`; what it returns also `device-wiped`.
    """
    device = context.accounts.device_of(token)
    return lambda connection: caller_from(context.accounts.identity(connection, device))


async def reading(context: Context, request: Request, read: Callable[[Connection, Caller], T]) -> T:
    """Run what reads for whoever calls, in the transaction that says who it is."""
    token = token_of(request)

    def work() -> T:
        identify = caller_by(context, token)
        with context.store.read() as connection:
            return read(connection, identify(connection))

    return await context.run(work)


async def caller_of(context: Context, request: Request) -> Caller:
    """Return who calls; raises ProblemError `signed-out`, `token-expired`, `device-wiped`."""
    token = token_of(request)
    return caller_from(await context.run(lambda: context.accounts.identify(token)))


async def caller_with(context: Context, request: Request, capability: Capability) -> Caller:
    """Return who calls, if they may do this; raises ProblemError `not-allowed` besides."""
    caller = await caller_of(context, request)
    if capability not in caller.held or caller.is_draining:
        raise ProblemError("not-allowed")
    return caller
