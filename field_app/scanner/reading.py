"""Read the codes of a picture by this device's clock, on the spot or in a worker thread."""

import asyncio
import threading
from collections.abc import Callable

from field_app.device.clock import monotonic_s
from field_codes.cascade import Enough, Reading
from field_codes.codes import Code
from field_codes.decoders import Decoders
from field_codes.opening import Picture
from field_codes.reading import read


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
    """Read a picture and tell how it went (see `field_codes.read`); raises ProblemError."""
    return read(
        image,
        now_s=monotonic_s,
        enough=enough,
        is_cancelled=is_cancelled,
        decoders=decoders,
        budget_s=budget_s,
    )


async def read_beside(
    image: Picture, *, enough: Enough | None = None, budget_s: float | None = None
) -> Reading:
    """Read a picture in a worker thread; the decoders let the screen run meanwhile.

    Cancelling ends the worker after the view it looks at. Raises ProblemError.
    """
    cancelled = threading.Event()
    try:
        return await asyncio.to_thread(
            read_picture,
            image,
            enough=enough,
            is_cancelled=cancelled.is_set,
            budget_s=budget_s,
        )
    finally:
        cancelled.set()
