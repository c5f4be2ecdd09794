"""SNMP by pysnmp, v1, v2c and v3: one get, and a walk of ours that always ends.

pysnmp's own bulk walk goes on for ever on a target that stopped answering. Ours ends at the first
error, at an OID that does not increase, outside of the column, and at limits of rows and time.
MIBs are never looked up, which halves the time.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import Any, Final, Literal, NamedTuple

from pysnmp.error import PySnmpError
from pysnmp.hlapi.v3arch.asyncio import (
    USM_AUTH_HMAC96_SHA,
    USM_PRIV_CFB128_AES,
    CommunityData,
    ContextData,
    ObjectIdentity,
    ObjectType,
    SnmpEngine,
    UdpTransportTarget,
    UsmUserData,
    bulk_cmd,
    get_cmd,
    next_cmd,
)
from pysnmp.proto import rfc1902, rfc1905

from field_app.diagnostics.kit import SnmpAccess

Engine = SnmpEngine
Version = Literal["1", "2c", "3"]
Walked = dict[str, tuple[str, object]]

ROWS_MAX: Final = 2_000
"""A column of a home gateway has tens of rows; an ARP table of a shop some hundreds."""
REPETITIONS: Final = 20
"""Rows an answer: about one datagram of 1,400 bytes, which no device refuses."""
AT_ONCE: Final = 4
"""Columns asked side by side; agents of gateways have short queues."""
TIMEOUT_S: Final = 1.0
SILENCES_MAX: Final = 2
"""Unanswered questions in a row after which a walk is given up; one may be a lost datagram."""
PHRASE_MIN: Final = 8
"""RFC 3414, 11.2."""
_ENDS: Final = (rfc1905.NoSuchObject, rfc1905.NoSuchInstance, rfc1905.EndOfMibView)
_TAGS: Final = (
    (rfc1902.IpAddress, "64"),
    (rfc1902.Counter32, "65"),
    (rfc1902.TimeTicks, "67"),
    (rfc1902.Counter64, "70"),
    (rfc1902.Gauge32, "66"),
    (rfc1902.Unsigned32, "66"),
    (rfc1902.Integer32, "2"),
)


class Said(NamedTuple):
    """What a get brought: values, or in one word what kept them (`timeout`, `refused`)."""

    values: Walked
    trouble: Literal["", "timeout", "refused"] = ""


class Agent:
    """One device asked in one version; use on one event loop, and close."""

    def __init__(self, engine: SnmpEngine, target: UdpTransportTarget, login: object) -> None:
        self._engine = engine
        self._target = target
        self._login: Any = login
        self._silences = 0
        self._is_v1 = getattr(login, "message_processing_model", None) == 0

    async def get(self, *oids: str) -> Said:
        """Ask for single values."""
        trouble, rows = await self._ask(get_cmd, oids)
        return Said(dict(rows), trouble)

    async def walk(self, columns: Iterable[str], *, is_over: Callable[[], bool]) -> Walked:
        """Walk columns, a few at once; what came before trouble counts."""
        gate, found = asyncio.Semaphore(AT_ONCE), Walked()

        async def one(column: str) -> None:
            async with gate:
                found.update(await self._column(column, is_over))

        await asyncio.gather(*(one(column) for column in columns))
        return found

    async def _column(self, column: str, is_over: Callable[[], bool]) -> Walked:
        found, last = Walked(), column
        while len(found) < ROWS_MAX and self._silences < SILENCES_MAX and not is_over():
            trouble, rows = await self._next(last)
            for oid, value in rows:
                if not oid.startswith(f"{column}.") or not comes_after(oid, last):
                    return found
                found[oid], last = value, oid
            if trouble or not rows:
                return found
        return found

    async def _next(self, oid: str) -> tuple[str, list[tuple[str, tuple[str, object]]]]:
        """Ask for what follows: twenty rows, or one in version 1, which knows no bulk."""
        if self._is_v1:
            return await self._ask(next_cmd, (oid,))
        return await self._ask(bulk_cmd, (oid,), 0, REPETITIONS)

    async def _ask(
        self,
        command: Callable[..., Any],
        oids: Sequence[str],
        *counts: int,
    ) -> tuple[Any, list[tuple[str, tuple[str, object]]]]:
        asked = [ObjectType(ObjectIdentity(oid)) for oid in oids]
        try:
            trouble, status, _, rows = await command(
                self._engine,
                self._login,
                self._target,
                ContextData(),
                *counts,
                *asked,
                lookupMib=False,
            )
        except PySnmpError:  # ciphering is missing, a key is wrong: pysnmp raises some of these
            return "refused", []
        if trouble is not None:
            is_silence = type(trouble).__name__ == "RequestTimedOut"
            self._silences += is_silence
            return ("timeout" if is_silence else "refused"), []
        self._silences = 0
        if int(status):
            return "refused", []
        return "", [(str(row[0]), plain(row[1])) for row in rows if not isinstance(row[1], _ENDS)]


async def connect(
    engine: SnmpEngine, host: str, access: SnmpAccess, version: Version, *, retries: int = 0
) -> Agent:
    """Prepare to ask a device; raises ValueError when a pass phrase is too short."""
    target = await UdpTransportTarget.create(
        (host, access.port), timeout=TIMEOUT_S, retries=retries
    )
    return Agent(engine, target, _login(access, version))


def _login(access: SnmpAccess, version: Version) -> object:
    if version != "3":
        return CommunityData(access.community, mpModel=0 if version == "1" else 1)
    phrases = (access.auth_phrase, access.privacy_phrase)
    if any(0 < len(phrase) < PHRASE_MIN for phrase in phrases):
        raise ValueError("a pass phrase has eight characters or more")
    keys: dict[str, Any] = {}
    if access.auth_phrase:
        keys |= {"authKey": access.auth_phrase, "authProtocol": USM_AUTH_HMAC96_SHA}
    if access.auth_phrase and access.privacy_phrase:
        keys |= {"privKey": access.privacy_phrase, "privProtocol": USM_PRIV_CFB128_AES}
    return UsmUserData(access.user, **keys)  # noqa: S509 - the equipment's settings decide the level


def plain(value: Any) -> tuple[str, object]:  # noqa: ANN401 - whatever pysnmp decodes
    """Return a value as `.snmprec` has it: a tag, and a number, bytes or text."""
    for kind, tag in _TAGS:
        if isinstance(value, kind):
            return tag, value.prettyPrint() if tag == "64" else int(value)
    if isinstance(value, rfc1902.OctetString):
        return "4", bytes(value)
    return "6", value.prettyPrint()


def comes_after(oid: str, last: str) -> bool:
    """Tell whether an OID increases; an agent that gives the same again would never end."""
    try:
        return [int(part) for part in oid.split(".")] > [int(part) for part in last.split(".")]
    except ValueError:
        return False


def run(work: Callable[[SnmpEngine], Any]) -> Any:  # noqa: ANN401 - what the work returns
    """Run SNMP work on a loop of its own, in this thread, and close its engine."""

    async def whole() -> Any:  # noqa: ANN401 - same
        engine = SnmpEngine()
        try:
            return await work(engine)
        finally:
            with suppress(PySnmpError):
                engine.close_dispatcher()

    return asyncio.run(whole())
