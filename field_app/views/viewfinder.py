"""The camera of this device and the calls on it, whichever screen looks through it."""

import asyncio
import logging
from collections.abc import Sequence
from typing import Any, Final

import flet as ft
import flet_camera as fc

from field_app.state.screen import Screen

_log: Final = logging.getLogger(__name__)
ANSWER_S_MAX: Final = 20
"""A camera that another program holds answers never."""
FRAME_S_MAX: Final = 3
"""A stream that stands still this long has ended; pictures are taken one by one then."""
ZOOM_STEPS: Final = (1.0, 2.0, 4.0)
"""Beyond four times a phone only enlarges what it has."""
_PRESETS: Final = (fc.ResolutionPreset.MAX, fc.ResolutionPreset.HIGH)
"""Some browsers refuse what they cannot do instead of doing their best."""


class Viewfinder(Screen):
    """One camera and the calls on it; every one may fail, and then says so by None or False."""

    def __init__(self) -> None:
        super().__init__()
        self.control = fc.Camera(expand=True, on_stream_image=self._streamed)
        self.is_ready = False
        self.has_torch = True
        self.is_lit = False
        self.zoom = 1.0
        self.zoom_max = 1.0
        self._turn = asyncio.Lock()
        """A camera takes one picture at a time."""
        self._next: asyncio.Future[bytes] | None = None
        self._is_streaming = False

    async def start(self) -> bool:
        """Show what the best camera sees; tell whether that worked."""
        try:
            async with asyncio.timeout(ANSWER_S_MAX):
                self.is_ready = await self._start()
        except Exception:  # noqa: BLE001 - each platform fails in its own way
            _log.warning("no camera", exc_info=True)
        self.changed()
        return self.is_ready

    async def _start(self) -> bool:
        cameras = await self.control.get_available_cameras()
        if not cameras:
            return False
        for preset in _PRESETS:
            try:
                await self.control.initialize(_best(cameras), preset, enable_audio=False)
            except Exception:  # noqa: BLE001 - see start
                _log.info("camera does not do %s", preset, exc_info=True)
            else:
                return True
        return False

    async def shoot(self) -> bytes | None:
        """Return a picture, as sharp as the camera makes one; None when none came."""
        try:
            async with self._turn, asyncio.timeout(ANSWER_S_MAX):
                await self._end_stream()
                return bytes(await self.control.take_picture())
        except Exception:  # noqa: BLE001 - see start
            _log.warning("no picture", exc_info=True)
            return None

    # --- frames, for who looks at many

    async def frame(self) -> bytes | None:
        """Return what the camera sees now: from its stream where it has one, else a picture."""
        if self._is_streaming:
            picture = await self._streamed_next()
            if picture is not None:
                return picture
        return await self.shoot()

    async def stream(self) -> None:
        """Have frames streamed where the platform can: phones; browsers cannot."""
        try:
            async with asyncio.timeout(ANSWER_S_MAX):
                if await self.control.supports_image_streaming():
                    await self.control.start_image_stream()
                    self._is_streaming = True
        except Exception:  # noqa: BLE001 - see start
            _log.info("no stream of frames", exc_info=True)

    async def _streamed_next(self) -> bytes | None:
        self._next = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(FRAME_S_MAX):
                return await self._next
        except TimeoutError:
            self._is_streaming = False
            return None

    def _streamed(self, event: Any) -> None:  # noqa: ANN401 - Flet's event
        if self._next is not None and not self._next.done():
            self._next.set_result(bytes(event.bytes))

    async def _end_stream(self) -> None:
        """A picture is taken between streams: phones refuse it during one."""
        if self._is_streaming:
            self._is_streaming = False
            await self.control.stop_image_stream()

    # --- light and nearness

    async def light(self) -> None:
        """Turn the torch on or off; where there is none, it is offered no more."""
        mode = fc.FlashMode.OFF if self.is_lit else fc.FlashMode.TORCH
        try:
            async with asyncio.timeout(ANSWER_S_MAX):
                await self.control.set_flash_mode(mode)
        except Exception:  # noqa: BLE001 - see start
            self.has_torch = self.is_lit = False
        else:
            self.is_lit = not self.is_lit
        self.changed()

    async def ask_zoom(self) -> None:
        """Ask how far the camera can be brought near; one that does not tell cannot."""
        try:
            async with asyncio.timeout(ANSWER_S_MAX):
                self.zoom_max = min(float(await self.control.get_max_zoom_level()), ZOOM_STEPS[-1])
        except Exception:  # noqa: BLE001 - see start
            self.zoom_max = 1.0
        self.changed()

    async def zoom_to(self, zoom: float) -> None:
        """Bring the camera near, as far as it goes."""
        wanted = max(1.0, min(zoom, self.zoom_max))
        if wanted == self.zoom:
            return
        try:
            async with asyncio.timeout(ANSWER_S_MAX):
                await self.control.set_zoom_level(wanted)
        except Exception:  # noqa: BLE001 - see start
            self.zoom_max = 1.0
        else:
            self.zoom = wanted
        self.changed()

    async def zoom_on(self) -> None:
        """Go to the next step, and from the last to the first."""
        steps = [step for step in ZOOM_STEPS if step <= self.zoom_max]
        nearer = [step for step in steps if step > self.zoom]
        await self.zoom_to(nearer[0] if nearer else steps[0])


def _best(cameras: Sequence[fc.CameraDescription]) -> fc.CameraDescription:
    """Prefer the camera on the back, which sees what the person looks at."""
    backs = [one for one in cameras if one.lens_direction is fc.CameraLensDirection.BACK]
    return (backs or [*cameras])[0]


def shown(finder: Viewfinder) -> ft.Control:
    """Draw what the camera sees.

    A control that stays the same while what is around it is drawn again must stand in a list:
    Flet 1.0.5 tells it of its new parent only there, and without one it cannot be called.
    """
    return ft.Stack([finder.control], expand=True, fit=ft.StackFit.EXPAND)
