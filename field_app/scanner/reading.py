"""Read the codes of a picture with what this device has: the scanner's own composition root."""

import asyncio
import threading
from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from typing import Final

from field_app.device.clock import monotonic_s
from field_app.device.images import luminance
from field_app.scanner.cascade import Cascade, Enough, Limits, Reading, Step
from field_app.scanner.codes import Code
from field_app.scanner.decoders import Decoders, present
from field_app.scanner.opening import Picture, opened
from field_app.scanner.stages import stages_for
from field_core.problems import ProblemError

BUDGET_S: Final = 0.8
"""What a person waits without wondering; in calm moments nothing more is read after it."""
BUDGET_PHONE_S: Final = 1.5
"""A phone is two to four times slower, and lacks the quick decoder."""
BEST: Final = "zxing-cpp"

_STEPS: Final = "field_app.scanner.opencv.steps"


def read_codes(image: Picture) -> list[Code]:
    """Return the codes of a picture that count, the first read first.

    `image` is a path, a file's bytes, or an array: BGR (H, W, 3) or grey (H, W), uint8. Raises
    ProblemError `photo-…`, `not-found` or `scanner-missing`.
    """
    return list(read_picture(image).codes)


def read_picture(
    image: Picture,
    *,
    enough: Enough | None = None,
    is_cancelled: Callable[[], bool] = lambda: False,
    decoders: Decoders | None = None,
    budget_s: float | None = None,
) -> Reading:
    """Read a picture and tell how it went: what is doubtful, which stages ran, what is missing.

    `enough` says when the step of the job has what it needs; without it, a few stages run after
    the first code, for the others on the label. Blocks up to the budget; raises ProblemError.
    """
    has = decoders or installed()
    if not has.modes:
        raise ProblemError("scanner-missing", missing=", ".join(has.missing))
    grey = opened(image, luminance)
    is_desktop = BEST not in has.missing
    cascade = Cascade(has, _steps(), stages_for(grey.shape, has_zxing=is_desktop))
    budget = budget_s or (BUDGET_S if is_desktop else BUDGET_PHONE_S)
    return cascade.read(grey, Limits(monotonic_s, budget, enough, is_cancelled))


async def read_beside(image: Picture, *, enough: Enough | None = None) -> Reading:
    """Read a picture in a worker thread; the decoders let the screen run meanwhile.

    Cancelling ends the worker after the view it looks at. Raises ProblemError.
    """
    cancelled = threading.Event()
    try:
        return await asyncio.to_thread(
            read_picture, image, enough=enough, is_cancelled=cancelled.is_set
        )
    finally:
        cancelled.set()


@cache
def installed() -> Decoders:
    """Return the decoders of this machine, loaded once."""
    return present()


@cache
def _steps() -> Mapping[str, Step]:
    """Return what makes views; without OpenCV the decoders see the picture as it is."""
    try:
        steps: Mapping[str, Step] = import_module(_STEPS).STEPS
    except (ImportError, OSError):
        return {}
    return steps
