"""Data sets on disk: the seeded generator run as a program, and an index of equipment beside it."""

import json
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from server_sync.demo.identifiers import gpon_serial, mac_address, maker_serial
from server_sync.demo.words.goods import DEVICES
from server_sync.scope import EVERYBODY

GENERATOR: Final = Path(__file__).parent / "tools" / "make_field_dataset.py"
IDENTITIES: Final = 7_600
"""All of the company's equipment."""
STEPS: Final = 9
"""What an installation has."""
_NAMESPACE: Final = uuid.UUID("3a0d7c9e-5a51-5f0e-9d2c-6a7b8c9d0e20")


def make(folder: Path, **sizes: int) -> Path:
    """Write a data set into a folder; sizes are the generator's options (jobs=300, …)."""
    options = [f"--{name}={value}" for name, value in sizes.items()]
    subprocess.run(  # noqa: S603 - our own program
        [sys.executable, str(GENERATOR), "--out", str(folder), *options],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return folder


def add_identities(folder: Path, count: int = IDENTITIES) -> None:
    """Add the index of all equipment, which everybody holds, to a data set."""
    with (folder / "base.jsonl").open("a", encoding="utf-8") as lines:
        for row in identities(count):
            lines.write(json.dumps(row) + "\n")


def identities(count: int) -> Iterator[dict[str, Any]]:
    """Yield rows of the index as the server derives them."""
    for number in range(1, count + 1):
        device = DEVICES[number % len(DEVICES)]
        key = str(uuid.uuid5(_NAMESPACE, str(number)))
        yield {
            "doctype": "Equipment Identity",
            "name": key,
            "scope": [EVERYBODY],
            "equipment": key,
            "mac_address": mac_address(device.oui, number, seed=1),
            "serial_no": maker_serial(number, seed=1),
            "gpon_serial": gpon_serial(device.vendor, number, seed=1) if device.vendor else None,
            "service_location": f"LOC-{number:05d}",
            "since": f"{2019 + number % 7}-{1 + number % 12:02d}-{1 + number % 28:02d}",
        }


def steps() -> list[dict[str, Any]]:
    """Return the steps of a job, nothing done yet."""
    return [
        {
            "id": f"step-{number}",
            "step": f"step-{number}",
            "kind": "reading",
            "label_fr": f"Niveau optique {number}",
            "label_en": f"Optical level {number}",
            "unit": "dBm",
            "required": True,
        }
        for number in range(1, STEPS + 1)
    ]
