"""An offered job: what it asks, what was answered, and the two answers at thumb height."""

from collections.abc import Mapping
from typing import Final

import flet as ft

from field_app.i18n import Words
from field_app.state.day.offers import Offer, OfferState
from field_app.theme import Tone
from field_app.views.scene import Scene
from field_app.views.widgets import buttons, dialogs, notices, page

_LOOKS: Final[Mapping[OfferState, tuple[ft.IconData, Tone]]] = {
    OfferState.OPEN: (ft.Icons.VOLUNTEER_ACTIVISM, Tone.INFO),
    OfferState.REQUESTED: (ft.Icons.HOURGLASS_TOP, Tone.WARN),
    OfferState.DECLINED: (ft.Icons.DO_NOT_DISTURB_ON, Tone.NEUTRAL),
    OfferState.OVER: (ft.Icons.EVENT_BUSY, Tone.NEUTRAL),
}


def until(words: Words, instant: str) -> str:
    """Say when an offer ends, with its weekday; what is no instant is said as it is."""
    try:
        return words(
            "offer.end", day=words.short_day(words.local_day(instant)), hour=words.hour(instant)
        )
    except ValueError:  # documents hold what people and programs wrote
        return instant


def banner(scene: Scene, offer: Offer) -> ft.Control | None:
    """Say where the offer stands; nothing for a job that is none."""
    if offer.state is OfferState.NONE:
        return None
    icon, tone = _LOOKS[offer.state]
    sentence = scene.words(f"offer.{offer.state}", until=until(scene.words, offer.until))
    return notices.banner(scene, f"offer-{offer.state}", sentence, tone, icon)


def answers(scene: Scene, offer: Offer) -> ft.Control | None:
    """Draw accepting and declining, for as long as either makes sense."""
    if not offer.may_answer:
        return None
    words = scene.words
    accept = buttons.primary(
        scene,
        "offer-accept",
        words("offer.accept"),
        offer.accept,
        icon=ft.Icons.THUMB_UP,
        expand=True,
    )
    if offer.state is OfferState.DECLINED:
        return page.bottom_bar(scene, accept)
    decline = buttons.secondary(
        scene, "offer-decline", words("offer.decline"), lambda: _decline(scene, offer), expand=True
    )
    return page.bottom_bar(scene, decline, accept)


async def _decline(scene: Scene, offer: Offer) -> None:
    words = scene.words
    reason = await dialogs.ask_text(
        scene,
        "offer-reason",
        title=words("offer.decline"),
        label=words("offer.reason"),
        confirm=words("offer.decline"),
    )
    if reason is not None:
        await offer.decline(reason or None)
