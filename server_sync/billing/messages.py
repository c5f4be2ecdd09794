"""Messages to customers: queued with what they belong to, sent by whoever is set up.

Twilio and Mailjet are one POST each. Without an account a message stays in the outbox, where the
operator (and the demo) reads it.
"""

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

import httpx
from sqlalchemy import Connection, Row, insert, select, update

from server_sync.billing.till import Till
from server_sync.store.schema import message_out

SMS, EMAIL = "sms", "email"
TRIES_MAX: Final = 4
AGAIN_MS: Final = (10_000, 30_000, 120_000)
"""A link lives fifteen minutes: later than this its message would be of no use."""
SENT_PER_STEP_MAX: Final = 20
TIMEOUT_S: Final = 10
_OK: Final = range(200, 300)


class Sender(Protocol):
    """Sends on one channel."""

    async def send(self, recipient: str, subject: str, content: str) -> bool:
        """Send; False when it is to be tried again."""


@dataclass(frozen=True)
class Twilio:
    """Text messages."""

    url: str
    account_sid: str
    auth_token: str
    from_number: str
    transport: httpx.AsyncBaseTransport | None = None

    async def send(self, recipient: str, subject: str, content: str) -> bool:  # noqa: ARG002  # texts have no subject
        """Send a text message."""
        path = f"/2010-04-01/Accounts/{self.account_sid}/Messages.json"
        form = {"To": recipient, "From": self.from_number, "Body": content}
        return await _post(
            self.url, path, auth=(self.account_sid, self.auth_token), transport=self.transport,
            data=form,
        )  # fmt: skip


@dataclass(frozen=True)
class Mailjet:
    """E-mail."""

    url: str
    key: str
    secret: str
    sender: str
    transport: httpx.AsyncBaseTransport | None = None

    async def send(self, recipient: str, subject: str, content: str) -> bool:
        """Send an e-mail as plain text."""
        message = {
            "From": {"Email": self.sender},
            "To": [{"Email": recipient}],
            "Subject": subject,
            "TextPart": content,
        }
        return await _post(
            self.url, "/v3.1/send", auth=(self.key, self.secret), transport=self.transport,
            json={"Messages": [message]},
        )  # fmt: skip


async def _post(
    url: str,
    path: str,
    *,
    auth: tuple[str, str],
    transport: httpx.AsyncBaseTransport | None,
    **content: Any,  # noqa: ANN401  # httpx's own arguments
) -> bool:
    try:
        async with httpx.AsyncClient(
            base_url=url, auth=auth, timeout=TIMEOUT_S, transport=transport
        ) as client:
            return (await client.post(path, **content)).status_code in _OK
    except httpx.HTTPError:
        return False


def queue(
    connection: Connection,
    *,
    channel: str,
    recipient: str,
    subject: str,
    content: str,
    now_ms: int,
) -> None:
    """Put a message in the outbox, in the transaction that decides on it."""
    connection.execute(
        insert(message_out),
        {
            "channel": channel,
            "recipient": recipient,
            "subject": subject,
            "content": content,
            "state": "waiting",
            "made_ms": now_ms,
            "next_ms": now_ms,
        },
    )


@dataclass(frozen=True)
class Outbox:
    """Sends what waits, on the channels that are set up."""

    till: Till
    senders: dict[str, Sender]

    async def send_due(self) -> int:
        """Send what is due; returns how many were tried."""
        rows = await self.till.run(self._due)
        for row in rows:
            is_sent = await self.senders[row.channel].send(row.recipient, row.subject, row.content)
            noting = functools.partial(self._note, row, is_sent=is_sent)
            await self.till.run(noting, writes=True)
        return len(rows)

    def _due(self) -> Sequence[Row[Any]]:
        with self.till.database.read() as connection:
            return connection.execute(
                select(message_out)
                .where(
                    message_out.c.state == "waiting",
                    message_out.c.next_ms <= self.till.now_ms(),
                    message_out.c.channel.in_([*self.senders]),
                )
                .order_by(message_out.c.next_ms)
                .limit(SENT_PER_STEP_MAX)
            ).all()

    def _note(self, row: Row[Any], *, is_sent: bool) -> None:
        """A sent message keeps that it was sent, not its link."""
        tries = row.tries + 1
        is_over = tries >= TRIES_MAX
        values: dict[str, object] = {"tries": tries}
        if is_sent or is_over:
            values |= {"state": "sent" if is_sent else "failed", "content": ""}
        else:
            values["next_ms"] = self.till.now_ms() + AGAIN_MS[tries - 1]
        self.till.database.run(
            lambda c: c.execute(
                update(message_out).where(message_out.c.id == row.id).values(values)
            )
        )
        if is_over and not is_sent:
            self.till.log.warning("message not sent", channel=row.channel)
