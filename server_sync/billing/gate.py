"""The port to who takes the money: Stripe by its own SDK, over the network or to the stand-in.

What comes back is cut down to plain values at this edge; the SDK's objects go no further.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

import stripe

from field_core.problems import ProblemError
from server_sync.billing.events import Fact, fact_of, invoice_in

Answer = tuple[str, int, Mapping[str, str]]
Http = Callable[[str, str, Mapping[str, str], str], Answer]
RETRIES: Final = 2
CURRENCY: Final = "cad"
PAGE: Final = 100
"""Stripe's largest."""
_UNDONE: Final = frozenset({"failed", "canceled"})
"""Refunds that did not go back after all."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A payment as it is asked for. The key makes a repeated call the same one."""

    key: str
    invoice: str
    cents: int
    language: str
    expires_at_s: int
    title: str
    success_url: str
    cancel_url: str


@dataclass(frozen=True, slots=True)
class Session:
    """A Checkout Session: where the customer pays, and how far that has come."""

    id: str
    url: str | None
    status: str
    """`open`, `complete` or `expired`."""
    is_paid: bool
    payment_intent: str | None
    cents: int
    currency: str
    invoice: str | None


class Gate(Protocol):
    """What payments ask of Stripe; each call blocks, and raises ProblemError `busy`."""

    def create(self, wanted: Wanted) -> Session:
        """Make a session; the same key gives the same one."""

    def expire(self, session: str) -> None:
        """Close a session that is still open; nothing happens to one that is not."""

    def recent(self, since_s: int) -> list[Session]:
        """Return the sessions made since then."""

    def paid_by(self, payment_intent: str) -> Session | None:
        """Return the session that a payment belongs to; None when no session made it."""

    def taken_back(self, since_s: int) -> list[Fact]:
        """Return the refunds and disputes made since then, in the words of their events."""


class StripeGate:
    """Stripe, wherever it is."""

    def __init__(self, key: str, *, url: str, http: Http | None = None) -> None:
        """http: the stand-in's door; None for the network."""
        self._api = stripe.StripeClient(
            key,
            base_addresses={"api": url},
            max_network_retries=0 if http else RETRIES,
            http_client=_InProcess(http) if http else None,
        ).v1
        self._sessions = self._api.checkout.sessions

    def create(self, wanted: Wanted) -> Session:
        """Make a session; the same key gives the same one."""
        params: Any = {
            "mode": "payment",
            "locale": "fr-CA" if wanted.language == "fr" else "en",
            "payment_method_types": ["card", "acss_debit"],
            "payment_method_options": {
                "acss_debit": {
                    "mandate_options": {
                        "payment_schedule": "sporadic",
                        "transaction_type": "personal",
                    },
                }
            },
            "line_items": [
                {
                    "quantity": 1,
                    "price_data": {
                        "currency": CURRENCY,
                        "unit_amount": wanted.cents,
                        "product_data": {"name": wanted.title},
                    },
                }
            ],
            "metadata": {"invoice": wanted.invoice, "attempt": wanted.key},
            "payment_intent_data": {"metadata": {"invoice": wanted.invoice}},
            "success_url": wanted.success_url,
            "cancel_url": wanted.cancel_url,
            "expires_at": wanted.expires_at_s,
        }
        try:
            made = self._sessions.create(params, options={"idempotency_key": wanted.key})
        except stripe.StripeError as error:
            raise ProblemError("busy") from error
        return session_of(made.to_dict())

    def expire(self, session: str) -> None:
        """Close a session that is still open; nothing happens to one that is not."""
        try:
            self._sessions.expire(session)
        except stripe.InvalidRequestError:
            return  # it is complete or expired: what became of it comes as an event
        except stripe.StripeError as error:
            raise ProblemError("busy") from error

    def recent(self, since_s: int) -> list[Session]:
        """Return the sessions made since then."""
        return [session_of(one) for one in _all(self._sessions, {"created": {"gte": since_s}})]

    def paid_by(self, payment_intent: str) -> Session | None:
        """Return the session that a payment belongs to; None when no session made it."""
        found = _all(self._sessions, {"payment_intent": payment_intent})
        return session_of(found[0]) if found else None

    def taken_back(self, since_s: int) -> list[Fact]:
        """Return the refunds and disputes made since then, in the words of their events."""
        since = {"created": {"gte": since_s}}
        refunds = [one for one in _all(self._api.refunds, since) if one["status"] not in _UNDONE]
        return [
            *(_taken_back("refund.created", one) for one in refunds),
            *(
                _taken_back("charge.dispute.created", one)
                for one in _all(self._api.disputes, since)
            ),
        ]


def _all(service: Any, params: Mapping[str, Any]) -> list[dict[str, Any]]:  # noqa: ANN401 - the SDK's list services share no type
    """Return everything that a list of the SDK holds, as plain values."""
    try:
        found = service.list({**params, "limit": PAGE})
        return [one.to_dict() for one in found.auto_paging_iter()]
    except stripe.StripeError as error:
        raise ProblemError("busy") from error


def _taken_back(kind: str, body: Mapping[str, Any]) -> Fact:
    event = {"id": f"poll:{body['id']}", "type": kind, "data": {"object": body}}
    return fact_of(event)


def session_of(body: Mapping[str, Any]) -> Session:
    """Read a session as Stripe writes it."""
    return Session(
        id=str(body["id"]),
        url=body.get("url"),
        status=str(body.get("status") or ""),
        is_paid=body.get("payment_status") == "paid",
        payment_intent=body.get("payment_intent"),
        cents=int(body.get("amount_total") or 0),
        currency=str(body.get("currency") or ""),
        invoice=invoice_in(body.get("metadata") or {}),
    )


class _InProcess(stripe.HTTPClient):
    """Carries the SDK's requests to the stand-in of this very process."""

    name = "bench"

    def __init__(self, http: Http) -> None:
        super().__init__()
        self._http = http

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        post_data: Any = None,  # noqa: ANN401  # the SDK's own signature
        **_more: Any,  # noqa: ANN401  # same
    ) -> Answer:
        """Answer like a server on the network would."""
        return self._http(method, url, headers or {}, str(post_data or ""))

    def close(self) -> None:
        """Nothing is open."""
