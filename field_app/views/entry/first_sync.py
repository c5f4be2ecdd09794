"""The first sync: a card right after signing in, a thin line above the work after that."""

import flet as ft

from field_app.state.entry.first_sync import FirstSync
from field_app.state.shell import Shell
from field_app.state.workspace import Workspace
from field_app.theme import GAP_L, GAP_S, GAP_XS, Tone
from field_app.views.boundary import screen, use_model
from field_app.views.scene import Scene
from field_app.views.widgets import buttons, centred, notices, text
from field_app.views.widgets.named import identified


@screen
def FirstSyncScreen(scene: Scene, workspace: Workspace, shell: Shell) -> ft.Control:  # noqa: N802 - components are named like controls
    """Show what comes, and the way to what has come."""
    model = use_model(
        lambda: FirstSync(workspace.account, today=workspace.today, ended=shell.go_on), workspace
    )
    words = scene.words
    here = words.count("firstsync.jobs", model.jobs) if model.jobs else words("firstsync.no-jobs")
    return centred.card(
        scene,
        "first-sync",
        _bar(scene, model),
        text.body(scene, sentence(scene, model)),
        *_trouble(scene, model, shell),
        text.body(scene, here),
        buttons.primary(
            scene, "first-sync-open", words("firstsync.open"), shell.go_on, icon=ft.Icons.TODAY
        ),
        title=words("firstsync.title", name=workspace.account.person.name),
        hint=words("firstsync.hint"),
        top=None,
    )


def _bar(scene: Scene, model: FirstSync) -> ft.Control:
    return identified(
        "first-sync-bar",
        ft.ProgressBar(
            value=model.share,
            bar_height=GAP_S,
            border_radius=GAP_XS,
            color=scene.palette.primary,
            bgcolor=scene.palette.line,
        ),
    )


def sentence(scene: Scene, model: FirstSync) -> str:
    """Say how much has come of how much."""
    words, progress = scene.words, model.progress
    if progress is None:
        return words("firstsync.asking")
    return words(
        "firstsync.progress",
        documents=progress.documents,
        total=progress.documents_total,
        got=words.size(progress.bytes),
        size=words.size(progress.bytes_total),
    )


def _trouble(scene: Scene, model: FirstSync, shell: Shell) -> list[ft.Control]:
    if model.is_signed_out:
        again = scene.words("view.sign-in")
        action = buttons.quiet(scene, "first-sync-sign-in", again, shell.reconnect)
    else:
        action = buttons.quiet(scene, "first-sync-retry", scene.words("view.retry"), model.retry)
    if model.failure is None:
        return []
    return [
        notices.banner(
            scene,
            "first-sync-failure",
            model.failure.sentence(scene.words.language),
            Tone.BAD,
            ft.Icons.CLOUD_OFF,
            action=action,
        )
    ]


@screen
def FirstSyncLine(scene: Scene, workspace: Workspace) -> ft.Control:  # noqa: N802 - components are named like controls
    """Remind of what is still to come, above the work that has begun."""
    model = use_model(lambda: FirstSync(workspace.account, today=workspace.today), workspace)
    if not model.is_going_on or not model.is_known:
        return ft.Container(height=0)
    return identified(
        "first-sync-line",
        ft.Container(
            ft.Column(
                [text.soft(scene, sentence(scene, model)), _bar(scene, model)],
                spacing=GAP_XS,
                tight=True,
            ),
            bgcolor=scene.palette.surface,
            padding=ft.Padding.symmetric(horizontal=GAP_L, vertical=GAP_S),
        ),
    )
