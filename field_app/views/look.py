"""Our tokens as Flet's theme, so that Material's own widgets match ours."""

import flet as ft

from field_app.theme import RADIUS_PX, Look, Mode, Tone

FONT = "B612"
"""Drawn for cockpit screens: read at a glance, 0 and O, 1, l and I never taken for one another."""
BOLD = "B612 Bold"
MONO = "B612 Mono"
"""For serials and MAC addresses."""
FONTS = {
    FONT: "fonts/B612-Regular.otf",
    BOLD: "fonts/B612-Bold.otf",
    MONO: "fonts/B612Mono-Regular.otf",
}


def theme_of(look: Look) -> ft.Theme:
    """Return the theme for a look; page transitions are off, since each costs 0.3 s of a tap."""
    palette, none = look.palette, ft.PageTransitionTheme.NONE
    shape = ft.RoundedRectangleBorder(radius=RADIUS_PX)
    return ft.Theme(
        font_family=FONT,
        color_scheme=_scheme(look),
        scaffold_bgcolor=palette.background,
        page_transitions=ft.PageTransitionsTheme(
            android=none, ios=none, linux=none, macos=none, windows=none
        ),
        dialog_theme=ft.DialogTheme(bgcolor=palette.raised, shape=shape),
        navigation_bar_theme=ft.NavigationBarTheme(label_text_style=_room_style(look)),
        focus_color=ft.Colors.with_opacity(FOCUS_OPACITY, palette.primary),
        visual_density=ft.VisualDensity.STANDARD,
    )


FOCUS_OPACITY = 0.28
"""What the keyboard is at is seen from a chair; words on it stay readable."""
ROOM_SCALE_MAX = 1.3
"""Four rooms share the width of a phone: their names grow only so far, their icons speak too."""


def _room_style(look: Look) -> dict[ft.ControlState, ft.TextStyle]:
    size = 12 * min(look.scale, ROOM_SCALE_MAX)
    return {
        ft.ControlState.SELECTED: ft.TextStyle(size=size, font_family=BOLD, color=look.palette.ink),
        ft.ControlState.DEFAULT: ft.TextStyle(
            size=size, font_family=FONT, color=look.palette.ink_soft
        ),
    }


def theme_mode_of(look: Look) -> ft.ThemeMode:
    """Return whether Material draws dark."""
    return ft.ThemeMode.DARK if look.mode is Mode.DARK else ft.ThemeMode.LIGHT


def _scheme(look: Look) -> ft.ColorScheme:
    p = look.palette
    return ft.ColorScheme(
        primary=p.primary,
        on_primary=p.on_primary,
        primary_container=p.selected,
        on_primary_container=p.on_selected,
        secondary=p.primary,
        on_secondary=p.on_primary,
        secondary_container=p.selected,
        on_secondary_container=p.on_selected,
        error=p.ink_of(Tone.BAD),
        on_error=p.container_of(Tone.BAD),
        error_container=p.container_of(Tone.BAD),
        on_error_container=p.ink_of(Tone.BAD),
        surface=p.surface,
        on_surface=p.ink,
        on_surface_variant=p.ink_soft,
        outline=p.ink_soft,
        outline_variant=p.line,
        surface_tint=p.surface,
        surface_container=p.raised,
        surface_container_low=p.surface,
        surface_container_lowest=p.surface,
        surface_container_high=p.raised,
        surface_container_highest=p.raised,
        inverse_surface=p.ink,
        on_inverse_surface=p.background,
        inverse_primary=p.selected,
    )
