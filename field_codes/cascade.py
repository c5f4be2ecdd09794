"""Run the stages over one picture until enough is read, the time is up or somebody cancels."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from field_codes.codes import LINEAR, Code, Read
from field_codes.decoders import Decoders, Grey
from field_codes.stages import LARGE_PX, Stage
from field_codes.views import View
from field_codes.votes import Tally

Step = Callable[[View], Iterator[View]]
Enough = Callable[[Sequence[Code]], bool]
"""Whether what was read is what the step of the job needs."""

MORE: Final = 1
"""Stages after the first code that counts, when nobody says what is needed."""
MORE_BARS: Final = 2
"""The same after bars: on labels they come in stacks, and one decoder misses some of them."""
MORE_LARGE: Final = 3
"""The same on large pictures, where each stage sees other parts."""
MORE_FOR_DOUBT: Final = 5
"""Stages at most, after something was read, to have a doubtful read confirmed."""
EDGE_PX_MIN: Final = 12
"""No code fits in less, and some of OpenCV's functions do not come back from slivers."""

_SECONDS_PER_PIXEL: Final[Mapping[str, float]] = {
    "zxing": 20e-9,
    "zxing-rotate": 14e-9,
    "zxing-fast": 6e-9,
    "zbar": 42e-9,
    "opencv-qr": 32e-9,
    "opencv-articles": 10e-9,
}
"""Means over the development photos; how much slower it goes here and now is measured."""
_MEASURABLE_S: Final = 0.002
"""Of shorter times the start of a call is the larger part, and says nothing of long ones."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a picture gave."""

    codes: tuple[Code, ...]
    doubtful: tuple[Code, ...]
    """Read once, by a way that can err: to show, never to fill in."""
    stages: tuple[str, ...]
    """Those that ran, in order."""
    took_s: float
    missing: tuple[str, ...]
    """Decoders that this device lacks."""
    size: tuple[int, int]
    """Width and height of the picture that the corners lie in, in pixels."""
    is_out_of_time: bool = False
    is_cancelled: bool = False


@dataclass(slots=True)
class Limits:
    """When to stop, besides having read enough."""

    now_s: Callable[[], float]
    budget_s: float
    enough: Enough | None = None
    is_cancelled: Callable[[], bool] = lambda: False


class Cascade:
    """The stages of one kind of picture over the decoders and steps of this device."""

    def __init__(
        self, decoders: Decoders, steps: Mapping[str, Step], stages: Sequence[Stage]
    ) -> None:
        self._decoders = decoders
        self._steps = steps
        self._stages = [stage for stage in stages if self._is_possible(stage)]

    def _is_possible(self, stage: Stage) -> bool:
        return stage.mode in self._decoders.modes and all(s in self._steps for s in stage.steps)

    def read(self, grey: Grey, limits: Limits) -> Reading:
        """Read the codes of a picture."""
        run = _Run(self._decoders, _Looks(grey, self._steps), limits)
        is_large = max(grey.shape) > LARGE_PX
        done: list[str] = []
        for stage in self._stages:
            if run.is_over or run.has_enough(is_large=is_large):
                break
            run.stage(stage)
            done.append(stage.name)
        height, width = grey.shape
        return run.reading(tuple(done), size=(width, height))


class _Looks:
    """The views of one picture, each made once: stages share their first steps."""

    def __init__(self, grey: Grey, steps: Mapping[str, Step]) -> None:
        self._steps = steps
        self._made: dict[tuple[str, ...], list[View]] = {(): [View.whole(grey)]}

    def views(self, steps: tuple[str, ...]) -> list[View]:
        if steps not in self._made:
            step = self._steps[steps[-1]]
            made = (new for view in self.views(steps[:-1]) for new in step(view))
            self._made[steps] = [view for view in made if min(view.size) >= EDGE_PX_MIN]
        return self._made[steps]


class _Run:
    """One picture's way through the stages."""

    def __init__(self, decoders: Decoders, looks: _Looks, limits: Limits) -> None:
        self._decoders = decoders
        self._looks = looks
        self._limits = limits
        self._tally = Tally()
        self._began_s = limits.now_s()
        self._slowness = 1.0
        self._since_read = 0
        self._is_out_of_time = False

    @property
    def is_over(self) -> bool:
        """Whether somebody cancelled or the time is up."""
        self._is_out_of_time = self._is_out_of_time or self._left_s() <= 0
        return self._is_out_of_time or self._limits.is_cancelled()

    def _left_s(self) -> float:
        return self._began_s + self._limits.budget_s - self._limits.now_s()

    def has_enough(self, *, is_large: bool) -> bool:
        """Whether what is needed is read; without a need, a few stages after the first code."""
        codes = self._tally.codes()
        if self._limits.enough is not None:
            return bool(codes) and self._limits.enough(codes)
        if self._tally.doubtful():
            return self._since_read > MORE_FOR_DOUBT
        more = MORE_BARS if any(code.symbology in LINEAR for code in codes) else MORE
        return bool(codes) and self._since_read > (MORE_LARGE if is_large else more)

    def stage(self, stage: Stage) -> None:
        """Let one decoder look at the views of a stage."""
        decoder = self._decoders.names[stage.mode]
        for view in self._looks.views(stage.steps):
            if not self._is_affordable(stage, view):
                continue
            for read in self._decoded(stage, view):
                placed = replace(read, corners=view.placed(read.corners))
                self._tally.add(placed, stage, decoder)
        if self._tally.codes() or self._tally.doubtful():
            self._since_read += 1

    def _is_affordable(self, stage: Stage, view: View) -> bool:
        """Leave out a view that would overrun, or that nobody waits for any more."""
        if self._limits.is_cancelled():
            return False
        return self._expected_s(stage, view) * self._slowness <= self._left_s()

    def _expected_s(self, stage: Stage, view: View) -> float:
        return _SECONDS_PER_PIXEL[stage.mode] * view.grey.size

    def _decoded(self, stage: Stage, view: View) -> list[Read]:
        began_s = self._limits.now_s()
        reads = [read for read in self._decoders.modes[stage.mode](view.grey) if read.text]
        took_s = self._limits.now_s() - began_s
        self._slowness = max(
            self._slowness, took_s / max(self._expected_s(stage, view), _MEASURABLE_S)
        )
        return reads

    def reading(self, stages: tuple[str, ...], *, size: tuple[int, int]) -> Reading:
        """Return what came of it."""
        return Reading(
            codes=tuple(self._tally.codes()),
            doubtful=tuple(self._tally.doubtful()),
            stages=stages,
            took_s=self._limits.now_s() - self._began_s,
            missing=self._decoders.missing,
            size=size,
            is_out_of_time=self._is_out_of_time,
            is_cancelled=self._limits.is_cancelled(),
        )
