"""The sign-in screen."""

from typing import Any

import flet as ft

from field_app import theme
from field_app.i18n import Words
from field_app.state.sign_in import SignIn
from field_app.views.boundary import identified, screen, use_screen


@screen
def SignInScreen(words: Words, model: SignIn) -> ft.Control:  # noqa: N802 - components are named like controls
    """Draw the fields and the button; fields are read when the button is pressed."""
    use_screen(model)
    server: Any = ft.use_ref(None)
    email: Any = ft.use_ref(None)
    password: Any = ft.use_ref(None)

    async def submit(_: object = None) -> None:
        await model.submit(server.current.value, email.current.value, password.current.value)

    problem = model.problem
    return ft.Column(
        [
            ft.Text(words("app.title"), size=28, weight=ft.FontWeight.BOLD),
            identified(
                "server",
                ft.TextField(
                    ref=server, label=words("view.server"), value=model.server, width=theme.FIELD_PX
                ),
            ),
            identified(
                "email",
                ft.TextField(
                    ref=email,
                    label=words("view.email"),
                    width=theme.FIELD_PX,
                    keyboard_type=ft.KeyboardType.EMAIL,
                ),
            ),
            identified(
                "password",
                ft.TextField(
                    ref=password,
                    label=words("view.password"),
                    password=True,
                    can_reveal_password=True,
                    width=theme.FIELD_PX,
                    on_submit=submit,
                ),
            ),
            identified(
                "problem",
                ft.Text(problem.sentence(words.language) if problem else "", color=ft.Colors.ERROR),
            ),
            identified(
                "sign-in",
                ft.Button(
                    words("view.sign-in"),
                    on_click=submit,
                    disabled=model.is_busy,
                    width=theme.FIELD_PX,
                    height=theme.TARGET_PX,
                ),
            ),
        ],
        spacing=theme.GAP_PX,
        scroll=ft.ScrollMode.AUTO,
    )
