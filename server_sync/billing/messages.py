"""Messages to customers: queued with what they belong to, sent by whoever is set up.

Twilio and Mailjet are one POST each. Without an account a message stays in the outbox, where the
operator (and the demo) reads it.
"""

import functools
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, Final, Protocol

import httpx
from sqlalchemy import Connection, Row, insert, select, update

from server_sync.billing.till import Till
from server_sync.blobs import BlobStore
from server_sync.store.schema import message_out

SMS, EMAIL = "sms", "email"
TRIES_MAX: Final = 4
AGAIN_MS: Final = (10_000, 30_000, 120_000)
"""A link lives fifteen minutes: later than this its message would be of no use."""
SENT_PER_STEP_MAX: Final = 20
TIMEOUT_S: Final = 10
TOO_MANY: Final = 429
_OK: Final = range(200, 300)
_REFUSED: Final = range(400, 500)


class Sent(Enum):
    """What became of a try."""

    DONE = auto()
    LATER = auto()
    """The provider was away, or wants fewer: it is tried again."""
    NEVER = auto()
    """The provider refuses it, as it does for who answered ARRÊT or STOP."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One message as a sender takes it; texts use neither subject nor attachment."""

    recipient: str
    subject: str
    content: str
    pdf: bytes | None = None


class Sender(Protocol):
    """Sends on one channel."""

    async def send(self, letter: Letter) -> Sent:
        """Send, once; never raises for what the network does."""


@dataclass(frozen=True)
class Twilio:
    """Text messages."""

    url: str
    account_sid: str
    auth_token: str
    from_number: str
    transport: httpx.AsyncBaseTransport | None = None

    async def send(self, letter: Letter) -> Sent:
        """Send a text message."""
        path = f"/2010-04-01/Accounts/{self.account_sid}/Messages.json"
        form = {"To": letter.recipient, "From": self.from_number, "Body": letter.content}
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

    async def send(self, letter: Letter) -> Sent:
        """Send an e-mail as plain text, with its document."""
        message: dict[str, Any] = {
            "From": {"Email": self.sender},
            "To": [{"Email": letter.recipient}],
            "Subject": letter.subject,
            "TextPart": letter.content,
        }
        if letter.pdf:
            document = {"ContentType": "application/pdf", "Filename": "contrat.pdf"}
            document["Base64Content"] = b64encode(letter.pdf).decode()
            message["Attachments"] = [document]
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
) -> Sent:
    try:
        async with httpx.AsyncClient(
            base_url=url, auth=auth, timeout=TIMEOUT_S, transport=transport
        ) as client:
            status = (await client.post(path, **content)).status_code
    except httpx.HTTPError:
        return Sent.LATER
    if status in _OK:
        return Sent.DONE
    return Sent.NEVER if status in _REFUSED and status != TOO_MANY else Sent.LATER


def queue(
    connection: Connection,
    *,
    channel: str,
    recipient: str,
    subject: str,
    content: str,
    now_ms: int,
    attachment: str | None = None,
) -> None:
    """Put a message in the outbox, in the transaction that decides on it.

    attachment: the hash of a PDF in the blob store; sent by e-mail alone.
    """
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
            "attachment": attachment,
        },
    )


@dataclass(frozen=True)
class Outbox:
    """Sends what waits, on the channels that are set up."""

    till: Till
    senders: dict[str, Sender]
    store: BlobStore

    async def send_due(self) -> int:
        """Send what is due; returns how many were tried."""
        rows = await self.till.run(self._due)
        for row in rows:
            letter = await self.till.run(functools.partial(self._letter, row))
            sent = await self.senders[row.channel].send(letter)
            noting = functools.partial(self._note, row, sent)
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

    def _letter(self, row: Row[Any]) -> Letter:
        pdf = self.store.read(row.attachment) if row.attachment else None
        return Letter(row.recipient, row.subject, row.content, pdf)

    def _note(self, row: Row[Any], sent: Sent) -> None:
        """A sent message keeps that it was sent, not its link."""
        tries, is_sent = row.tries + 1, sent is Sent.DONE
        is_over = sent is Sent.NEVER or tries >= TRIES_MAX
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
