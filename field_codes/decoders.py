"""The port behind which a decoder stands, and which of the known ones this machine has."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from field_codes.codes import Read

Grey = NDArray[np.uint8]
"""A picture as luminance, shape (H, W), C-contiguous."""

Decode = Callable[[Grey], Iterable[Read]]
"""Reads the codes of a picture; finds none rather than fail, whatever the picture holds."""


class DecoderModule(Protocol):
    """What a module that owns a vendor library offers."""

    NAME: str
    MODES: Mapping[str, Decode]


MODULES: Final = {
    "zxing-cpp": "field_codes.zxing",
    "pyzbar": "field_codes.zbar",
    "opencv": "field_codes.opencv.detectors",
}
"""Best first. Phones have the last two: no wheel and no recipe of zxing-cpp exists there."""


@dataclass(frozen=True, slots=True)
class Decoders:
    """The decoders of this machine: by mode, and the library that each mode belongs to."""

    modes: Mapping[str, Decode]
    names: Mapping[str, str]
    missing: tuple[str, ...] = ()
    """Libraries that could not be loaded, for the page that tells what this device can do."""


def present(wanted: Iterable[str] = tuple(MODULES)) -> Decoders:
    """Load the decoders that are installed here and name those that are not."""
    modes: dict[str, Decode] = {}
    names: dict[str, str] = {}
    missing: list[str] = []
    for name in wanted:
        module = _loaded(MODULES[name])
        if module is None:
            missing.append(name)
            continue
        modes |= module.MODES
        names |= dict.fromkeys(module.MODES, name)
    return Decoders(modes, names, tuple(missing))


def _loaded(path: str) -> DecoderModule | None:
    """Import one; pyzbar raises ImportError without the zbar library, on Windows OSError."""
    try:
        module: DecoderModule = import_module(path)
    except (ImportError, OSError):
        return None
    return module
