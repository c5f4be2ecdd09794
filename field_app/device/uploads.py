"""Where a browser on this machine puts the files it was asked for, until the app takes them in.

Flet finds the folder and the key that signs its addresses in the environment.
"""

import os
import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Final

FOLDER: Final = "FLET_UPLOAD_DIR"
KEY: Final = "FLET_SECRET_KEY"
LARGEST: Final = "FLET_MAX_UPLOAD_SIZE"
BYTES_MAX: Final = 100_000_000
"""What may be made smaller; larger files are refused by their size before they are asked for."""
_PRIVATE: Final = 0o700


def open_uploads(data_dir: Path) -> Path:
    """Make the folder, empty and private, and tell Flet; what lay in it was never taken in."""
    folder = data_dir / "uploads"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=_PRIVATE)
    os.environ[FOLDER] = str(folder)
    os.environ[KEY] = secrets.token_hex()
    os.environ[LARGEST] = str(BYTES_MAX)
    return folder


def uploads(environment: Mapping[str, str] = os.environ) -> Path | None:
    """Return the folder; None where files come another way."""
    folder = environment.get(FOLDER)
    return Path(folder) if folder else None
