"""Names of controls: a stable identifier for tests and tools, and words for screen readers."""

import flet as ft


def identified(
    name: str, content: ft.Control, *, label: str | None = None, is_button: bool = False
) -> ft.Semantics:
    """Give a control the stable name by which tests and assistive tools find it.

    label: what a screen reader says of a group that has no words of its own. is_button: all of it
    is one thing to press. Said outright: a role that Flutter's web engine only infers changes as
    the row scrolls into view, and the identifier is lost with it.
    """
    return ft.Semantics(
        identifier=name,
        container=True,
        button=is_button or None,
        content=content,
        label=label,
        expand=content.expand,
    )
