"""Photos, signatures, raw diagnostics: named by sha256, resumable, verified before they count."""

from server_sync.blobs.blobs import Blobs, Upload, standing
from server_sync.blobs.opening import open_store
from server_sync.blobs.store import BlobStore, PieceMissingError

__all__ = ["BlobStore", "Blobs", "PieceMissingError", "Upload", "open_store", "standing"]
