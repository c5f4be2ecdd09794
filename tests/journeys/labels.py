"""Labels of real devices as a camera shows them, for Chromium's fake one."""

from pathlib import Path
from typing import Final

from PIL import Image

FOLDER: Final = Path(__file__).parents[1] / "fixtures" / "scanner"
HISENSE: Final = FOLDER / "023_hack-gpon_dev-hisense-ont-hisense-ltf7267-bha-front.jpg"
"""A Data Matrix with a MAC and a GPON serial (hack-gpon, MIT)."""
HISENSE_MAC, HISENSE_GPON = "10:39:4E:B5:DA:90", "HBMT22700048"
GEMTEK: Final = FOLDER / "028_hacking-gemtek_dev-gemtek-router-label.jpg"
"""Bars with a MAC and a serial (hacking-gemtek, MIT)."""
GEMTEK_MAC, GEMTEK_SERIAL = "1C:49:7B:A8:D9:A6", "GMK170210005623"

FRAME: Final = (1280, 720)


def video_of(label: Path, file: Path, *, frames: int = 2) -> Path:
    """Write a film of a label that is held still: YUV 4:2:0, as the YUV4MPEG2 header says."""
    width, height = FRAME
    header = f"YUV4MPEG2 W{width} H{height} F5:1 Ip A1:1 C420jpeg\n".encode()
    frame = b"FRAME\n" + _planes(_held(Image.open(label)))
    file.write_bytes(header + frame * frames)
    return file


def _held(photo: Image.Image) -> Image.Image:
    """Put a photo in the middle of what the camera sees, as large as fits."""
    seen = Image.new("RGB", FRAME, (90, 90, 90))
    photo = photo.convert("RGB")
    photo.thumbnail(FRAME, Image.Resampling.LANCZOS)
    seen.paste(photo, ((FRAME[0] - photo.width) // 2, (FRAME[1] - photo.height) // 2))
    return seen


def _planes(picture: Image.Image) -> bytes:
    luma, blue, red = picture.convert("YCbCr").split()
    half = (FRAME[0] // 2, FRAME[1] // 2)
    return b"".join(plane.tobytes() for plane in (luma, blue.resize(half), red.resize(half)))
