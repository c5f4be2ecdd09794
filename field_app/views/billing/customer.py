"""A customer's page: a card a panel, each with its age, in two columns where there is room."""

from collections.abc import Sequence

import flet as ft

from field_app.state.billing.customer import (
    ListOf,
    PanelOf,
    panel_model,
)
from field_app.state.place import Place
from field_app.state.workspace import Workspace
from field_app.theme import GAP_M, Tone
from field_app.views.billing.customer_panels import DRAWN, identity_rows
from field_app.views.billing.pieces import (
    panel,
)
from field_app.views.boundary import screen, use_model
from field_app.views.scene import Scene
from field_app.views.ticking import use_ticks
from field_app.views.widgets import chips, notices, page
from field_core.office import (
    Identity,
    Panel,
)

Rows = Sequence[ft.Control]


@screen
def CustomerScreen(scene: Scene, workspace: Workspace, place: Place) -> ft.Control:  # noqa: N802 - components are named like controls
    """Draw a customer."""
    name = str(place.key)
    who = use_model(
        lambda: panel_model(workspace, name, Panel.IDENTITY), workspace, place.key, "identity"
    )
    identity = who.value
    back = None if scene.is_wide else workspace.navigator.back
    if identity is None and who.missing and who.missing.code == "not-found":
        empty = notices.empty(
            scene, "customer-gone", ft.Icons.PERSON_OFF, scene.words("customer.gone")
        )
        return page.frame(
            scene, "customer", head=page.header(scene, name, back=back), content=empty
        )
    title = identity.customer_name if isinstance(identity, Identity) else name
    about = _about(scene, identity) if isinstance(identity, Identity) else ""
    return page.frame(
        scene,
        "customer",
        head=page.header(scene, title, subtitle=about, back=back, actions=_marks(scene, identity)),
        content=page.scroll(*_panels(scene, workspace, name, who), key=f"customer-{name}"),
    )


def _panels(scene: Scene, workspace: Workspace, name: str, who: PanelOf | ListOf) -> Rows:
    def card(wanted: Panel) -> ft.Control:
        drawn: ft.Control = PanelCard(scene, workspace, name, wanted, key=f"{name}/{wanted}")
        return drawn

    identity = panel(
        scene,
        Panel.IDENTITY,
        scene.words("panel.identity"),
        who,
        lambda: identity_rows(scene, who, name),
    )
    return [
        _beside(scene, identity, card(Panel.BALANCE)),
        card(Panel.SUBSCRIPTIONS),
        card(Panel.CONTRACTS),
        _beside(scene, card(Panel.INVOICES), card(Panel.PAYMENTS)),
        card(Panel.LOCATIONS),
        _beside(scene, card(Panel.JOBS), card(Panel.NOTES)),
    ]


def _beside(scene: Scene, first: ft.Control, second: ft.Control) -> ft.Control:
    """Put two panels side by side where both can be read."""
    if not scene.is_wide or scene.look.scale > 1:
        return ft.Column(
            [first, second],
            spacing=GAP_M,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        )
    halves = [ft.Container(one, expand=True) for one in (first, second)]
    return ft.Row([*halves], spacing=GAP_M, vertical_alignment=ft.CrossAxisAlignment.START)


def _about(scene: Scene, identity: Identity) -> str:
    kind = f"customer.type.{identity.customer_type}"
    known = scene.words(kind) if scene.words.has(kind) else ""
    return " · ".join(part for part in (identity.account or identity.name, known) if part)


def _marks(scene: Scene, identity: object) -> Rows:
    if not isinstance(identity, Identity):
        return ()
    words, marks = scene.words, list[ft.Control]()
    if identity.is_disabled:
        marks.append(chips.chip(scene, words("customer.disabled"), ft.Icons.BLOCK, Tone.BAD))
    if identity.is_preauthorised:
        marks.append(chips.chip(scene, words("customer.ppa"), ft.Icons.AUTORENEW, Tone.INFO))
    return marks


@screen
def PanelCard(scene: Scene, workspace: Workspace, name: str, wanted: Panel) -> ft.Control:  # noqa: N802 - components are named like controls
    """Draw one panel, which loads by itself."""
    model = use_model(lambda: panel_model(workspace, name, wanted), workspace, name, wanted)
    use_ticks(model, is_ticking=True)
    title = scene.words(f"panel.{wanted}")
    return panel(scene, wanted, title, model, lambda: DRAWN[wanted](scene, model, name))
