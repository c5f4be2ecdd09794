"""The stand-in for Stripe (« banc d'essai »): sessions, refunds, signed webhooks, no money.

It answers the official SDK as Stripe would, as far as this product asks: nested form fields, whole
cents of 50 or more, expiry between 30 minutes and 24 hours, idempotency keys with the body's hash.
The composition gives it a place only on loopback, beside the embedded ERP, without a Stripe key.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from sqlalchemy import Connection, delete, insert, select, update

from server_sync.billing.events import signature
from server_sync.store.database import Database
from server_sync.store.schema import bench_object

KEY: Final = "sk_test_bench"
URL: Final = "http://bench.internal"
"""Never resolved: the SDK's requests come in process."""
CENTS_MIN: Final = 50
EXPIRY_S: Final = (30 * 60, 24 * 3600)
RETRY_MS: Final = 5_000
DELIVERED_PER_STEP_MAX: Final = 50
_ID_BYTES: Final = 12
_PATHS: Final = {"session": "checkout/sessions"}

Raw = dict[str, Any]
Answer = tuple[str, int, Mapping[str, str]]


class _RefusedError(Exception):
    def __init__(self, status: int, kind: str, message: str) -> None:
        super().__init__(message)
        self.status, self.kind, self.message = status, kind, message


@dataclass(frozen=True)
class Bench:
    """One stand-in on one database."""

    database: Database
    now_ms: Callable[[], int]
    entropy: Callable[[int], bytes]
    secret: str
    page: str
    """Where its hosted page is served, without the session."""

    # --- what the SDK asks

    def answer(self, method: str, url: str, headers: Mapping[str, str], body: str) -> Answer:
        """Answer a request of the SDK."""
        try:
            told, status = self._answered(method, url, headers, body), 200
        except _RefusedError as refused:
            status = refused.status
            told = {"error": {"type": refused.kind, "message": refused.message}}
        return json.dumps(told), status, {"content-type": "application/json"}

    def _answered(self, method: str, url: str, headers: Mapping[str, str], body: str) -> Raw:
        if headers.get("Authorization") != f"Bearer {KEY}":
            raise _RefusedError(401, "invalid_request_error", "Invalid API Key")
        parts, form = urlsplit(url), nested(body)
        path = parts.path.removeprefix("/v1/").split("/")
        key = headers.get("Idempotency-Key", "")
        match method, path:
            case "post", ["checkout", "sessions"]:
                return self.database.run(lambda c: self._once(c, key, body, form))
            case "get", ["checkout", "sessions"]:
                return self._list(nested(parts.query))
            case "get", ["checkout", "sessions", name]:
                return self.session(name)
            case "post", ["checkout", "sessions", name, "expire"]:
                return self.database.run(lambda c: self._expire(c, name))
            case "post", ["refunds"]:
                return self.database.run(lambda c: self._refund(c, form))
            case "get", ["refunds" | "disputes" as kind]:
                return self._list(nested(parts.query), kind=kind.removesuffix("s"))
            case _:
                raise _RefusedError(404, "invalid_request_error", "Unrecognized request URL")

    def _once(self, connection: Connection, key: str, body: str, form: Raw) -> Raw:
        digest = hashlib.sha256(body.encode()).hexdigest()
        have = _load(connection, f"key:{key}") if key else None
        if have:
            if have["digest"] != digest:
                raise _RefusedError(400, "idempotency_error", "Same key, other parameters")
            return _session(connection, have["session"])
        made = self._create(connection, form)
        if key:
            _save(connection, f"key:{key}", "key", {"digest": digest, "session": made["id"]},
                  now_ms=self.now_ms())  # fmt: skip
        return made

    def _create(self, connection: Connection, form: Raw) -> Raw:
        line = form["line_items"]["0"]["price_data"]
        cents, now_s = int(line["unit_amount"]), self.now_ms() // 1000
        expires_at = int(form["expires_at"])
        if cents < CENTS_MIN:
            raise _RefusedError(400, "invalid_request_error", "Amount too small")
        if not EXPIRY_S[0] <= expires_at - now_s <= EXPIRY_S[1]:
            raise _RefusedError(400, "invalid_request_error", "Invalid expires_at")
        name = self._id("cs_test")
        body: Raw = {
            "id": name,
            "object": "checkout.session",
            "created": now_s,
            "status": "open",
            "payment_status": "unpaid",
            "payment_intent": None,
            "amount_total": cents,
            "currency": line["currency"],
            "metadata": form.get("metadata", {}),
            "title": line["product_data"]["name"],
            "locale": form.get("locale"),
            "success_url": form["success_url"],
            "cancel_url": form["cancel_url"],
            "expires_at": expires_at,
            "url": f"{self.page}/{name}",
        }
        _save(connection, name, "session", body, now_ms=self.now_ms())
        return body

    def _list(self, query: Raw, *, kind: str = "session") -> Raw:
        since_ms = int(query.get("created", {}).get("gte", 0)) * 1000
        intent = query.get("payment_intent")
        with self.database.read() as connection:
            rows = connection.execute(
                select(bench_object.c.body)
                .where(bench_object.c.kind == kind, bench_object.c.made_ms >= since_ms)
                .order_by(bench_object.c.made_ms.desc())
            ).scalars()
            found = [json.loads(body) for body in rows]
        kept = [one for one in found if intent in (None, one["payment_intent"])]
        return {
            "object": "list",
            "url": f"/v1/{_PATHS.get(kind, kind + 's')}",
            "has_more": False,
            "data": kept,
        }

    def _expire(self, connection: Connection, name: str) -> Raw:
        session = _session(connection, name)
        if session["status"] != "open":
            raise _RefusedError(400, "invalid_request_error", "Only open sessions can be expired")
        session |= {"status": "expired"}
        _change(connection, session)
        self._event(connection, "checkout.session.expired", session)
        return session

    def _refund(self, connection: Connection, form: Raw) -> Raw:
        intent = str(form["payment_intent"])
        paid = _load(connection, f"intent:{intent}")
        if paid is None:
            raise _RefusedError(404, "invalid_request_error", "No such payment_intent")
        cents = int(form["amount"] if "amount" in form else paid["left"])
        if not 0 < cents <= paid["left"]:
            raise _RefusedError(400, "invalid_request_error", "Refund is greater than what is left")
        connection.execute(
            update(bench_object)
            .where(bench_object.c.id == f"intent:{intent}")
            .values(body=json.dumps({**paid, "left": paid["left"] - cents}))
        )
        return self._back(connection, "refund", "refund.created", intent, cents)

    def _back(self, connection: Connection, kind: str, event: str, intent: str, cents: int) -> Raw:
        body: Raw = {"id": self._id(f"{kind[:2]}_test"), "object": kind, "payment_intent": intent,
                     "amount": cents, "currency": "cad", "status": "succeeded"}  # fmt: skip
        _save(connection, body["id"], kind, body, now_ms=self.now_ms())
        self._event(connection, event, body)
        return body

    def dispute(self, intent: str) -> Raw:
        """Take a payment back as a customer's bank does, all that is left of it."""

        def work(connection: Connection) -> Raw:
            paid = _load(connection, f"intent:{intent}")
            assert paid, "a dispute is about a payment"
            return self._back(
                connection, "dispute", "charge.dispute.created", intent, int(paid["left"])
            )

        return self.database.run(work)

    # --- what a person does on the hosted page

    def session(self, name: str) -> Raw:
        """Return a session; raises for one that is not there, as the API would."""
        with self.database.read() as connection:
            return _session(connection, name)

    def find(self, name: str) -> Raw | None:
        """Return a session, or None."""
        try:
            return self.session(name)
        except _RefusedError:
            return None

    def act(self, name: str, act: str) -> str:
        """Pay (`card`, `debit_ok`, `debit_fails`) or leave; return where the customer goes next."""

        def work(connection: Connection) -> str:
            session = _session(connection, name)
            if act == "leave":
                return str(session["cancel_url"])
            if session["status"] == "open":
                self._pay(connection, session, act)
            return str(session["success_url"]).replace("{CHECKOUT_SESSION_ID}", name)

        return self.database.run(work)

    def _pay(self, connection: Connection, session: Raw, act: str) -> None:
        intent = self._id("pi_test")
        session |= {"status": "complete", "payment_intent": intent}
        if act == "card":
            session |= {"payment_status": "paid"}
        self._event(connection, "checkout.session.completed", session)
        if act == "debit_ok":
            session |= {"payment_status": "paid"}
            self._event(connection, "checkout.session.async_payment_succeeded", session)
        if act == "debit_fails":
            self._event(connection, "checkout.session.async_payment_failed", session)
        _change(connection, session)
        if session["payment_status"] == "paid":
            _save(connection, f"intent:{intent}", "intent", {"left": session["amount_total"]},
                  now_ms=self.now_ms())  # fmt: skip

    # --- webhooks

    def due(self) -> list[tuple[str, bytes, str]]:
        """Return the events to deliver now: id, body, and signature of this moment."""
        now_ms = self.now_ms()
        with self.database.read() as connection:
            rows = connection.execute(
                select(bench_object.c.id, bench_object.c.body)
                .where(bench_object.c.kind == "event", bench_object.c.due_ms <= now_ms)
                .order_by(bench_object.c.due_ms, bench_object.c.made_ms, bench_object.c.id)
                .limit(DELIVERED_PER_STEP_MAX)
            ).all()
        return [(row.id, row.body.encode(), self._signed(row.body.encode())) for row in rows]

    def delivered(self, event: str, *, is_taken: bool) -> None:
        """Note what the receiver answered: taken, or to be sent again in a while."""
        due_ms = None if is_taken else self.now_ms() + RETRY_MS
        self.database.run(
            lambda c: c.execute(
                update(bench_object).where(bench_object.c.id == event).values(due_ms=due_ms)
            )
        )

    def replay(self) -> list[tuple[bytes, str]]:
        """Return every event ever, twice, in an order that has nothing to do with theirs."""
        with self.database.read() as connection:
            rows = connection.execute(
                select(bench_object.c.body).where(bench_object.c.kind == "event")
            ).scalars()
            bodies = [body.encode() for body in rows for _ in range(2)]
        shuffled = sorted(bodies, key=lambda _: self.entropy(8))
        return [(body, self._signed(body)) for body in shuffled]

    def forget(self) -> None:
        """Forget everything, between two tries."""
        self.database.run(lambda c: c.execute(delete(bench_object)))

    def _event(self, connection: Connection, kind: str, body: Raw) -> None:
        name = self._id("evt_test")
        event = {"id": name, "object": "event", "type": kind, "created": self.now_ms() // 1000,
                 "data": {"object": dict(body)}}  # fmt: skip
        _save(connection, name, "event", event, now_ms=self.now_ms(), due_ms=self.now_ms())

    def _signed(self, body: bytes) -> str:
        return signature(body, secret=self.secret, at_s=self.now_ms() // 1000)

    def _id(self, prefix: str) -> str:
        return f"{prefix}_{self.entropy(_ID_BYTES).hex()}"


def nested(form: str) -> Raw:
    """Read `a[b][0]=c` as Stripe does."""
    found: Raw = {}
    for name, value in parse_qsl(form, keep_blank_values=True):
        *path, last = name.replace("]", "").split("[")
        place = found
        for step in path:
            place = place.setdefault(step, {})
        place[last] = value
    return found


def _session(connection: Connection, name: str) -> Raw:
    found = _load(connection, name) if name.startswith("cs_test_") else None
    if found is None:
        raise _RefusedError(404, "invalid_request_error", "No such checkout.session")
    return found


def _load(connection: Connection, name: str) -> Raw | None:
    body = connection.execute(select(bench_object.c.body).where(bench_object.c.id == name)).scalar()
    return dict(json.loads(body)) if body else None


def _save(
    connection: Connection,
    name: str,
    kind: str,
    body: Raw,
    *,
    now_ms: int,
    due_ms: int | None = None,
) -> None:
    row = {"id": name, "kind": kind, "body": json.dumps(body), "made_ms": now_ms, "due_ms": due_ms}
    connection.execute(insert(bench_object), row)


def _change(connection: Connection, body: Raw) -> None:
    connection.execute(
        update(bench_object).where(bench_object.c.id == body["id"]).values(body=json.dumps(body))
    )
