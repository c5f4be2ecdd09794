"""What is asked of a device through the office: buttons, what waits, and how the last one went."""

from collections.abc import Awaitable, Callable
from typing import Final

import flet as ft

from field_app.ports import Check, CheckState
from field_app.state.diagnostics.office import OfficeDevice
from field_app.theme import GAP_M, GAP_S, Tone
from field_app.views.boundary import screen, use_changes
from field_app.views.diagnostics.results import band_said
from field_app.views.diagnostics.units import unit_card
from field_app.views.job.part import stretched
from field_app.views.scene import Scene
from field_app.views.widgets import buttons, dialogs, notices, text
from field_core.cpe.report import Act
from field_core.diagnosis.remote import Unit
from field_core.problems import CATALOGUE, Problem

_I: Final = ft.Icons
PING_HOST: Final = "1.1.1.1"
"""Proposed, and the person may write another one."""


@screen
def OfficeCard(scene: Scene, model: OfficeDevice) -> ft.Control:  # noqa: N802 - components are named like controls
    """Draw a device as the office knows it, and below it what is asked or may be."""
    use_changes(model)
    parts: list[ft.Control] = [text.soft(scene, _age(scene, model))]
    if model.report is not None and model.report.snapshot is not None:
        parts += [unit_card(scene, model, unit) for unit in (Unit.MODEM, Unit.WIFI, Unit.DEVICE)]
    parts += [_waiting(scene, model, check) for check in model.waiting]
    if model.latest is not None:
        parts += [said for said in [_ended(scene, model.latest)] if said]
    if model.can_act and model.is_free:
        parts.append(_acts(scene, model))
    return stretched(*parts, gap=GAP_M)


def _age(scene: Scene, model: OfficeDevice) -> str:
    words, kept = scene.words, model.kept
    if kept is None:
        return words("diag.office.never")
    snapshot = kept.report.snapshot
    if snapshot is None:
        return Problem(kept.report.reason or "cpe-unknown").sentence(words.language)
    heard = snapshot.inform_age_s
    age = "—" if heard is None else words.age(scene.now_ms() - kept.at_ms + heard * 1000)
    return words("diag.office.age", age=age)


# --- what waits, how it went


def _waiting(scene: Scene, model: OfficeDevice, check: Check) -> ft.Control:
    """Say that something waits and since when; it is no success, and no failure (T-13, T-14)."""
    words = scene.words
    act = words(f"diag.act.{check.wanted.act or 'report'}")
    when = words.moment_ms(check.made_ms)
    said = words(f"diag.check.{check.state}", act=act, when=when)
    if check.state is CheckState.QUEUED and check.told and check.told.until:
        said = f"{said} {words('diag.check.until', until=words.moment(check.told.until))}"
    icon = {CheckState.LATER: _I.CLOUD_OFF, CheckState.QUEUED: _I.HOURGLASS_EMPTY}.get(
        check.state, _I.SYNC
    )
    give_up = buttons.quiet(
        scene, "check-give-up", words("diag.check.give-up"), lambda: model.give_up(check)
    )
    is_takeable = check.state is not CheckState.RUNNING
    return notices.banner(
        scene,
        f"check-{check.state}",
        said,
        Tone.INFO,
        icon,
        action=give_up if is_takeable else None,
    )


def _ended(scene: Scene, check: Check) -> ft.Control | None:
    """Say how the last act went; a mere reading shows itself."""
    words = scene.words
    if check.wanted.act is None and check.problem is None:
        return None
    act = words(f"diag.act.{check.wanted.act or 'report'}")
    if check.problem is not None:
        reason = _sentence(check, words.language)
        said = words("diag.check.failed", act=act, reason=reason)
        return notices.banner(scene, "check-failed", said, Tone.BAD, _I.ERROR_OUTLINE)
    if check.wanted.act is Act.REFRESH:
        return None
    said = words("diag.check.done", act=act, more=_more(scene, check)).strip()
    return notices.banner(scene, "check-done", said, Tone.GOOD, _I.CHECK_CIRCLE_OUTLINE)


def _sentence(check: Check, language: str) -> str:
    code = check.problem if check.problem in CATALOGUE else "internal"
    return Problem(str(code), dict(check.told.result) if check.told else {}).sentence(language)


def _more(scene: Scene, check: Check) -> str:
    result = check.told.result if check.told else {}
    if check.wanted.act is not Act.PING:
        return ""
    average = result.get("average_ms")
    return scene.words(
        "diag.ping.result",
        host=result.get("host", ""),
        received=result.get("received", "—"),
        lost=result.get("lost", "—"),
        average=scene.words.number(average) if isinstance(average, int | float) else "—",
    )


# --- what may be asked


def _acts(scene: Scene, model: OfficeDevice) -> ft.Control:
    """Draw the questions; only while nothing waits, so that none overtakes another."""
    words = scene.words
    found = [
        _press(scene, "refresh", words("diag.do.refresh"), _I.REFRESH, model.refresh_device),
        _press(scene, "ping", words("diag.do.ping"), _I.NETWORK_PING, lambda: _ping(scene, model)),
        *(_channel_press(scene, model, band, channel) for band, channel in model.bands),
        *(_rename_press(scene, model, n, ssid) for n, ssid in enumerate(model.networks)),
        _press(
            scene, "reboot", words("diag.do.reboot"), _I.RESTART_ALT, lambda: _reboot(scene, model)
        ),
    ]
    return ft.Column(
        found,
        spacing=GAP_S,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _press(
    scene: Scene, name: str, label: str, icon: ft.IconData, work: Callable[[], Awaitable[None]]
) -> ft.Control:
    return buttons.secondary(scene, f"office-{name}", label, work, icon=icon)


def _channel_press(scene: Scene, model: OfficeDevice, band: str, channel: int | None) -> ft.Control:
    label = scene.words("diag.do.channel", band=band_said(scene, band))
    return _press(
        scene,
        f"channel-{band}",
        label,
        _I.WIFI_CHANNEL,
        lambda: _channel(scene, model, band, channel),
    )


def _rename_press(scene: Scene, model: OfficeDevice, number: int, ssid: str) -> ft.Control:
    label = scene.words("diag.do.ssid", ssid=ssid)
    return _press(scene, f"rename-{number}", label, _I.EDIT, lambda: _rename(scene, model, ssid))


async def _reboot(scene: Scene, model: OfficeDevice) -> None:
    words = scene.words
    if await dialogs.confirm(
        scene,
        "reboot",
        title=words("diag.do.reboot"),
        hint=words("diag.reboot.hint"),
        confirm=words("diag.do.reboot"),
    ):
        await model.reboot()


async def _channel(scene: Scene, model: OfficeDevice, band: str, channel: int | None) -> None:
    words = scene.words
    given = await dialogs.ask_text(
        scene,
        "channel",
        title=words("diag.do.channel", band=band_said(scene, band)),
        hint=words("diag.channel.hint"),
        label=words("diag.channel.label"),
        value=str(channel or ""),
        confirm=words("diag.channel.confirm"),
        is_required=True,
        lines=1,
    )
    if given is not None:
        await model.set_channel(band, int(given) if given.isdecimal() else -1)


async def _rename(scene: Scene, model: OfficeDevice, was: str) -> None:
    words = scene.words
    given = await dialogs.ask_text(
        scene,
        "rename",
        title=words("diag.do.ssid", ssid=was),
        hint=words("diag.ssid.hint"),
        label=words("diag.ssid.label"),
        value=was,
        confirm=words("diag.ssid.confirm"),
        is_required=True,
        lines=1,
    )
    if given is not None and given != was:
        await model.rename(was, given)


async def _ping(scene: Scene, model: OfficeDevice) -> None:
    words = scene.words
    given = await dialogs.ask_text(
        scene,
        "ping",
        title=words("diag.do.ping"),
        label=words("diag.ping.label"),
        value=PING_HOST,
        confirm=words("diag.ping.confirm"),
        is_required=True,
        lines=1,
    )
    if given is not None:
        await model.ping_from(given)
