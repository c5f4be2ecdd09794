"""What journeys hand to the app: a photo as a camera makes it, a signature as a hand does."""

from pathlib import Path
from typing import Final

from PIL import Image

MEGAPIXELS_12: Final = (4_000, 3_000)
STROKE: Final = [(0.2, 0.6), (0.3, 0.3), (0.4, 0.7), (0.55, 0.35), (0.7, 0.65), (0.8, 0.4)]
"""Points of the pad, as shares of its size."""


def picture(file: Path, *, size: tuple[int, int] = MEGAPIXELS_12) -> Path:
    """Write a photo with as much in it as a camera's: noise, which compresses badly."""
    Image.effect_noise(size, 60).convert("RGB").save(file, "JPEG", quality=92)
    return file
