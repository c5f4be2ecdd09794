"""A new customer whom another one sent: 50 $ for the sender at activation, once, or taken back.

What a clerk notes is a claim. It becomes a credit when the new customer's first service is active,
and is taken back when all of it is cancelled within thirty days. Both are Payment Entries without
allocation, each with a key of its own, so that a repeated step changes nothing.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Connection, Row, insert, select, update

from field_core.problems import ProblemError
from field_core.referral import read_code
from server_sync.billing import limits
from server_sync.billing.ledger import REFERRAL, REFERRAL_BACK, Entry
from server_sync.billing.limits import Limit
from server_sync.billing.posting import Posting
from server_sync.billing.referral_codes import customer_of
from server_sync.billing.till import Till
from server_sync.clock import today_at
from server_sync.erp.failures import ErpNotFound, ErpUnavailable
from server_sync.store.schema import referral_use

Raw = dict[str, Any]
CREDIT_CENTS: Final = 5000
KEPT_DAYS: Final = 30
"""Cancelled within so many days of its activation, a service earns its sender nothing."""
MODE: Final = "Crédit de parrainage"
LOOK_UPS: Final = Limit("referral", 30, 3_600_000)
"""A clerk types a few codes an hour; a million codes are not tried thirty at a time."""
_LIVE: Final = frozenset({"Active", "Suspended"})
_STARTED: Final = _LIVE | {"Cancelled"}


class State(StrEnum):
    """How far a claim has come."""

    CLAIMED = "claimed"
    CREDITED = "credited"
    KEPT = "kept"
    TAKEN_BACK = "taken-back"


@dataclass(frozen=True)
class Referrals:
    """The service behind referral codes."""

    till: Till
    posting: Posting

    async def given_name(self, typed: str, *, who: str) -> str:
        """Return the given name of whose code this is, and nothing else of them.

        Raises ProblemError `rate-limited`, `referral-unknown`.
        """
        await self._spend(who)
        customer = await self._customer(await self._owner(typed))
        return str(customer.get("customer_name") or "").split(" ")[0]

    async def claim(self, referred: str, typed: str, *, who: str) -> None:
        """Note that a new customer was sent by the owner of a code; the same again is the same.

        Raises ProblemError `not-found`, `rate-limited`, `referral-unknown`, `referral-self`,
        `referral-claimed` (another code was noted), `referral-not-new`.
        """
        await self._spend(who)
        owner = await self._owner(typed)
        new, sender = await self._customer(referred), await self._customer(owner)
        if _is_same(new, sender) or await self._share_a_place(referred, owner):
            raise ProblemError("referral-self")
        noted = await self.till.look(lambda c: _find(c, referred))
        if noted is None and await self._services(referred, _STARTED):
            raise ProblemError("referral-not-new")
        row = {
            "referred": referred,
            "referrer": owner,
            "state": State.CLAIMED,
            "actor": who,
            "made_ms": self.till.now_ms(),
        }
        kept = await self.till.write(lambda c: _note(c, row))
        if kept != owner:
            raise ProblemError("referral-claimed")

    async def settle(self) -> int:
        """Give and take back what is due; returns how many changed. Safe to repeat."""
        changed = 0
        for row in await self.till.look(_open):
            try:
                changed += await self._settle(row)
            except ErpUnavailable:
                break
            except ProblemError as problem:
                code = problem.problem.code
                self.till.log.warning("referral waits", customer=row.referred, code=code)
        return changed

    async def _settle(self, row: Row[Any]) -> bool:
        live = await self._services(row.referred, _LIVE)
        today = today_at(self.till.clock, self.till.zone)
        if row.state == State.CLAIMED:
            started = [day for one in live if (day := str(one.get("start_date") or "")[:10])]
            if not started or min(started) > today.isoformat():
                return False
            await self._post(REFERRAL, row)
            return await self._to(row, State.CREDITED, since=min(started))
        if not live and today <= _kept_from(row):
            await self._post(REFERRAL_BACK, row)
            return await self._to(row, State.TAKEN_BACK)
        return await self._to(row, State.KEPT) if today > _kept_from(row) else False

    async def _post(self, kind: str, row: Row[Any]) -> None:
        entry = Entry(kind, row.referred, "", row.referrer, CREDIT_CENTS, MODE, kind, None)
        done = await self.posting.post(entry)
        self.till.log.info("referral entered", kind=kind, entry=done.name)

    async def _to(self, row: Row[Any], state: State, *, since: str | None = None) -> bool:
        values = {"state": state} | ({"active_since": since} if since else {})
        of = referral_use.c.referred == row.referred
        await self.till.write(lambda c: c.execute(update(referral_use).where(of).values(values)))
        return True

    async def _owner(self, typed: str) -> str:
        code = read_code(typed)
        owner = await self.till.look(lambda c: customer_of(c, code)) if code else None
        if owner is None:
            raise ProblemError("referral-unknown")
        return owner

    async def _customer(self, name: str) -> Raw:
        try:
            return await self.till.client.get("Customer", name)
        except ErpNotFound as error:
            raise ProblemError("not-found") from error

    async def _services(self, customer: str, states: frozenset[str]) -> list[Raw]:
        rows = await self.till.client.rows(
            "Service Subscription",
            ["name", "status", "start_date"],
            filters=[("customer", "=", customer)],
        )
        return [row for row in rows if row["status"] in states]

    async def _share_a_place(self, one: str, other: str) -> bool:
        rows = await self.till.client.rows(
            "Service Location",
            ["customer", "civic_address", "postal_code"],
            filters=[("customer", "in", [one, other])],
        )
        places = [
            {_plain(f"{row.get('civic_address')}{row.get('postal_code')}")
             for row in rows if row["customer"] == who}
            for who in (one, other)
        ]  # fmt: skip
        return bool(places[0] & places[1])

    async def _spend(self, who: str) -> None:
        subject = limits.subject_of(LOOK_UPS, who, secret=self.till.ring.newest.secret)
        now_ms = self.till.now_ms()
        wait_ms = await self.till.write(lambda c: limits.spend(c, LOOK_UPS, subject, now_ms=now_ms))
        if wait_ms:
            raise ProblemError("rate-limited", after_s=-(-wait_ms // 1000))


def _find(connection: Connection, referred: str) -> Row[Any] | None:
    return connection.execute(
        select(referral_use).where(referral_use.c.referred == referred)
    ).first()


def _note(connection: Connection, row: Mapping[str, object]) -> str:
    """Note a claim, unless there is one; return whose it is."""
    have = _find(connection, str(row["referred"]))
    if have is not None:
        return str(have.referrer)
    connection.execute(insert(referral_use), dict(row))
    return str(row["referrer"])


def _open(connection: Connection) -> list[Row[Any]]:
    is_open = referral_use.c.state.in_((State.CLAIMED, State.CREDITED))
    return [*connection.execute(select(referral_use).where(is_open))]


def _kept_from(row: Row[Any]) -> date:
    return date.fromisoformat(row.active_since) + timedelta(days=KEPT_DAYS)


def _is_same(one: Raw, other: Raw) -> bool:
    """Whether two customers are one person: by name in the ERP, telephone, e-mail or card."""
    if one["name"] == other["name"]:
        return True
    told = [
        {re.sub(r"\D", "", str(who.get("mobile_no") or ""))[-10:],
         str(who.get("email_id") or "").strip().lower(), str(who.get("stripe_id") or "")} - {""}
        for who in (one, other)
    ]  # fmt: skip
    return bool(told[0] & told[1])


def _plain(text: str) -> str:
    return re.sub(r"\W", "", text).lower()
