"""The sign-in screen: who, a password or a code, and the server folded away."""

from collections.abc import Awaitable, Callable
from typing import Any, Final

import flet as ft

from field_app.state.entry.code_finder import CodeFinder
from field_app.state.entry.sign_in import SignIn, Way
from field_app.state.preferred import Preferred
from field_app.theme import GAP_S, RADIUS_PX, Tone
from field_app.views.boundary import screen, use_changes, use_model
from field_app.views.scanning.aiming import finder_view, use_finder
from field_app.views.scene import Scene
from field_app.views.tools import has_camera
from field_app.views.widgets import buttons, centred, fields, notices, text
from field_app.views.widgets.fields import Writing, typed_in
from field_app.views.widgets.named import identified
from field_core.problems import Problem

FINDER_PX: Final = 280
Submit = Callable[[], Awaitable[None]]


@screen
def SignInScreen(scene: Scene, model: SignIn, preferred: Preferred) -> ft.Control:  # noqa: N802 - components are named like controls
    """Draw the card; fields are read when the button is pressed."""
    use_model(lambda: model, model)
    email: Any = ft.use_ref(model.email)
    password: Any = ft.use_ref("")
    code: Any = ft.use_ref("")
    server: Any = ft.use_ref(model.server)
    words = scene.words

    async def submit(_: object = None) -> None:
        if model.way is Way.CODE:
            await model.submit_code(typed_in(code))
        else:
            given = "" if model.is_again else typed_in(email)
            await model.submit(given, typed_in(password))

    is_code = model.way is Way.CODE
    credentials = (
        _code(scene, model, code, submit)
        if is_code
        else _password(scene, model, email, password, submit)
    )
    return centred.card(
        scene,
        "sign-in-screen",
        *credentials,
        *_problem(scene, model),
        _submit(scene, model, submit),
        *_company(scene, model),
        buttons.quiet(
            scene,
            "sign-in-other",
            words("signin.use-password" if is_code else "signin.use-code"),
            lambda: model.choose(Way.PASSWORD if is_code else Way.CODE),
            icon=ft.Icons.PASSWORD if is_code else ft.Icons.QR_CODE_2,
        ),
        _server(scene, model, server),
        *([_cancel(scene, model)] if model.cancel else []),
        title=words("signin.again" if model.is_again else "signin.title"),
        hint=words("signin.again-hint", email=model.email) if model.is_again else "",
        top=languages(scene, preferred),
    )


def languages(scene: Scene, preferred: Preferred) -> ft.Control:
    """Offer the other language, in that language, before anything must be read."""
    other = "en" if scene.words.language == "fr" else "fr"
    return ft.Row(
        [
            buttons.quiet(
                scene,
                f"language-{other}",
                scene.words("signin.other-language"),
                lambda: preferred.change(language=other),
                icon=ft.Icons.TRANSLATE,
            )
        ],
        alignment=ft.MainAxisAlignment.END,
    )


def _password(
    scene: Scene, model: SignIn, email: Writing, password: Writing, submit: Submit
) -> list[ft.Control]:
    who = fields.line(
        scene,
        "email",
        scene.words("view.email"),
        email,
        key="email",
        error=_missing(scene, model, "email"),
        keyboard_type=ft.KeyboardType.EMAIL,
        autofill_hints=ft.AutofillHint.USERNAME,
        autofocus=not model.email,
        on_blur=lambda _: model.typed(typed_in(email)),
        on_submit=submit,
    )
    secret = fields.line(
        scene,
        "password",
        scene.words("view.password"),
        password,
        key="password",
        password=True,
        can_reveal_password=True,
        error=_missing(scene, model, "password"),
        autofill_hints=ft.AutofillHint.PASSWORD,
        autofocus=bool(model.email),
        on_submit=submit,
    )
    return [secret] if model.is_again else [who, secret]


def _code(scene: Scene, model: SignIn, code: Writing, submit: Submit) -> list[ft.Control]:
    return [
        text.body(scene, scene.words("signin.code-hint")),
        *_by_camera(scene, model),
        fields.line(
            scene,
            "enrolment-code",
            scene.words("signin.code"),
            code,
            key="code",
            hint_text="XXXXX-XXXXX",
            error=scene.words("signin.code-wrong") if model.missing else None,
            capitalization=ft.TextCapitalization.CHARACTERS,
            autofocus=True,
            on_submit=submit,
        ),
    ]


def _by_camera(scene: Scene, model: SignIn) -> list[ft.Control]:
    """Offer the camera where there is one: the office's screen or letter shows the code too."""
    if not has_camera(ft.context.page):
        return []
    words, finder = scene.words, model.finder
    toggle = buttons.secondary(
        scene,
        "scan-code",
        words("signin.scan-stop" if finder else "signin.scan"),
        model.aim,
        icon=ft.Icons.QR_CODE_SCANNER,
    )
    return [Finder(scene, finder), toggle] if finder else [toggle]


@screen
def Finder(scene: Scene, model: CodeFinder) -> ft.Control:  # noqa: N802 - components are named like controls
    """Draw what the camera sees while it looks for the code."""
    use_changes(model)
    finder = use_finder(model)
    if finder is None:
        return notices.problem(scene, Problem("camera-unavailable"))
    view = finder_view(scene, finder, hint_key="signin.scan-aim")
    return identified("code-finder", ft.Container(view, height=FINDER_PX, border_radius=RADIUS_PX))


def _missing(scene: Scene, model: SignIn, name: str) -> str | None:
    return scene.words("view.required") if name in model.missing else None


def _problem(scene: Scene, model: SignIn) -> list[ft.Control]:
    return [notices.problem(scene, model.problem)] if model.problem else []


def _submit(scene: Scene, model: SignIn, submit: Submit) -> ft.Control:
    if model.is_busy:
        return notices.waiting(scene, "signing-in", scene.words("signin.busy"))
    return buttons.primary(scene, "sign-in", scene.words("view.sign-in"), submit, expand=True)


def _company(scene: Scene, model: SignIn) -> list[ft.Control]:
    if not model.has_company or model.is_busy:
        return []
    return [
        buttons.secondary(
            scene,
            "sign-in-company",
            scene.words("signin.company"),
            lambda: model.submit_company(ft.UrlLauncher().launch_url),
            icon=ft.Icons.BADGE_OUTLINED,
        )
    ]


def _server(scene: Scene, model: SignIn, server: Writing) -> ft.Control:
    words = scene.words
    if model.is_server_open:
        return ft.Column(
            [
                fields.line(
                    scene,
                    "server",
                    words("view.server"),
                    server,
                    key="server",
                    keyboard_type=ft.KeyboardType.URL,
                    on_submit=lambda _: model.use_server(typed_in(server)),
                ),
                buttons.secondary(
                    scene,
                    "server-use",
                    words("signin.server-use"),
                    lambda: model.use_server(typed_in(server)),
                ),
            ],
            spacing=GAP_S,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        )
    rows: list[ft.Control] = [
        ft.Row(
            [
                ft.Container(
                    text.soft(scene, words("signin.server", server=model.server_name)), expand=True
                ),
                buttons.quiet(
                    scene, "server-change", words("signin.server-change"), model.open_server
                ),
            ],
            vertical_alignment=ft.CrossAxisAlignment.CENTER,
        )
    ]
    if model.is_in_clear:
        rows.append(
            notices.banner(
                scene,
                "server-in-clear",
                words("signin.in-clear"),
                Tone.WARN,
                ft.Icons.NO_ENCRYPTION_OUTLINED,
            )
        )
    return identified("server-folded", ft.Column(rows, spacing=GAP_S, tight=True))


def _cancel(scene: Scene, model: SignIn) -> ft.Control:
    def cancel() -> None:
        if model.cancel:
            model.cancel()

    return buttons.quiet(scene, "sign-in-cancel", scene.words("signin.later"), cancel)
