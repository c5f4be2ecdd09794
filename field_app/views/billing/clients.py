"""Looking for a customer: a field, whom it means, and who was looked up lately."""

from collections.abc import Sequence

import flet as ft

from field_app.state.billing.clients import Clients
from field_app.state.place import Place, Room
from field_app.state.rooms import in_bar, rooms_of
from field_app.state.workspace import Workspace
from field_app.theme import GAP_L, GAP_M, GAP_S, ROWS_LIVE_MAX, Tone
from field_app.views.boundary import screen, use_changes, use_model
from field_app.views.scene import Scene
from field_app.views.widgets import buttons, cards, notices, page
from field_app.views.widgets.named import identified
from field_app.views.widgets.typed import typed
from field_core.office import CustomerFound


@screen
def ClientsScreen(scene: Scene, workspace: Workspace) -> ft.Control:  # noqa: N802 - components are named like controls
    """Draw the search for customers."""
    model = use_model(lambda: Clients(workspace), workspace)
    use_changes(workspace.navigator)
    return page.frame(
        scene,
        "clients",
        head=ft.Container(
            _field(scene, model),
            padding=ft.Padding.only(left=GAP_L, right=GAP_L, top=GAP_M, bottom=GAP_S),
        ),
        content=_content(scene, model),
    )


def _field(scene: Scene, model: Clients) -> ft.Control:
    words = scene.words
    clear = buttons.icon_only(
        scene, "clients-clear", words("search.clear"), ft.Icons.CLOSE, model.clear
    )
    return ft.Row(
        [
            typed(
                scene,
                "clients-field",
                words("clients.label"),
                model.text,
                model.typed,
                enter=model.first,
                hint_text=words("clients.hint"),
                prefix_icon=ft.Icons.PERSON_SEARCH,
                autofocus=not model.text,
                autocorrect=False,
                enable_suggestions=False,
                expand=True,
            ),
            *([clear] if model.text else []),
        ],
        spacing=GAP_S,
    )


def _content(scene: Scene, model: Clients) -> ft.Control:
    if model.rows is None:
        return _before(scene, model)
    words, rows = scene.words, model.rows
    if model.is_nobody_found:
        title, hint = words("clients.nobody", text=model.text), words("clients.nobody.hint")
        return notices.empty(scene, "clients-none", ft.Icons.PERSON_OFF, title, hint)
    said: list[ft.Control] = []
    if model.missing:
        reason = model.missing.sentence(words.language)
        sentence = f"{reason} {words('clients.here-only')}"
        said.append(
            notices.banner(scene, "clients-here-only", sentence, Tone.WARN, ft.Icons.CLOUD_OFF)
        )
    if model.is_asking and not rows:
        said.append(notices.waiting(scene))
    shown = rows[:ROWS_LIVE_MAX]
    more = [notices_more(scene)] if model.has_more or len(rows) > len(shown) else []
    found = [cards.group(scene, *(_row(scene, model, row) for row in shown))] if shown else []
    return identified("clients-found", page.scroll(*said, *found, *more))


def notices_more(scene: Scene) -> ft.Control:
    """Say that there are more than are drawn."""
    return ft.Text(scene.words("clients.more"), size=scene.look.small, color=scene.palette.ink_soft)


def _before(scene: Scene, model: Clients) -> ft.Control:
    words, workspace = scene.words, model.workspace
    to_invoices = _to_invoices(scene, workspace)
    if not model.recent:
        return notices.empty(
            scene,
            "clients-empty",
            ft.Icons.PERSON_SEARCH,
            words("clients.empty"),
            words("clients.empty.hint"),
            action=to_invoices,
        )
    rows = [_row(scene, model, row) for row in model.recent]
    recent = cards.group(scene, *rows, title=words("clients.recent"))
    return page.scroll(recent, *([to_invoices] if to_invoices else []))


def _to_invoices(scene: Scene, workspace: Workspace) -> ft.Control | None:
    """Lead to the invoices where the bar has no room for them."""
    rooms = rooms_of(workspace.account.person.roles)
    if scene.is_wide or Room.INVOICES in in_bar(rooms):
        return None
    return buttons.secondary(
        scene,
        "to-invoices",
        scene.words("room.invoices"),
        lambda: workspace.navigator.go(Place(Room.INVOICES)),
        icon=ft.Icons.RECEIPT_LONG,
    )


def _row(scene: Scene, model: Clients, row: CustomerFound) -> ft.Control:
    is_open = model.workspace.navigator.place.key == row.name and scene.is_wide
    icon = ft.Icons.CHECK if is_open else ft.Icons.PERSON
    if row.is_disabled:
        icon = ft.Icons.PERSON_OFF
    return cards.tile(
        scene,
        f"client-{row.name}",
        row.customer_name,
        lambda: model.open(row),
        icon=icon,
        facts=_facts(scene, row),
    )


def _facts(scene: Scene, row: CustomerFound) -> Sequence[str]:
    known = " · ".join(part for part in (row.account or row.name, row.phone) if part)
    closed = scene.words("clients.disabled") if row.is_disabled else ""
    return [known, row.found_by, closed]
