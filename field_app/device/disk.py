"""Free space, as the file system tells it."""

import shutil
from pathlib import Path


def free_bytes(folder: Path) -> int:
    """Return how many bytes may still be written to the file system of an existing folder."""
    return shutil.disk_usage(folder).free
