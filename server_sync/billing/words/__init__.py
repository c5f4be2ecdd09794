"""What customers read on paper and on the pay page: one catalogue a language, French first.

They lie with the server, which is installed without the app's assets.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

_FILES: Final = {"fr": "fr-CA.json", "en": "en-CA.json"}


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """Return the sentences of `fr` or `en`; every other language reads French."""
    file = Path(__file__).with_name(_FILES["en" if language.startswith("en") else "fr"])
    found: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
    return found


def say(language: str, key: str, **values: str) -> str:
    """Return a sentence with its values; a missing key is a programmer's mistake."""
    return catalogue(language)[key].format_map(values)
