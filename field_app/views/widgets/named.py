"""Names of controls: a stable identifier for tests and tools, and words for screen readers."""

import flet as ft


def identified(name: str, content: ft.Control, *, label: str | None = None) -> ft.Semantics:
    """Give a control the stable name by which tests and assistive tools find it.

    label: what a screen reader says of a group that has no words of its own.
    """
    return ft.Semantics(
        identifier=name, container=True, content=content, label=label, expand=content.expand
    )
