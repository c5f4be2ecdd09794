"""Letters that our own fonts lack, in the browser: names in Arabic, Greek, Hebrew, Cyrillic; emoji.

A phone has such fonts itself. Flutter's web engine fetches one for each script it meets, at an
address with its own version and checksum in it; here every such address leads to the font of that
family that we carry. A family that we do not carry is not found, and shows as boxes.
"""

import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final

Scope = MutableMapping[str, Any]
Application = Callable[[Scope, Any, Any], Awaitable[None]]

_ASKED: Final = re.compile(r"/(?:assets/)*fonts/(noto[a-z]+)/v\d+/[\w.-]+")
_OURS: Final = "/fonts/fallback/{family}.woff2"


def with_fallback_fonts(app: Application) -> Application:
    """Return an application that answers the engine's requests for fonts with ours."""

    async def answer(scope: Scope, receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI
        asked = _ASKED.fullmatch(scope.get("path", ""))
        if asked:
            path = _OURS.format(family=asked[1])
            scope = {**scope, "path": path, "raw_path": path.encode("ascii")}
        await app(scope, receive, send)

    return answer
