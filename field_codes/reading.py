"""Read the codes of a picture with the decoders that this machine has."""

from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from typing import Final

from field_codes.cascade import Cascade, Enough, Limits, Reading, Step
from field_codes.decoders import Decoders, present
from field_codes.opening import Picture, opened
from field_codes.pictures import luminance
from field_codes.stages import stages_for
from field_core.problems import ProblemError

BUDGET_S: Final = 0.8
"""What a person waits without wondering; in calm moments nothing more is read after it."""
BUDGET_PHONE_S: Final = 1.5
"""A phone is two to four times slower, and lacks the quick decoder."""
BEST: Final = "zxing-cpp"

_STEPS: Final = "field_codes.opencv.steps"


def read(
    picture: Picture,
    *,
    now_s: Callable[[], float],
    enough: Enough | None = None,
    is_cancelled: Callable[[], bool] = lambda: False,
    decoders: Decoders | None = None,
    budget_s: float | None = None,
) -> Reading:
    """Read a picture and tell how it went: what is doubtful, which stages ran, what is missing.

    `enough` says when the caller has what it needs; without it, a few stages run after the first
    code, for the others on the label. Blocks up to the budget; raises ProblemError.
    """
    has = decoders or installed()
    if not has.modes:
        raise ProblemError("scanner-missing", missing=", ".join(has.missing))
    grey = opened(picture, luminance)
    is_desktop = BEST not in has.missing
    cascade = Cascade(has, _steps(), stages_for(grey.shape, has_zxing=is_desktop))
    budget = budget_s or (BUDGET_S if is_desktop else BUDGET_PHONE_S)
    return cascade.read(grey, Limits(now_s, budget, enough, is_cancelled))


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
