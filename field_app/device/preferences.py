"""What a person chose, in one small file of this device; a damaged file is as no file."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import TypeAdapter, ValidationError

from field_app.ports import LOCK_AFTER_MIN, Preferences
from field_app.theme import SCALES, Mode
from field_core.problems import ProblemError

_TEXT: Final = TypeAdapter(str | None)
_KINDS: Final[Mapping[str, TypeAdapter[Any]]] = {
    "language": TypeAdapter(Literal["fr", "en"] | None),
    "mode": TypeAdapter(Mode),
    "scale": TypeAdapter(float),
    "is_wifi_only": TypeAdapter(bool),
    "lock_after_min": TypeAdapter(int),
    "server": _TEXT,
    "email": _TEXT,
}
_OFFERED: Final[Mapping[str, tuple[float, ...]]] = {
    "scale": SCALES,
    "lock_after_min": LOCK_AFTER_MIN,
}


class PreferenceFile:
    """Preferences as JSON, written beside, flushed and renamed: a power cut leaves old or new."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> Preferences:
        """Return what was chosen; what cannot be read is as at first, the rest holds."""
        held = self._held()
        return Preferences(
            **{name: v for name in _KINDS if (v := _fitting(name, held)) is not None}
        )

    def write(self, preferences: Preferences) -> None:
        """Keep what was chosen; raises ProblemError `disk-full`."""
        text = json.dumps(asdict(preferences), ensure_ascii=False, indent=1)
        beside = self._path.with_suffix(".new")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with beside.open("w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(self._path)
        except OSError as error:
            raise ProblemError("disk-full") from error

    def _held(self) -> dict[str, Any]:
        try:
            held = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return held if isinstance(held, dict) else {}


def _fitting(name: str, held: Mapping[str, Any]) -> Any:  # noqa: ANN401 - one of several kinds
    """Return a value that is of its kind and offered, else None."""
    try:
        value = _KINDS[name].validate_python(held.get(name))
    except ValidationError:
        return None
    return value if value in _OFFERED.get(name, (value,)) else None
