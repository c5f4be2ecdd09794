"""Handing a file over: the person chooses where it goes, else it lies in our own folder."""

import logging
from typing import Final, Protocol

import flet as ft

from field_app.ports import KeptFile

_log: Final = logging.getLogger(__name__)


class Keeper(Protocol):
    """Who says where a file has gone."""

    def say_kept(self, name: str) -> None:
        """Say that a file was handed over."""

    def put_aside(self, file: KeptFile) -> None:
        """Keep a file in the program's own folder, and say where, when no dialog could."""


async def hand_over(keeper: Keeper, file: KeptFile) -> None:
    """Let the person choose where a file goes; without such a dialog, put it in our own folder."""
    web = ft.context.page.web
    try:
        chosen = await ft.FilePicker().save_file(file_name=file.name, src_bytes=file.content)
    except Exception:  # noqa: BLE001 - Linux without zenity, a phone without a documents app
        _log.warning("no dialog to save a file", exc_info=True)
        keeper.put_aside(file)
        return
    if chosen or web:
        keeper.say_kept(file.name)
