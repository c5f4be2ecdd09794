"""The app around its screens: rooms to go to, the sync line, panes, and what was just done."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import flet as ft

from field_app.state.notices import Notice
from field_app.state.place import Part, Place, Room
from field_app.state.rooms import in_bar, rooms_of
from field_app.state.workspace import Workspace
from field_app.theme import (
    GAP_L,
    GAP_M,
    GAP_S,
    GAP_XS,
    LIST_PANE_PX,
    RADIUS_PX,
    UNDO_S,
    Tone,
)
from field_app.views.banners import Banners
from field_app.views.billing.clients import ClientsScreen
from field_app.views.billing.contract import ContractScreen
from field_app.views.billing.customer import CustomerScreen
from field_app.views.billing.door import PaymentPart
from field_app.views.billing.invoice import InvoiceScreen
from field_app.views.billing.invoices import InvoicesScreen
from field_app.views.billing.keeper import LinkKeeper
from field_app.views.boundary import screen, use_changes
from field_app.views.day.search import CardScreen, SearchScreen
from field_app.views.day.today import TodayScreen
from field_app.views.diagnostics.screen import DiagnosisScreen
from field_app.views.equipment.equipment import EquipmentPart
from field_app.views.job.history import HistoryScreen
from field_app.views.job.job import JobScreen
from field_app.views.job.materials import MaterialsPart
from field_app.views.job.notes import NotesScreen
from field_app.views.job.steps import StepsScreen
from field_app.views.job.time_entries import TimePart
from field_app.views.photos.photos import PhotosScreen
from field_app.views.scanning.count import CountScreen
from field_app.views.scene import Scene
from field_app.views.sending.outbox import OutboxScreen
from field_app.views.sending.review import EntryScreen
from field_app.views.sending.sync_line import SyncStrip
from field_app.views.settings.settings import SettingsScreen
from field_app.views.signing.signature import SignatureScreen
from field_app.views.widgets import buttons, dialogs, notices
from field_app.views.widgets.named import identified

NOTICE_S: Final = 4
ROOMS: Final[Mapping[Room, tuple[ft.IconData, ft.IconData]]] = {
    Room.TODAY: (ft.Icons.TODAY_OUTLINED, ft.Icons.TODAY),
    Room.CLIENTS: (ft.Icons.PEOPLE_OUTLINE, ft.Icons.PEOPLE),
    Room.INVOICES: (ft.Icons.RECEIPT_LONG_OUTLINED, ft.Icons.RECEIPT_LONG),
    Room.SEARCH: (ft.Icons.SEARCH_OUTLINED, ft.Icons.SEARCH),
    Room.OUTBOX: (ft.Icons.OUTBOX_OUTLINED, ft.Icons.OUTBOX),
    Room.SETTINGS: (ft.Icons.SETTINGS_OUTLINED, ft.Icons.SETTINGS),
}
SCREENS: Final[Mapping[Room, Callable[..., Any]]] = {
    Room.TODAY: TodayScreen,
    Room.CLIENTS: ClientsScreen,
    Room.INVOICES: InvoicesScreen,
    Room.SEARCH: SearchScreen,
    Room.OUTBOX: OutboxScreen,
    Room.SETTINGS: SettingsScreen,
}
PARTS: Final[Mapping[Part, Callable[..., Any]]] = {
    Part.OVERVIEW: JobScreen,
    Part.ENTRY: EntryScreen,
    Part.CARD: CardScreen,
    Part.COUNT: CountScreen,
    Part.EQUIPMENT: EquipmentPart,
    Part.MATERIALS: MaterialsPart,
    Part.NOTES: NotesScreen,
    Part.TIME: TimePart,
    Part.HISTORY: HistoryScreen,
    Part.STEPS: StepsScreen,
    Part.PHOTOS: PhotosScreen,
    Part.SIGNATURE: SignatureScreen,
    Part.PAYMENT: PaymentPart,
    Part.INVOICE: InvoiceScreen,
    Part.CONTRACT: ContractScreen,
    Part.DIAGNOSTICS: DiagnosisScreen,
}
WHOLE: Final[Mapping[Room, Callable[..., Any]]] = {
    Room.CLIENTS: CustomerScreen,
    Room.INVOICES: InvoiceScreen,
}
"""What a key opens in rooms whose keys are of no job."""
_LISTS: Final = (Room.TODAY, Room.CLIENTS, Room.INVOICES, Room.SEARCH, Room.OUTBOX)
"""Rooms whose entries open beside them where there is room."""


@screen
def Frame(scene: Scene, workspace: Workspace) -> ft.Control:  # noqa: N802 - components are named like controls
    """Draw the place in front, with the way to every other."""
    navigator = workspace.navigator
    use_changes(navigator)
    place = navigator.place
    _use_address(workspace)
    inner = ft.Column(
        [
            SyncStrip(scene, workspace),
            Banners(scene, workspace),
            _panes(scene, workspace, place) if scene.is_wide else _front(scene, workspace, place),
            NoticeBar(scene, workspace),
            LinkKeeper(scene, workspace),
        ],
        spacing=0,
        expand=True,
    )
    if scene.is_wide:
        rail = _rail(scene, workspace, place)
        return ft.Row([rail, ft.Container(inner, expand=True)], spacing=0, expand=True)
    bar = [] if place.key else [_bar(scene, workspace, place)]
    return ft.Column([inner, *bar], spacing=0, expand=True)


def _use_address(workspace: Workspace) -> None:
    """Keep the address of the page and the place the same, whichever of them changes."""
    page = ft.context.page
    navigator = workspace.navigator

    def typed(event: ft.KeyboardEvent) -> None:
        is_locked = workspace.around is not None and workspace.around.lock.is_locked
        if event.key == "Escape" and not (is_locked or dialogs.is_open(page)):
            navigator.back()

    def listen() -> None:
        def moved(event: ft.RouteChangeEvent) -> None:
            if event.route not in ("", "/"):
                navigator.go(Place.parse(event.route))

        page.on_route_change = moved
        page.on_view_pop = lambda _: navigator.back()
        page.on_keyboard_event = typed

    def tell() -> None:
        if page.route != navigator.place.path:
            page.navigate(navigator.place.path)

    ft.use_effect(listen, [navigator])
    ft.use_effect(tell, [navigator.place])


# --- panes


def _front(scene: Scene, workspace: Workspace, place: Place) -> ft.Control:
    if place.key:
        return _detail(scene, workspace, place)
    return ft.Container(_room(scene, workspace, place), expand=True, key=place.room)


def _panes(scene: Scene, workspace: Workspace, place: Place) -> ft.Control:
    room = _room(scene, workspace, place)
    if place.room not in _LISTS:
        return ft.Container(room, expand=True, key=place.room)
    detail = _detail(scene, workspace, place) if place.key else _nothing_open(scene, place.room)
    edge = ft.Border.only(right=ft.BorderSide(scene.look.line_px, scene.palette.line))
    return ft.Row(
        [
            ft.Container(room, width=LIST_PANE_PX, border=edge, key=place.room),
            ft.Container(detail, expand=True),
        ],
        spacing=0,
        expand=True,
        vertical_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _room(scene: Scene, workspace: Workspace, place: Place) -> ft.Control:
    drawn: ft.Control = SCREENS[place.room](scene, workspace)
    return drawn


def _detail(scene: Scene, workspace: Workspace, place: Place) -> ft.Control:
    whole = WHOLE.get(place.room) if place.part is Part.OVERVIEW else None
    drawn = (whole or PARTS[place.part])(scene, workspace, place)
    return ft.Container(drawn, expand=True, key=f"{place.key}/{place.part}/{place.row}")


def _nothing_open(scene: Scene, room: Room) -> ft.Control:
    """Say what the pane is for; whether the list beside has anything, that list says itself."""
    sentence = scene.words(f"view.nothing-open.{room}")
    return notices.empty(scene, "nothing-open", ft.Icons.TOUCH_APP_OUTLINED, sentence)


# --- the way to the rooms


def _goer(workspace: Workspace, rooms: Sequence[Room]) -> Callable[[Any], None]:
    def go(event: ft.Event[Any]) -> None:
        workspace.navigator.go(Place(rooms[int(event.control.selected_index)]))

    return go


def _bar(scene: Scene, workspace: Workspace, place: Place) -> ft.Control:
    rooms = in_bar(rooms_of(workspace.account.person.roles))
    return identified(
        "rooms",
        ft.NavigationBar(
            selected_index=_chosen(rooms, place),
            on_change=_goer(workspace, rooms),
            bgcolor=scene.palette.surface,
            indicator_color=scene.palette.selected,
            destinations=[
                ft.NavigationBarDestination(
                    icon=icon, selected_icon=chosen, label=scene.words(f"room.{room}")
                )
                for room in rooms
                for icon, chosen in (ROOMS[room],)
            ],
        ),
    )


def _chosen(rooms: Sequence[Room], place: Place) -> int:
    """Return which room is marked; a room that the bar leaves out is reached through customers."""
    if place.room in rooms:
        return rooms.index(place.room)
    return rooms.index(Room.CLIENTS) if Room.CLIENTS in rooms else 0


def _rail(scene: Scene, workspace: Workspace, place: Place) -> ft.Control:
    rooms = rooms_of(workspace.account.person.roles)
    return identified(
        "rooms",
        ft.NavigationRail(
            selected_index=_chosen(rooms, place),
            on_change=_goer(workspace, rooms),
            label_type=ft.NavigationRailLabelType.ALL,
            bgcolor=scene.palette.surface,
            indicator_color=scene.palette.selected,
            min_width=104,
            group_alignment=-0.95,
            destinations=[
                ft.NavigationRailDestination(
                    icon=icon, selected_icon=chosen, label=scene.words(f"room.{room}")
                )
                for room in rooms
                for icon, chosen in (ROOMS[room],)
            ],
        ),
    )


# --- what was just done


@screen
def NoticeBar(scene: Scene, workspace: Workspace) -> ft.Control:  # noqa: N802 - components are named like controls
    """Say what was just done or refused, and offer to take it back, for as long as that holds."""
    model = workspace.notices
    use_changes(model)
    notice = model.current

    async def expire() -> None:
        if notice is not None:
            await asyncio.sleep(UNDO_S if notice.undo or notice.problem else NOTICE_S)
            model.clear(notice)

    ft.use_effect(expire, [notice])
    if notice is None:
        return ft.Container(height=0)
    return _notice(scene, workspace, notice)


def _notice(scene: Scene, workspace: Workspace, notice: Notice) -> ft.Control:
    model = workspace.notices
    problem = notice.problem
    tone = Tone.BAD if problem else Tone.GOOD
    sentence = (
        problem.sentence(scene.words.language)
        if problem
        else scene.words(str(notice.key), **notice.named)
    )
    undo = (
        buttons.quiet(
            scene,
            "undo",
            scene.words("notice.undo"),
            model.take_back,
            icon=ft.Icons.UNDO,
            tone=tone,
        )
        if notice.undo
        else None
    )
    close = buttons.icon_only(
        scene, "dismiss", scene.words("notice.close"), ft.Icons.CLOSE, model.dismiss
    )
    ink = scene.palette.ink_of(tone)
    icon = ft.Icons.ERROR_OUTLINE if problem else ft.Icons.CHECK_CIRCLE_OUTLINE
    said = ft.Text(sentence, color=ink, size=scene.look.body, expand=True)
    return identified(
        "problem" if problem else "saved",
        ft.Container(
            content=_said(scene, ft.Icon(icon, color=ink), said, undo, close),
            bgcolor=scene.palette.container_of(tone),
            border_radius=RADIUS_PX,
            padding=ft.Padding.only(left=GAP_L, right=GAP_S, top=GAP_XS, bottom=GAP_XS),
            margin=ft.Margin.symmetric(horizontal=GAP_M, vertical=GAP_S),
        ),
    )


def _said(
    scene: Scene, icon: ft.Control, said: ft.Control, undo: ft.Control | None, close: ft.Control
) -> ft.Control:
    """Put a notice together; large words have the undo below them."""
    if undo is None or not scene.is_stacked:
        return ft.Row([icon, said, *([undo] if undo else []), close], spacing=GAP_XS)
    below = ft.Row([undo], alignment=ft.MainAxisAlignment.END)
    return ft.Column([ft.Row([icon, said, close], spacing=GAP_S), below], spacing=0, tight=True)
