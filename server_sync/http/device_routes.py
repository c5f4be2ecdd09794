"""Devices as the office sees them, and taking them out of service."""

from typing import Any, Literal

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from field_core.capabilities import Capability
from field_core.wire import HeadFact
from server_sync.accounts import DeviceStatus
from server_sync.http.context import Context
from server_sync.http.guard import caller_with
from server_sync.http.messages import answer, parse
from server_sync.http.routing import Route, in_path


class DeviceState(BaseModel):
    """One device: whose, when heard from, what it still holds."""

    id: str
    account: str
    full_name: str
    technician: str | None
    name: str
    platform: str
    status: str
    last_n: int
    seen_ms: int
    skew_ms: int
    proto: int
    schema_app: int
    heads: dict[str, HeadFact] | None
    """What it last said of itself; None until it has. See `SyncRequest.heads`."""
    heads_ms: int


class DeviceList(BaseModel):
    """Every device, the one heard from last first."""

    devices: list[DeviceState]


class RevokeBody(BaseModel):
    """`drain`: take what it holds, then erase; `wipe`: erase now."""

    mode: Literal["drain", "wipe"]


_STATUS = {"drain": DeviceStatus.DRAINING, "wipe": DeviceStatus.WIPED}


def routes(context: Context) -> list[Route]:
    """Return the routes under `/v1/devices`."""

    async def listing(request: Request) -> Response:
        await caller_with(context, request, Capability.MANAGE_DEVICES)
        rows: Any = await context.run(context.accounts.devices)
        return answer(request, DeviceList(devices=[DeviceState(**row) for row in rows]))

    async def revoke(request: Request) -> Response:
        await caller_with(context, request, Capability.MANAGE_DEVICES)
        asked = await parse(request, RevokeBody)
        device, status = request.path_params["device"], _STATUS[asked.mode]
        await context.run(lambda: context.accounts.revoke(device, status), writes=True)
        return Response(status_code=204)

    return [
        Route("GET", "/v1/devices", listing, "Every device.", reply=DeviceList),
        Route(
            "POST",
            "/v1/devices/{device}/revoke",
            revoke,
            "Take a device out of service.",
            RevokeBody,
            status=204,
            problems=(404,),
            parameters=(in_path("device"),),
        ),
    ]
