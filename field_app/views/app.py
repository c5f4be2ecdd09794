"""The window: one page a client, all on the one account that this machine has open."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import flet as ft

from field_app.i18n import Words
from field_app.ports import Entry, PreferenceKeeping
from field_app.state.preferred import Preferred
from field_app.state.shell import Shell, Stage
from field_app.theme import WIDE_PX, Look
from field_app.views.boundary import screen, use_changes
from field_app.views.dressing import use_dressing
from field_app.views.entry.first_sync import FirstSyncScreen
from field_app.views.entry.lock import LockScreen, PinOffer
from field_app.views.entry.sign_in import SignInScreen
from field_app.views.frame import Frame
from field_app.views.look import FONTS
from field_app.views.outside import use_background, use_network
from field_app.views.scene import Scene
from field_app.views.widgets import buttons, centred, notices

_log: Final = logging.getLogger(__name__)
ASSETS: Final = str(Path(__file__).resolve().parents[2] / "assets")
Main = Callable[[ft.Page], None]


@dataclass(frozen=True, slots=True)
class App:
    """What every window of this program shares."""

    entry: Entry
    preferred: Preferred
    words: Words
    now_ms: Callable[[], int]


def Root(app: App) -> list[ft.View]:  # noqa: N802 - components are named like controls
    """Draw what is in front; a change of preferences draws everything again, at once."""
    page = ft.context.page
    preferred = app.preferred
    shell = ft.use_memo(lambda: _shell(app, page), [app])
    use_changes(preferred)
    use_changes(shell)
    chosen = preferred.value
    language = chosen.language or app.entry.language
    words = ft.use_memo(lambda: app.words.spoken_in(language), [language])
    look = Look(chosen.mode, chosen.scale)
    use_dressing(page, words, look)
    use_background(page, shell)
    use_network(page, app.entry)
    ft.use_effect(shell.open, [shell])
    _use_other_windows(shell)
    scene = Scene(words, look, _use_is_wide(page), app.now_ms)
    content = ft.SafeArea(Whole(scene, shell, preferred), expand=True)
    ground = scene.palette.background
    return [ft.View(route="/", controls=[content], padding=0, spacing=0, bgcolor=ground)]


def _shell(app: App, page: ft.Page) -> Shell:
    return Shell(
        app.entry,
        app.preferred,
        now_ms=app.now_ms,
        today=lambda: app.words.today(app.now_ms()),
        route=page.route,
    )


def _use_other_windows(shell: Shell) -> None:
    end: Any = ft.use_ref(None)

    def begin() -> None:
        end.current = shell.watch()

    def leave() -> None:
        if end.current:
            end.current()

    ft.use_effect(begin, [shell], cleanup=leave)


def _use_is_wide(page: ft.Page) -> bool:
    """Tell whether two panes fit; the app is drawn again only when that changes."""
    is_wide, set_wide = ft.use_state((page.width or 0) >= WIDE_PX)

    def listen() -> None:
        page.on_resize = lambda event: set_wide(event.width >= WIDE_PX)

    ft.use_effect(listen, [])
    return is_wide


@screen
def Whole(scene: Scene, shell: Shell, preferred: Preferred) -> ft.Control:  # noqa: N802 - components are named like controls
    """Draw what is in front, over the work: locking takes nothing from what was being written."""
    stage = shell.stage
    layers: list[ft.Control] = []
    if stage is not Stage.AT_WORK:
        layers.append(ft.Container(_front(scene, shell, preferred, stage), expand=True, key=stage))
    if shell.workspace and stage in (Stage.AT_WORK, Stage.LOCKED, Stage.SIGN_IN):
        is_open = stage is Stage.AT_WORK
        frame = Frame(scene, shell.workspace)
        layers.append(ft.Container(frame, expand=is_open, visible=is_open, key="work"))
    return ft.Column(layers, spacing=0, expand=True)


def _front(  # noqa: PLR0911 - one line a stage
    scene: Scene, shell: Shell, preferred: Preferred, stage: Stage
) -> ft.Control:
    if stage is Stage.SIGN_IN and shell.sign_in:
        return _drawn(SignInScreen(scene, shell.sign_in, preferred))
    if stage is Stage.LOCKED and shell.lock:
        return _drawn(LockScreen(scene, shell.lock, shell))
    if stage is Stage.PIN_OFFER and shell.lock:
        return _drawn(PinOffer(scene, shell.lock, shell))
    if stage is Stage.FIRST_SYNC and shell.workspace:
        return _drawn(FirstSyncScreen(scene, shell.workspace, shell))
    if stage is Stage.WIPED:
        return _wiped(scene, shell)
    if stage is Stage.REFUSED:
        return _refused(scene, shell)
    return notices.waiting(scene)


def _drawn(component: Any) -> ft.Control:  # noqa: ANN401 - a component stands for what it draws
    control: ft.Control = component
    return control


def _wiped(scene: Scene, shell: Shell) -> ft.Control:
    words = scene.words
    return centred.card(
        scene,
        "wiped",
        buttons.primary(scene, "wiped-again", words("wiped.again"), shell.begin_again),
        title=words("wiped.title"),
        hint=words("wiped.hint"),
        top=None,
    )


def _refused(scene: Scene, shell: Shell) -> ft.Control:
    words, problem = scene.words, shell.refusal
    return centred.card(
        scene,
        "refused",
        *([notices.problem(scene, problem)] if problem else []),
        buttons.primary(scene, "refused-retry", words("app.refused-retry"), shell.open),
        title=words("refused.title"),
        top=None,
    )


def make_main(
    entry: Entry, preferences: PreferenceKeeping, words: Words, now_ms: Callable[[], int]
) -> Main:
    """Return what Flet calls for each client."""
    app = App(entry, Preferred(preferences), words, now_ms)

    def main(page: ft.Page) -> None:
        page.fonts = FONTS
        guard: Any = page.session
        guard.error = _report(page, words)
        guard.handle_invoke_method_results = late_answers(guard.handle_invoke_method_results)
        page.render_views(ft.component(Root), app)

    return main


def _report(page: ft.Page, words: Words) -> Callable[[str], None]:
    """Replace Flet's red panel, which would cover the whole app, by a line and a log entry."""

    def report(message: str) -> None:
        _log.error("handler failed: %s", message)
        page.show_dialog(ft.SnackBar(ft.Text(words("app.wrong"))))

    return report


def late_answers(take: Callable[..., None]) -> Callable[..., None]:
    """Let the answer to a control that is gone be nothing.

    A camera that is closed while it takes a picture still answers; Flet 1.0.5 raises then, where
    nobody catches it, and the connection ends: the page would say "Working…" for ever.
    """

    def taken(*answer: object) -> None:
        try:
            take(*answer)
        except RuntimeError:
            _log.info("an answer came for a control that is gone")

    return taken


def open_window(main: Main) -> None:
    """Open the app's own window; returns when it is closed."""
    ft.run(main, assets_dir=ASSETS)
