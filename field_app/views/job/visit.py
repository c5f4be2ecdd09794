"""Who is visited, where, and how to get in."""

from collections.abc import Awaitable
from urllib.parse import quote

import flet as ft

from field_app.ports import JobDetail
from field_app.theme import GAP_S
from field_app.views.scene import Scene
from field_app.views.widgets import buttons, cards, text


def who_and_where(
    scene: Scene, detail: JobDetail, *, to_customer: buttons.Work | None = None
) -> ft.Control:
    """Draw the address and the customer, with one press to go, to call, to write.

    to_customer: leads to the customer's page, for whoever has such pages.
    """
    words = scene.words
    rows = [
        cards.tile(
            scene,
            "address",
            detail.row.place or words("job.no-address"),
            None,
            icon=ft.Icons.PLACE,
            trailing=_link(scene, "navigate", "job.navigate", ft.Icons.NAVIGATION, _map(detail)),
        ),
        cards.tile(
            scene,
            "customer",
            str(detail.customer.get("customer_name") or detail.body.get("customer") or "—")
            if detail.customer
            else str(detail.body.get("customer") or "—"),
            to_customer,
            icon=ft.Icons.PERSON,
            facts=[_phone(detail)],
            trailing=_calls(scene, detail),
        ),
    ]
    return cards.group(scene, *rows)


def _phone(detail: JobDetail) -> str:
    customer = detail.customer or {}
    return str(customer.get("mobile_no") or customer.get("phone") or "")


def _map(detail: JobDetail) -> str:
    place = detail.location or {}
    if place.get("latitude") and place.get("longitude"):
        return f"https://www.google.com/maps/dir/?api=1&destination={place['latitude']},{place['longitude']}"
    return f"https://www.google.com/maps/dir/?api=1&destination={quote(detail.row.place)}"


def _calls(scene: Scene, detail: JobDetail) -> ft.Control | None:
    phone = _phone(detail)
    if not phone:
        return None
    number = "".join(c for c in phone if c.isdigit() or c == "+")
    return ft.Row(
        [
            _link(scene, "call", "job.call", ft.Icons.CALL, f"tel:{number}"),
            _link(scene, "sms", "job.sms", ft.Icons.SMS, f"sms:{number}"),
        ],
        spacing=GAP_S,
        tight=True,
    )


def _link(scene: Scene, name: str, key: str, icon: ft.IconData, url: str) -> ft.Control:
    def follow() -> Awaitable[None]:
        return ft.UrlLauncher().launch_url(url)

    return buttons.icon_only(scene, name, scene.words(key), icon, follow)


def access(scene: Scene, detail: JobDetail) -> ft.Control | None:
    """Draw what must be known before ringing, if anything."""
    notes = [
        str(source.get(field) or "").strip()
        for source, field in (
            (detail.body, "access_notes"),
            (detail.location or {}, "access_notes"),
            (detail.body, "description"),
        )
    ]
    lines = [*dict.fromkeys(note for note in notes if note)]
    if not lines:
        return None
    return cards.card(
        scene,
        ft.Column(
            [
                ft.Row(
                    [
                        ft.Icon(ft.Icons.KEY, color=scene.palette.primary),
                        text.strong(scene, scene.words("job.access")),
                    ],
                    spacing=GAP_S,
                ),
                *(text.body(scene, line) for line in lines),
            ],
            spacing=GAP_S,
            tight=True,
        ),
        name="access",
    )
