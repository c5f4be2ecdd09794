"""Sizes and colours: outdoors in the sun, with gloves, on a small screen."""

from typing import Final

SEED: Final = "#0b3d5c"
"""Gigafibre's blue; the whole scheme follows from it."""
TARGET_PX: Final = 56
"""Touch targets are 48 px or more; gloves ask for a little over that."""
GAP_PX: Final = 12
ROW_PX: Final = 84
FIELD_PX: Final = 420
"""No field is wider than a hand's reach, on any screen."""
ROWS_LIVE_MAX: Final = 60
"""Rows drawn at a time: Python makes and ships each one (flet.md, lists)."""
