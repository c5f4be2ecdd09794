"""Which version of the app this is."""

from importlib import metadata
from typing import Final

PRODUCT: Final = "gigafibre-field"


def version() -> str:
    """Return the version that is installed; "0" for one that runs without being installed."""
    try:
        return metadata.version(PRODUCT)
    except metadata.PackageNotFoundError:
        return "0"
