"""What our database knows about payments: attempts, events, and the entries that follow from them.

Each function works in the caller's transaction. States only climb, an effect is one row whatever
number of events speak of it, and an event counts as processed only once its effect is in the ERP.
"""

import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Connection, Row, func, insert, select, update

from field_core.problems import ProblemError
from server_sync.billing.events import Fact
from server_sync.billing.gate import CURRENCY, Wanted
from server_sync.store.schema import checkout, pay_audit, pay_entry, pay_event


class State(StrEnum):
    """How far an attempt to pay has come."""

    MAKING = "making"
    OPEN = "open"
    EXPIRED = "expired"
    PROCESSING = "processing"
    FAILED = "failed"
    PAID = "paid"


_RANK: Final = {state: rank for rank, state in enumerate(State)}
"""States climb in this order and never fall: events come in any order, and more than once."""
CARD: Final = "Carte de crédit"
DEBIT: Final = "Débit préautorisé"
RECEIPT, REFUND, DISPUTE = "receipt", "refund", "dispute"
REFERRAL, REFERRAL_BACK = "referral", "referral-back"
TAKEN_BACK: Final = {"refund.created": REFUND, "charge.dispute.created": DISPUTE}
"""Stripe's word for money that goes back, and ours."""
_SESSION: Final = "checkout.session."


@dataclass(frozen=True, slots=True)
class Entry:
    """Money that moved, and whether the ERP has it."""

    kind: str
    reference_no: str
    invoice: str
    customer: str
    """As the attempt noted it; empty for a session that is not in our tables."""
    cents: int
    mode: str
    flag: str | None
    posted_ms: int | None

    @property
    def key(self) -> str:
        """What makes the Payment Entry of this the same one."""
        return f"{self.kind}:{self.reference_no}"


# --- attempts


def open_attempt(connection: Connection, invoice: str, *, now_ms: int) -> Row[Any] | None:
    """Return the newest attempt of an invoice that can still be paid at Stripe."""
    return connection.execute(
        select(checkout)
        .where(
            checkout.c.invoice == invoice,
            checkout.c.state.in_((State.MAKING, State.OPEN)),
            checkout.c.expires_ms > now_ms,
        )
        .order_by(checkout.c.made_ms.desc())
        .limit(1)
    ).first()


def attempts(connection: Connection, invoice: str) -> int:
    """Return how often paying an invoice was begun."""
    return (
        connection.execute(
            select(func.count()).select_from(checkout).where(checkout.c.invoice == invoice)
        ).scalar()
        or 0
    )


def note_attempt(connection: Connection, wanted: Wanted, *, customer: str, now_ms: int) -> None:
    """Store an attempt before Stripe is asked, with the expiry that the call will repeat."""
    connection.execute(
        insert(checkout),
        {
            "key": wanted.key,
            "invoice": wanted.invoice,
            "customer": customer,
            "cents": wanted.cents,
            "currency": CURRENCY,
            "language": wanted.language,
            "state": State.MAKING,
            "made_ms": now_ms,
            "expires_ms": wanted.expires_at_s * 1000,
        },
    )


def note_session(connection: Connection, key: str, *, session: str, url: str | None) -> None:
    """Store where an attempt is paid; an event that was quicker keeps its state."""
    connection.execute(
        update(checkout).where(checkout.c.key == key).values(session=session, url=url)
    )
    climb(connection, session, State.OPEN)


def climb(connection: Connection, session: str, to: State) -> None:
    """Move an attempt up to a state; one that stands higher stays."""
    lower = [state for state in State if _RANK[state] < _RANK[to]]
    connection.execute(
        update(checkout)
        .where(checkout.c.session == session, checkout.c.state.in_(lower))
        .values(state=to)
    )


def by_session(connection: Connection, session: str) -> Row[Any] | None:
    """Return the attempt of a session."""
    return connection.execute(select(checkout).where(checkout.c.session == session)).first()


def processing(connection: Connection, invoice: str, *, since_ms: int) -> bool:
    """Tell whether a bank debit of an invoice is on its way."""
    found = connection.execute(
        select(checkout.c.key).where(
            checkout.c.invoice == invoice,
            checkout.c.state == State.PROCESSING,
            checkout.c.made_ms >= since_ms,
        )
    ).first()
    return found is not None


# --- events


def remember(connection: Connection, fact: Fact, *, now_ms: int) -> bool:
    """Store an event; return whether there is something to do for it."""
    row = connection.execute(
        select(pay_event).where(pay_event.c.id == fact.event).with_for_update()
    ).first()
    if row is None:
        body = json.dumps(asdict(fact), separators=(",", ":"))
        connection.execute(
            insert(pay_event),
            {"id": fact.event, "kind": fact.kind, "body": body, "received_ms": now_ms, "tries": 1},
        )
        return True
    connection.execute(
        update(pay_event).where(pay_event.c.id == fact.event).values(tries=row.tries + 1)
    )
    return row.processed_ms is None


def unprocessed(connection: Connection, *, until_ms: int | None = None) -> list[Fact]:
    """Return the events whose effect is still missing, oldest first, however old they are.

    until_ms: only those that were received by then.
    """
    wanted = select(pay_event.c.body).where(pay_event.c.processed_ms.is_(None))
    if until_ms is not None:
        wanted = wanted.where(pay_event.c.received_ms <= until_ms)
    rows = connection.execute(wanted.order_by(pay_event.c.received_ms))
    return [Fact(**json.loads(body)) for body in rows.scalars()]


def processed(connection: Connection, event: str, *, now_ms: int) -> None:
    """Note that the effect of an event is in the ERP."""
    connection.execute(update(pay_event).where(pay_event.c.id == event).values(processed_ms=now_ms))


# --- effects


def take(connection: Connection, fact: Fact, *, now_ms: int) -> Entry | None:
    """Apply a fact to our tables; return the entry that the ERP has to have, if any.

    Raises ProblemError `busy` for a refund whose payment has not come yet: Stripe sends it again.
    """
    if fact.kind.startswith(_SESSION):
        return _take_session(connection, fact, now_ms=now_ms)
    if fact.kind in TAKEN_BACK:
        return _take_back(connection, fact, now_ms=now_ms)
    return None


def _take_session(connection: Connection, fact: Fact, *, now_ms: int) -> Entry | None:
    assert fact.session, "a session's event names the session"
    word = fact.kind.removeprefix(_SESSION)
    if word == "async_payment_failed":
        climb(connection, fact.session, State.FAILED)
    elif word == "expired":
        climb(connection, fact.session, State.EXPIRED)
    elif word == "completed" and not fact.is_paid:
        climb(connection, fact.session, State.PROCESSING)
    elif word in ("completed", "async_payment_succeeded") and fact.reference:
        return _receipt(connection, fact, is_debit=word != "completed", now_ms=now_ms)
    return None


def _receipt(connection: Connection, fact: Fact, *, is_debit: bool, now_ms: int) -> Entry | None:
    attempt = by_session(connection, str(fact.session))
    invoice = attempt.invoice if attempt else fact.invoice
    if not invoice:
        return None  # another product's: one Stripe account may serve several (PP-10)
    is_as_asked = attempt is None or (
        (attempt.cents, attempt.currency) == (fact.cents, fact.currency)
    )
    flag = None if is_as_asked and fact.currency == CURRENCY else "mismatch"
    was_debit = attempt is not None and attempt.state == State.PROCESSING
    mode = DEBIT if is_debit or was_debit else CARD
    climb(connection, str(fact.session), State.PAID)
    owner = (invoice, attempt.customer if attempt else "")
    return _entry(connection, RECEIPT, fact, owner, mode=mode, flag=flag, now_ms=now_ms)


def _take_back(connection: Connection, fact: Fact, *, now_ms: int) -> Entry:
    """Money that went back: an entry of its own, never an edit of the receipt."""
    receipt = find_entry(connection, RECEIPT, str(fact.payment_intent))
    if receipt is None:
        raise ProblemError("busy")
    kind, owner = TAKEN_BACK[fact.kind], (receipt.invoice, receipt.customer)
    return _entry(connection, kind, fact, owner, mode=receipt.mode, flag=kind, now_ms=now_ms)


def _entry(
    connection: Connection,
    kind: str,
    fact: Fact,
    owner: tuple[str, str],
    *,
    mode: str,
    flag: str | None,
    now_ms: int,
) -> Entry:
    """Return the row of an effect, made at its first mention. owner: invoice and customer."""
    have = find_entry(connection, kind, str(fact.reference))
    if have:
        return have
    invoice, customer = owner
    connection.execute(
        insert(pay_entry),
        {
            "kind": kind,
            "reference_no": fact.reference,
            "invoice": invoice,
            "customer": customer,
            "cents": fact.cents,
            "mode": mode,
            "flag": flag,
            "made_ms": now_ms,
        },
    )
    return Entry(kind, str(fact.reference), invoice, customer, fact.cents, mode, flag, None)


def find_entry(connection: Connection, kind: str, reference_no: str) -> Entry | None:
    """Return an entry by what makes it the same."""
    row = connection.execute(
        select(pay_entry).where(pay_entry.c.kind == kind, pay_entry.c.reference_no == reference_no)
    ).first()
    if row is None:
        return None
    return Entry(
        row.kind,
        row.reference_no,
        row.invoice,
        row.customer,
        row.cents,
        row.mode,
        row.flag,
        row.posted_ms,
    )


def posted(
    connection: Connection,
    entry: Entry,
    *,
    erp_name: str,
    customer: str,
    allocated_cents: int,
    flag: str | None,
    now_ms: int,
) -> bool:
    """Note that the ERP has an entry; False when another delivery has noted it before."""
    done = connection.execute(
        update(pay_entry)
        .where(
            pay_entry.c.kind == entry.kind,
            pay_entry.c.reference_no == entry.reference_no,
            pay_entry.c.posted_ms.is_(None),
        )
        .values(
            erp_name=erp_name,
            customer=customer,
            allocated_cents=allocated_cents,
            flag=flag,
            posted_ms=now_ms,
        )
    )
    return done.rowcount == 1


def audit(
    connection: Connection, *, act: str, invoice: str, actor: str, now_ms: int, **details: str
) -> None:
    """Add a line about the payment of an invoice; nothing personal, nothing secret."""
    connection.execute(
        insert(pay_audit),
        {
            "at_ms": now_ms,
            "actor": actor,
            "act": act,
            "invoice": invoice,
            "details": json.dumps(details, sort_keys=True),
        },
    )
