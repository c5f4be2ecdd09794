"""Rescue files: unsent work of a device, sealed to the server's key, taken in exactly once.

A phone that dies with work on it, or never sees a network, writes one file. Only the server can
open it (X25519, HKDF-SHA256, ChaCha20-Poly1305; RFC 7748, 5869, 8439). Inside lie the operations
with their numbers, the blobs they need, and the device's refresh token as proof of where it comes
from. `docs/server.md` gives the layout to the byte; `tests/fixtures` holds a sealed example.
"""

import hashlib
from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import Annotated, Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import Connection, insert, select

from field_core.capabilities import capabilities
from field_core.device_time import Stamp
from field_core.operations import Verdict
from field_core.problems import ProblemError
from field_core.wire import UPCASTERS
from server_sync.accounts import Accounts, DeviceStatus, Identity
from server_sync.blobs import Blobs
from server_sync.scope import audience_of
from server_sync.store.schema import device, outcome
from server_sync.store.store import Store
from server_sync.store.transaction import Transaction
from server_sync.sync.caller import Caller
from server_sync.sync.push import Pusher

MAGIC: Final = b"GFRESCUE"
VERSION: Final = 1
FILE_BYTES_MAX: Final = 256_000_000
"""A day of photos is under 100 MB."""

_KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12
_LENGTH_BYTES: Final = 4
_HEADER_BYTES: Final = len(MAGIC) + 1 + _KEY_BYTES + _NONCE_BYTES
_INFO: Final = b"gigafibre rescue 1"
_SUFFIX: Final = ":rescue"


class RescueBlob(BaseModel):
    """One blob in the file, in the order in which their bytes follow."""

    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    size: int = Field(ge=1)
    mime: str


class Manifest(BaseModel):
    """What the file says of itself and holds."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    refresh: str
    now: Stamp
    ops: list[dict[str, Any]]
    blobs: list[RescueBlob] = Field(default_factory=list)


Count = Annotated[int, Field(ge=0)]


class RescueReport(BaseModel):
    """What became of a file: how many of its operations were new, known, kept for a person."""

    device: str
    technician: str | None
    operations: Count
    taken: Count
    known: Count
    kept_for_review: Count
    blobs: Count


@dataclass(frozen=True)
class RescueKey:
    """The server's key pair."""

    private: X25519PrivateKey

    @property
    def public(self) -> bytes:
        """The 32 bytes that devices seal to."""
        return self.private.public_key().public_bytes_raw()

    def open(self, sealed: bytes) -> tuple[Manifest, dict[str, bytes]]:
        """Open a file; raises ProblemError `rescue-unreadable`."""
        header, cipher = sealed[:_HEADER_BYTES], sealed[_HEADER_BYTES:]
        if len(header) < _HEADER_BYTES or not header.startswith(MAGIC + bytes([VERSION])):
            raise ProblemError("rescue-unreadable")
        ephemeral = header[len(MAGIC) + 1 : -_NONCE_BYTES]
        try:
            shared = self.private.exchange(X25519PublicKey.from_public_bytes(ephemeral))
            key = _key(shared, ephemeral + self.public)
            plain = ChaCha20Poly1305(key).decrypt(header[-_NONCE_BYTES:], cipher, header)
        except (InvalidTag, ValueError) as error:
            raise ProblemError("rescue-unreadable") from error
        return _read(plain)


def make_key(text: str) -> RescueKey:
    """Return the key pair that is kept as base64 of its private half."""
    return RescueKey(X25519PrivateKey.from_private_bytes(b64decode(text)))


def seal(plain: bytes, *, server_key: bytes, ephemeral: bytes, nonce: bytes) -> bytes:
    """Seal to a server's public key, as devices do; the fixture holds both programs to it."""
    own = X25519PrivateKey.from_private_bytes(ephemeral)
    public = own.public_key().public_bytes_raw()
    header = MAGIC + bytes([VERSION]) + public + nonce
    shared = own.exchange(X25519PublicKey.from_public_bytes(server_key))
    return header + ChaCha20Poly1305(_key(shared, public + server_key)).encrypt(
        nonce, plain, header
    )


def packed(manifest: Manifest, blobs: list[bytes]) -> bytes:
    """Return what is sealed: the manifest's length, the manifest, the blobs one after another."""
    text = manifest.model_dump_json().encode()
    return len(text).to_bytes(_LENGTH_BYTES, "big") + text + b"".join(blobs)


def _key(shared: bytes, salt: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=salt, info=_INFO).derive(shared)


def _read(plain: bytes) -> tuple[Manifest, dict[str, bytes]]:
    start = _LENGTH_BYTES + int.from_bytes(plain[:_LENGTH_BYTES], "big")
    try:
        manifest = Manifest.model_validate_json(plain[_LENGTH_BYTES:start])
    except ValidationError as error:
        raise ProblemError("rescue-unreadable") from error
    contents: dict[str, bytes] = {}
    for one in manifest.blobs:
        content = plain[start : start + one.size]
        if hashlib.sha256(content).hexdigest() != one.sha256:
            raise ProblemError("rescue-unreadable")
        contents[one.sha256] = content
        start += one.size
    return manifest, contents


@dataclass(frozen=True)
class Rescue:
    """Takes rescue files in, under the identity of the device that wrote them."""

    key: RescueKey
    store: Store
    accounts: Accounts
    blobs: Blobs

    @property
    def public_key(self) -> str:
        """What devices seal to, as it travels."""
        return b64encode(self.key.public).decode()

    def take_in(self, sealed: bytes) -> RescueReport:
        """Push what a file holds; the same file again, or the device itself later, adds nothing.

        Raises ProblemError `rescue-unreadable`, also when its proof is not one of our tokens.
        """
        manifest, contents = self.key.open(sealed)
        try:
            identity = self.accounts.owner_of(manifest.refresh)
        except ProblemError as error:
            raise ProblemError("rescue-unreadable") from error
        for one in manifest.blobs:
            self._keep_blob(one, contents[one.sha256], identity)
        ops = sorted(manifest.ops, key=_number)
        ids = [str(op.get("id")) for op in ops]
        with self.store.read() as connection:
            known = _verdicts(connection, ids).keys()
        self.store.transact(lambda tx: self._push(tx, manifest, identity, ops))
        with self.store.read() as connection:
            verdicts = _verdicts(connection, ids)
        fresh = [verdicts[one] for one in {*ids} - known if one in verdicts]
        kept = sum(verdict.is_kept_for_review for verdict in fresh)
        return RescueReport(
            device=identity.device,
            technician=identity.person.technician,
            operations=len(ops),
            taken=len(fresh) - kept,
            known=len(known),
            kept_for_review=kept,
            blobs=len(manifest.blobs),
        )

    def _keep_blob(self, one: RescueBlob, content: bytes, identity: Identity) -> None:
        upload = self.blobs.begin(
            one.sha256, size=one.size, mime=one.mime, account=identity.person.email
        )
        if not upload.is_done:
            self.blobs.receive(one.sha256, offset=upload.offset, piece=content[upload.offset :])

    def _push(
        self,
        transaction: Transaction,
        manifest: Manifest,
        identity: Identity,
        ops: list[dict[str, Any]],
    ) -> None:
        """Push under the device's own number line; where the file does not fit it, beside it.

        Beside it means: under an identity of its own with numbers of its own. Operations are known
        by their ids there, so that whatever arrives twice still counts once.
        """
        name = identity.device
        if not _fits(transaction.connection, name, ops):
            name += _SUFFIX
            last_n = _beside(transaction.connection, name, identity)
            known = _verdicts(transaction.connection, [str(op.get("id")) for op in ops])
            fresh = [op for op in ops if op.get("id") not in known]
            ops = [{**op, "n": last_n + i} for i, op in enumerate(fresh, 1)]
        caller = _caller(identity, name)
        Pusher(transaction, caller, sent=manifest.now, upcasters=UPCASTERS).push(ops)


def _caller(identity: Identity, name: str) -> Caller:
    person = identity.person
    return Caller(
        account=person.email,
        device=name,
        technician=person.technician,
        audience=audience_of(person.roles, person.technician),
        held=capabilities(person.roles),
        is_draining=identity.status is not DeviceStatus.ACTIVE,
        full_name=person.full_name,
    )


def _fits(connection: Connection, name: str, ops: list[dict[str, Any]]) -> bool:
    """Tell whether operations continue a device's number line without a hole or a contradiction."""
    numbers = [_number(op) for op in ops]
    last_n = connection.execute(select(device.c.last_n).where(device.c.id == name)).scalar_one()
    if not numbers or numbers != [*range(numbers[0], numbers[0] + len(ops))]:
        return not numbers
    stored = {
        row.n: row.op_id
        for row in connection.execute(
            select(outcome).where(
                outcome.c.device == name, outcome.c.n >= numbers[0], outcome.c.n <= numbers[-1]
            )
        )
    }
    return 0 < numbers[0] <= last_n + 1 and all(
        stored.get(n, op.get("id")) == op.get("id") for n, op in zip(numbers, ops, strict=True)
    )


def _verdicts(connection: Connection, ids: list[str]) -> dict[str, Verdict]:
    """Return the verdicts that operations have, under whichever identity."""
    rows = connection.execute(
        select(outcome.c.op_id, outcome.c.verdict).where(outcome.c.op_id.in_(ids))
    )
    return {row.op_id: Verdict(row.verdict) for row in rows}


def _beside(connection: Connection, name: str, identity: Identity) -> int:
    found = connection.execute(select(device.c.last_n).where(device.c.id == name)).scalar()
    if found is None:
        connection.execute(
            insert(device),
            {
                "id": name,
                "account": identity.person.email,
                "name": name,
                "platform": "rescue",
                "last_n": 0,
                "status": DeviceStatus.WIPED.value,
                "proto": 1,
                "schema_app": 1,
                "generation": 0,
                "renewed_ms": 0,
                "seen_ms": 0,
                "skew_ms": 0,
            },
        )
    return int(found or 0)


def _number(op: dict[str, Any]) -> int:
    n = op.get("n")
    return n if isinstance(n, int) and not isinstance(n, bool) else 0
