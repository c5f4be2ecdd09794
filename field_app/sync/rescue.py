"""A rescue file: unsent work and its photos, sealed so that only the server can open it.

For a phone that dies with work on it, or sees no network for days. X25519, HKDF-SHA256 and
ChaCha20-Poly1305 (RFC 7748, 5869, 8439); the layout, to the byte, is in docs/server.md.
"""

from base64 import b64decode
from collections.abc import Callable
from typing import Any, Final, NamedTuple

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from field_app.sync.files import BlobFolder
from field_app.sync.replica import Replica
from field_core.canon import dump
from field_core.device_time import Stamp

MAGIC: Final = b"GFRESCUE"
VERSION: Final = 1
KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
_INFO: Final = b"gigafibre rescue 1"
_LENGTH_BYTES: Final = 4
_EVERYTHING: Final = 1 << 31


class Packed(NamedTuple):
    """What a rescue file will hold: its content, and how much of what."""

    content: bytes
    operations: int
    blobs: int


def pack(replica: Replica, blobs: BlobFolder, *, refresh: str, now: Stamp) -> Packed:
    """Gather every operation without a verdict and every blob the server has not verified.

    refresh: the device's refresh token, the proof of where the file comes from.
    """
    operations = replica.offer(_EVERYTHING)
    rows = replica.db.conn.execute(
        "SELECT sha256, size, mime FROM blob WHERE verified_ms IS NULL ORDER BY made_ms"
    )
    here = [(sha, size, mime) for sha, size, mime in rows if blobs.path(sha).is_file()]
    manifest: dict[str, Any] = {
        "refresh": refresh,
        "now": list(now),
        "ops": operations,
        "blobs": [{"sha256": sha, "size": size, "mime": mime} for sha, size, mime in here],
    }
    text = dump(manifest).encode()
    bodies = [blobs.piece(sha, 0, size) for sha, size, _ in here]
    content = len(text).to_bytes(_LENGTH_BYTES, "big") + text + b"".join(bodies)
    return Packed(content, len(operations), len(here))


def seal(content: bytes, *, server_key: str, noise: Callable[[int], bytes]) -> bytes:
    """Seal content to the server's public key (base64)."""
    theirs = b64decode(server_key)
    own = X25519PrivateKey.from_private_bytes(noise(KEY_BYTES))
    public, nonce = own.public_key().public_bytes_raw(), noise(NONCE_BYTES)
    header = MAGIC + bytes([VERSION]) + public + nonce
    shared = own.exchange(X25519PublicKey.from_public_bytes(theirs))
    key = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=public + theirs, info=_INFO)
    return header + ChaCha20Poly1305(key.derive(shared)).encrypt(nonce, content, header)
