"""Removing a subscription on the screen: a question first, and the way to the contract instead."""

import flet as ft

from field_app.state.billing.customer import ListOf, PanelOf, to_contract
from field_app.state.billing.removal import may_remove, remove
from field_app.views.scene import Scene
from field_app.views.widgets import buttons, dialogs
from field_core.office import Subscription
from field_core.office.customers import ACTIVE


def remove_button(
    scene: Scene, model: PanelOf | ListOf, customer: str, one: Subscription
) -> ft.Control | None:
    """Draw what removes a subscription, for those who may."""
    if not may_remove(model.workspace):
        return None
    return buttons.icon_only(
        scene,
        f"remove-{one.name}",
        scene.words("removal.button", name=one.name),
        ft.Icons.DELETE_OUTLINE,
        lambda: _ask_to_remove(scene, model, customer, one),
    )


def _hint(scene: Scene, one: Subscription) -> str:
    """Say what becomes of it; of one that customers are served by, that first."""
    said = scene.words("removal.sure.hint", plan=one.plan_name or one.name)
    return f"{scene.words('removal.sure.active')} {said}" if one.status == ACTIVE else said


async def _ask_to_remove(
    scene: Scene, model: PanelOf | ListOf, customer: str, one: Subscription
) -> None:
    words = scene.words
    is_meant = await dialogs.confirm(
        scene,
        "remove-subscription",
        title=words("removal.sure", name=one.name),
        hint=_hint(scene, one),
        confirm=words("removal.confirm"),
    )
    contract = await remove(model, one.name) if is_meant else None
    if contract is None:
        return
    is_going = await dialogs.confirm(
        scene,
        "to-contract",
        title=words("removal.live", contract=contract),
        hint=words("removal.live.hint"),
        confirm=words("removal.live.open"),
    )
    if is_going:
        to_contract(model.workspace, customer, contract)
