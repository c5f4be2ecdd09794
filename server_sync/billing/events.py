"""Stripe's webhooks: is one genuine, and what of it is of use.

The signature is checked over the bytes as they came, by ourselves: the SDK accepts timestamps from
the future and reads the machine's clock.
"""

import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from field_core.problems import ProblemError

TOLERANCE_S: Final = 300
"""Both ways: Stripe's own default for the past, and what a wrong clock may show for the future."""
ATTEMPT: Final = "chk:"
"""How the keys of our attempts begin."""
BODY_BYTES_MAX: Final = 256_000
"""Stripe's largest events stay below this by far."""

_PART: Final = re.compile(r"(t|v1)=([0-9a-f]{1,64})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Fact:
    """What an event says about one payment. `kind` is Stripe's own word."""

    event: str
    kind: str
    session: str | None = None
    reference: str | None = None
    """PaymentIntent of a receipt, id of a refund or a dispute: the key of the effect."""
    payment_intent: str | None = None
    cents: int = 0
    currency: str = ""
    invoice: str | None = None
    is_paid: bool = False


def signature(raw: bytes, *, secret: str, at_s: int) -> str:
    """Return the header `Stripe-Signature` for a body (Stripe's scheme v1)."""
    return f"t={at_s},v1={_mac(raw, secret, at_s)}"


def verified(raw: bytes, header: str | None, *, secret: str, now_s: int) -> Fact:
    """Return what a genuine webhook says.

    Raises ProblemError `webhook-signature` without a secret, with a wrong or missing signature, or
    with a time more than five minutes away in either direction.
    """
    parts = _PART.findall(header or "")
    times = [value for name, value in parts if name == "t" and value.isdecimal()]
    if not secret or len(times) != 1 or abs(now_s - int(times[0])) > TOLERANCE_S:
        raise ProblemError("webhook-signature")
    right = _mac(raw, secret, int(times[0]))
    given = [value for name, value in parts if name == "v1"]
    if True not in [hmac.compare_digest(right, one) for one in given]:
        raise ProblemError("webhook-signature")
    try:
        return fact_of(json.loads(raw))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ProblemError("bad-request", reason="event") from error


def fact_of(event: Mapping[str, Any]) -> Fact:
    """Cut an event down to what is applied; what is not used is not kept."""
    kind, body = str(event["type"]), event["data"]["object"]
    if kind.startswith("checkout.session."):
        return Fact(
            event=str(event["id"]),
            kind=kind,
            session=str(body["id"]),
            reference=body.get("payment_intent"),
            payment_intent=body.get("payment_intent"),
            cents=int(body.get("amount_total") or 0),
            currency=str(body.get("currency") or ""),
            invoice=invoice_in(body.get("metadata") or {}),
            is_paid=body.get("payment_status") == "paid",
        )
    if kind in ("refund.created", "charge.dispute.created"):
        return Fact(
            event=str(event["id"]),
            kind=kind,
            reference=str(body["id"]),
            payment_intent=body.get("payment_intent"),
            cents=int(body.get("amount") or 0),
            currency=str(body.get("currency") or ""),
        )
    return Fact(event=str(event["id"]), kind=kind)


def invoice_in(metadata: Mapping[str, Any]) -> str | None:
    """Return the invoice that we noted on a session of ours; None for another product's."""
    is_ours = str(metadata.get("attempt") or "").startswith(ATTEMPT)
    return str(metadata["invoice"]) if is_ours and metadata.get("invoice") else None


def _mac(raw: bytes, secret: str, at_s: int) -> str:
    return hmac.digest(secret.encode(), f"{at_s}.".encode() + raw, "sha256").hex()
