"""Signing in, enrolling, refreshing and leaving: each may be tried again after a lost answer."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import Connection, delete, insert, select, update

from field_core.canon import Json
from field_core.enrolment import bare_code
from field_core.ids import RANDOM_BYTES, uuid7
from field_core.problems import ProblemError
from server_sync.accounts import attempts, devices, people
from server_sync.accounts.codes import CODE_BYTES, make_code
from server_sync.accounts.devices import DeviceAsked, DeviceStatus, Identity
from server_sync.accounts.passwords import Passwords
from server_sync.accounts.people import Person
from server_sync.accounts.tokens import RefreshClaim, Tokens
from server_sync.scope import audience_of
from server_sync.store.database import Database
from server_sync.store.schema import enrolment

HOUR_MS: Final = 3_600_000
SEEN_MS: Final = 7 * 24 * HOUR_MS
"""Whose snapshot is worth making ahead of need."""


@dataclass(frozen=True, slots=True)
class Lives:
    """How long things last."""

    access_ms: int = 15 * 60_000
    refresh_ms: int = 180 * 24 * HOUR_MS
    code_ms: int = 72 * HOUR_MS


@dataclass(frozen=True, slots=True)
class Session:
    """What a device holds once it is in."""

    access: str
    access_expires_ms: int
    refresh: str
    identity: Identity


class Accounts:
    """People, their devices and their tokens, over one database."""

    def __init__(
        self,
        database: Database,
        *,
        tokens: Tokens,
        passwords: Passwords,
        now_ms: Callable[[], int],
        entropy: Callable[[int], bytes],
        lives: Lives | None = None,
    ) -> None:
        self._database = database
        self._tokens = tokens
        self._passwords = passwords
        self._now_ms = now_ms
        self._entropy = entropy
        self._lives = lives or Lives()

    # --- who calls

    def identify(self, access: str) -> Identity:
        """Return who an access token stands for.

        Raises ProblemError `token-expired`, `signed-out`, `device-wiped`.
        """
        device = self.device_of(access)
        with self._database.read() as connection:
            return self.identity(connection, device)

    def device_of(self, access: str) -> str:
        """Return the device of an access token; raises ProblemError `token-expired`, `signed-out`.

        Asks nothing of the database: what strangers send costs it nothing.
        """
        return self._tokens.device_of(access)

    def identity(self, connection: Connection, device: str) -> Identity:
        """Return who works on a device; raises ProblemError `signed-out`, `device-wiped`."""
        return _let_in(devices.find(connection, device))

    # --- coming in

    def sign_in(self, email: str, password: str, asked: DeviceAsked) -> Session:
        """Open a session with a password.

        Raises ProblemError `sign-in-wrong` (whichever part was), `rate-limited`, `device-wiped`.
        """
        subject, now = self._tokens.hidden(people.same_address(email)), self._now_ms()
        with self._database.read() as connection:
            attempts.check(connection, subject, now_ms=now)
            row = people.find(connection, email)
        right = self._passwords.is_right(row.password_hash if row else None, password)
        if row is None or not right or row.is_disabled:
            self._database.run(lambda c: attempts.fail(c, subject, now_ms=now))
            raise ProblemError("sign-in-wrong")

        def work(connection: Connection) -> Session:
            attempts.forget(connection, subject)
            return self._open(connection, row.email, asked)

        return self._database.run(work)

    def enter(self, person: Person, asked: DeviceAsked) -> Session:
        """Open a session for whom the company's issuer named; what it says of them is kept.

        A technician that we know and the issuer does not name stays. Raises ProblemError
        `sign-in-wrong` for somebody who was disabled here, `device-wiped`.
        """

        def work(connection: Connection) -> Session:
            row = people.find(connection, person.email)
            if row is not None and row.is_disabled:
                raise ProblemError("sign-in-wrong")
            known = row.technician if row is not None else None
            named = replace(person, technician=person.technician or known)
            people.save(connection, named, password_hash=None)
            return self._open(connection, named.email, asked)

        return self._database.run(work)

    def let_in(self, email: str, asked: DeviceAsked) -> Session:
        """Open a session for somebody whom a proxy of ours has let in already, if we know them.

        Raises ProblemError `sign-in-wrong`, `device-wiped`.
        """

        def work(connection: Connection) -> Session:
            row = people.find(connection, email)
            if row is None or row.is_disabled:
                raise ProblemError("sign-in-wrong")
            return self._open(connection, row.email, asked)

        return self._database.run(work)

    def enrol(self, code: str, asked: DeviceAsked, *, source: str) -> Session:
        """Open a session with a one-time code; the same device may repeat until it moved on.

        source: where the call comes from; wrong codes are counted by it.
        Raises ProblemError `enrolment-code-wrong`, `rate-limited`.
        """
        subject, now = self._tokens.hidden(f"enrol|{source}"), self._now_ms()
        hidden = self._tokens.hidden(f"code|{bare_code(code)}")

        def work(connection: Connection) -> Session | None:
            attempts.check(connection, subject, now_ms=now)
            session = self._enrolled(connection, hidden, self._named(asked, hidden))
            if session is None:
                attempts.fail(connection, subject, now_ms=now)
            return session

        session = self._database.run(work)
        if session is None:
            raise ProblemError("enrolment-code-wrong")
        return session

    def _named(self, asked: DeviceAsked, hidden: str) -> DeviceAsked:
        """A device without an id gets one that a repeat with the same code gets too."""
        made = uuid.uuid5(_DEVICES, f"{hidden}|{asked.name}|{asked.platform}")
        return DeviceAsked(asked.name, asked.platform, asked.id or str(made))

    def _enrolled(self, connection: Connection, hidden: str, asked: DeviceAsked) -> Session | None:
        row = connection.execute(
            select(enrolment).where(enrolment.c.code_hash == hidden).with_for_update()
        ).first()
        person = people.find(connection, row.account) if row else None
        if row is None or person is None or person.is_disabled or row.expires_ms <= self._now_ms():
            return None
        if row.device:
            return self._repeated(connection, row.device, asked)
        session = self._open(connection, row.account, asked)
        identity = session.identity
        connection.execute(
            update(enrolment)
            .where(enrolment.c.code_hash == hidden)
            .values(device=f"{asked.id} {identity.device} {identity.generation}")
        )
        return session

    def _repeated(self, connection: Connection, used: str, asked: DeviceAsked) -> Session | None:
        """Answer a used code as before, if the same device asks and has not moved on since."""
        asked_before, device_id, generation = used.split(" ")
        identity = devices.find(connection, device_id, lock=True)
        same = identity and asked.id == asked_before and str(identity.generation) == generation
        return self._session(identity) if identity and same else None

    def _open(self, connection: Connection, email: str, asked: DeviceAsked) -> Session:
        """Start a session on the device that asks, or on a new one if it belongs to another."""
        found = devices.find(connection, asked.id, lock=True) if asked.id else None
        is_own = found is not None and found.person.email == email
        if is_own:
            _let_in(found)
        device_id = asked.id if asked.id and (is_own or found is None) else self._new_id()
        devices.start(connection, device_id, email, asked, now_ms=self._now_ms())
        return self._session(_let_in(devices.find(connection, device_id)))

    def _new_id(self) -> str:
        return uuid7(self._now_ms(), self._entropy(RANDOM_BYTES))

    def _session(self, identity: Identity) -> Session:
        expires = identity.renewed_ms + self._lives.access_ms
        return Session(
            self._tokens.access(identity.device, expires_ms=expires),
            expires,
            self._tokens.refresh(RefreshClaim(identity.device, identity.generation)),
            identity,
        )

    # --- staying in

    def refresh(self, token: str) -> Session:
        """Give the next pair for a refresh token, and the same pair again until it is used.

        Raises ProblemError `signed-out` for a token that is not the newest or the one before it.
        """
        claim = self._tokens.read_refresh(token)
        return self._database.run(lambda connection: self._refreshed(connection, claim))

    def _refreshed(self, connection: Connection, claim: RefreshClaim) -> Session:
        identity = self._genuine(connection, claim)
        now, generation = self._now_ms(), identity.generation
        half_spent = now - identity.renewed_ms > self._lives.access_ms // 2
        if claim.generation == generation:
            generation += 1
        elif not half_spent:
            return self._session(identity)
        devices.renew(connection, identity.device, generation=generation, now_ms=now)
        return self._session(replace(identity, generation=generation, renewed_ms=now))

    def _genuine(self, connection: Connection, claim: RefreshClaim) -> Identity:
        identity = _let_in(devices.find(connection, claim.device, lock=True))
        is_current = claim.generation in (identity.generation, identity.generation - 1)
        is_stale = self._now_ms() - identity.renewed_ms > self._lives.refresh_ms
        if not is_current or is_stale:
            raise ProblemError("signed-out")
        return identity

    def re_enrol(self, token: str) -> Session:
        """Give one of two copies of a device a new identity; the old one keeps its outcomes."""
        claim = self._tokens.read_refresh(token)

        def work(connection: Connection) -> Session:
            identity = self._genuine(connection, claim)
            name, platform = devices.described(connection, identity.device)
            asked = DeviceAsked(name, platform, self._new_id())
            return self._open(connection, identity.person.email, asked)

        return self._database.run(work)

    def owner_of(self, token: str) -> Identity:
        """Return whose refresh token this is, of whatever age: it proves where a file comes from.

        Raises ProblemError `signed-out` when we never made it.
        """
        claim = self._tokens.read_refresh(token)
        with self._database.read() as connection:
            identity = devices.find(connection, claim.device)
        if identity is None:
            raise ProblemError("signed-out")
        return identity

    def sign_out(self, identity: Identity) -> None:
        """End a session: its refresh tokens stop working, its access token runs out."""

        def work(connection: Connection) -> None:
            now = devices.find(connection, identity.device, lock=True)
            if now:
                devices.renew(
                    connection,
                    now.device,
                    now_ms=now.renewed_ms,
                    generation=now.generation + devices.NEVER_USED,
                )

        self._database.run(work)

    # --- managing

    def add(self, person: Person, *, password: str | None = None) -> None:
        """Write a person, new or known; without a password only an enrolment code lets them in."""
        hashed = self._passwords.hash(password) if password else None
        self._database.run(lambda c: people.save(c, person, password_hash=hashed))

    def everybody(self) -> list[Person]:
        """Return everybody."""
        with self._database.read() as connection:
            return [*people.every(connection)]

    def find(self, email: str) -> Person:
        """Return a person; raises ProblemError `not-found`."""
        with self._database.read() as connection:
            row = people.find(connection, email)
        if row is None:
            raise ProblemError("not-found")
        return people.person_of(row)

    def set_password(self, email: str, password: str) -> None:
        """Give a person another password; raises ProblemError `not-found`."""
        self.add(self.find(email), password=password)

    def disable(self, email: str) -> None:
        """Let a person in no more; their devices still hand over what they hold."""
        person = self.find(email)

        def work(connection: Connection) -> None:
            people.save(connection, _disabled(person), password_hash=None)
            devices.drain_all(connection, person.email)

        self._database.run(work)

    def make_code(self, email: str) -> tuple[str, int]:
        """Return a new enrolment code for a person, and when it ends (ms)."""
        person, code = self.find(email), make_code(self._entropy(CODE_BYTES))
        expires = self._now_ms() + self._lives.code_ms
        hidden = self._tokens.hidden(f"code|{bare_code(code)}")
        self._database.run(
            lambda c: c.execute(
                insert(enrolment),
                {
                    "code_hash": hidden,
                    "account": person.email,
                    "expires_ms": expires,
                    "device": None,
                },
            )
        )
        return code, expires

    def devices(self) -> list[dict[str, Json]]:
        """Return every device, the one heard from last first."""
        with self._database.read() as connection:
            return devices.listed(connection)

    def audiences_seen(self) -> set[str]:
        """Return the audiences of devices that were heard from within a week."""
        with self._database.read() as connection:
            people_seen = devices.people_seen(connection, since_ms=self._now_ms() - SEEN_MS)
        return {audience_of(person.roles, person.technician) for person in people_seen}

    def revoke(self, device_id: str, status: DeviceStatus) -> None:
        """Have a device drained or wiped; raises ProblemError `not-found`."""
        if not self._database.run(lambda c: devices.set_status(c, device_id, status)):
            raise ProblemError("not-found")

    def sweep(self) -> None:
        """Drop codes and counted tries that are past their time."""
        now = self._now_ms()

        def work(connection: Connection) -> None:
            attempts.sweep(connection, now_ms=now)
            connection.execute(delete(enrolment).where(enrolment.c.expires_ms < now))

        self._database.run(work)


_DEVICES: Final = uuid.UUID("5b8f2c1e-9f0a-5a44-8f19-6d1c0f3a7e52")


def _let_in(identity: Identity | None) -> Identity:
    if identity is None:
        raise ProblemError("signed-out")
    if identity.status is DeviceStatus.WIPED:
        raise ProblemError("device-wiped")
    return identity


def _disabled(person: Person) -> Person:
    return Person(
        person.email,
        person.full_name,
        person.roles,
        person.technician,
        person.language,
        is_disabled=True,
    )
