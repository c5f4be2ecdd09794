"""Flet's services as the screens use them: choosing files, wherever this page happens to run."""

import asyncio
import logging
from pathlib import Path
from typing import Any, Final

import flet as ft

from field_app.ports import Photographs
from field_app.state.photos.photos import Incoming
from field_core.problems import ProblemError

_log: Final = logging.getLogger(__name__)
UPLOAD_S_MAX: Final = 120
"""A browser hands a file to the program on the same machine in a second or two."""
CAMERA_PLATFORMS: Final = (ft.PagePlatform.ANDROID, ft.PagePlatform.IOS)


def has_camera(page: ft.Page) -> bool:
    """Tell whether there may be a camera that this app can show: phones and browsers."""
    return bool(page.web) or page.platform in CAMERA_PLATFORMS


async def pick_photos(photographs: Photographs, *, stamp: int) -> list[Incoming]:
    """Let the person choose photos; none when they think better of it.

    stamp: sets the files of this choice apart from those of another. A browser's files come one at
    a time, each when it is wanted: all in one message would end the connection at 16 MiB, which is
    uvicorn's limit.
    """
    page = ft.context.page
    by_upload = bool(page.web) and photographs.takes_uploads
    picking = _Picking(photographs, page, stamp)
    files = await picking.picker.pick_files(
        file_type=ft.FilePickerFileType.IMAGE,
        allow_multiple=True,
        with_data=bool(page.web) and not by_upload,
        cancel_upload_on_window_blur=False,
    )
    if by_upload:
        return [picking.incoming(file) for file in files]
    return [Incoming(file.name, file.size, _Reading(file)) for file in files]


class _Reading:
    """Reads a file that this program can open itself, or was given."""

    def __init__(self, file: ft.FilePickerFile) -> None:
        self._file = file

    async def __call__(self) -> bytes:
        if self._file.bytes is not None:
            return self._file.bytes
        if not self._file.path:
            raise ProblemError("photo-damaged")
        try:
            return await asyncio.to_thread(Path(self._file.path).read_bytes)
        except OSError as error:
            raise ProblemError("photo-damaged") from error


class _Picking:
    """One choice of files in a browser."""

    def __init__(self, photographs: Photographs, page: ft.Page, stamp: int) -> None:
        self._photographs = photographs
        self._page = page
        self._stamp = stamp
        self._done: asyncio.Future[str | None] | None = None
        self.picker = ft.FilePicker(on_upload=self._progress)

    def incoming(self, file: ft.FilePickerFile) -> Incoming:
        """Return a chosen file; reading it asks the browser for it."""

        async def read() -> bytes:
            return await self._fetch(file)

        return Incoming(file.name, file.size, read)

    async def _fetch(self, file: ft.FilePickerFile) -> bytes:
        name = f"{self._stamp}-{file.id}"
        self._done = asyncio.get_running_loop().create_future()
        url = self._page.get_upload_url(name, UPLOAD_S_MAX)
        try:
            async with asyncio.timeout(UPLOAD_S_MAX):
                await self.picker.upload([ft.FilePickerUploadFile(url, id=file.id)])
                error = await self._done
        except (TimeoutError, RuntimeError) as failure:
            raise ProblemError("photo-damaged") from failure
        if error:
            _log.warning("the browser did not hand a file over: %s", error)
            raise ProblemError("photo-damaged")
        return await self._photographs.uploaded(name)

    def _progress(self, event: Any) -> None:  # noqa: ANN401 - Flet's event
        if self._done and not self._done.done() and (event.error or event.progress == 1):
            self._done.set_result(event.error)
