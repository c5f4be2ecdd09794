"""Who may open the app in a browser: whoever was given the address that the program printed.

The page is served on the loopback interface, which every program and every user of this machine
reaches, and so does every web page through the browser. So each start has a token; it is changed
for a cookie at the first visit, and without that nothing is answered but one sentence. Names in
`Host` other than our own are refused, since a foreign name may be made to point here (DNS
rebinding), and so are websockets from another origin, which no browser keeps from being opened.

Plain ASGI, between the server and Flet's application.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]
Header = tuple[bytes, bytes]
Dress = Callable[[bytes], bytes]

TOKEN: Final = "token"  # noqa: S105 - the name of a parameter
_SOCKET: Final = "/ws"
_UPLOAD: Final = "/upload"
_NOT_SERVED: Final = ("/docs", "/redoc", "/openapi.json", "/oauth_callback", "/upload", "/pyodide")
"""What Flet's application would answer as well, and nobody here asks for."""
_POLICY_REFUSED: Final = 1008
"""RFC 6455, 7.4.1."""
_COMMON: Final[tuple[Header, ...]] = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
_REPLACED: Final = {name for name, _ in _COMMON} | {b"access-control-allow-origin"}
_SCRIPT: Final = re.compile(rb"<script>(.*?)</script>", re.DOTALL)
_ONLY_OURS: Final = b"""<script>
    // Flet's client asks a CDN for an animation player that this app does not use.
    (function () {
      const append = Element.prototype.append;
      const isOurs = (node) => !(node instanceof HTMLScriptElement && node.src) ||
        node.src.startsWith('blob:') || new URL(node.src).origin === location.origin;
      Element.prototype.append = function (...nodes) {
        return append.apply(this, nodes.filter(isOurs));
      };
    })();
  </script>"""


class Guard:
    """Lets those with the token or its cookie through to the application, and nobody else."""

    def __init__(
        self, app: Application, *, token: str, port: int, refusal: str, dress: Dress = bytes
    ) -> None:
        """dress: what is made of a page before its scripts are named in our policy."""
        self._app = app
        self._dress = dress
        self._token = token
        self._refusal = refusal
        self._cookie = f"gigafield-{port}"
        self._pass = hmac.new(token.encode(), b"cookie", hashlib.sha256).hexdigest()
        ended = "" if port == 80 else f":{port}"  # noqa: PLR2004 - browsers leave HTTP's own port out
        self._hosts = {f"{name}{ended}" for name in ("127.0.0.1", "localhost", "[::1]")}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or hand it on."""
        if scope["type"] == "http":
            await self._http(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
        else:  # the start and the end of the server
            await self._app(scope, receive, send)

    # --- requests

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not self._is_for_us(scope):
            await _answer(send, 403, self._refusal)
        elif self._has_token(scope):
            await self._let_in(scope, send)
        elif not self._has_cookie(scope):
            await _answer(send, 403, self._refusal)
        elif not _is_asked_for(scope):
            await _answer(send, 404, self._refusal)
        else:
            page = _Page(send, host=_header(scope, b"host"), dress=self._dress)
            await self._app(_as_whole(scope), receive, page)

    async def _let_in(self, scope: Scope, send: Send) -> None:
        """Change the token for the cookie, and leave an address that may be seen and kept."""
        left = [(name, value) for name, value in _query(scope) if name != TOKEN]
        path = scope["path"] if not scope["path"].startswith("//") else "/"
        where = path + (f"?{urlencode(left)}" if left else "")
        cookie = f"{self._cookie}={self._pass}; HttpOnly; SameSite=Strict; Path=/"
        headers = [(b"location", where.encode("utf-8")), (b"set-cookie", cookie.encode("ascii"))]
        await _answer(send, 303, "", headers)

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        origin = _header(scope, b"origin")
        is_ours = origin == f"http://{_header(scope, b'host')}" and scope["path"] == _SOCKET
        if is_ours and self._is_for_us(scope) and self._has_cookie(scope):
            await self._app(scope, receive, send)
            return
        await receive()
        await send({"type": "websocket.close", "code": _POLICY_REFUSED})

    # --- what a request shows

    def _is_for_us(self, scope: Scope) -> bool:
        return _header(scope, b"host") in self._hosts

    def _has_token(self, scope: Scope) -> bool:
        given = dict(_query(scope)).get(TOKEN, "")
        return scope["method"] == "GET" and hmac.compare_digest(
            given.encode(), self._token.encode()
        )

    def _has_cookie(self, scope: Scope) -> bool:
        jar: SimpleCookie = SimpleCookie()
        try:
            jar.load(_header(scope, b"cookie"))
        except CookieError:
            return False
        held = jar.get(self._cookie)
        return held is not None and hmac.compare_digest(held.value.encode(), self._pass.encode())


def _is_asked_for(scope: Scope) -> bool:
    """Tell whether the app's own page asks such things: it reads, and hands over chosen photos.

    A file is put where an address says that the app signed; no other page may send one here, since
    a browser asks first (OPTIONS) and is not answered.
    """
    if scope["method"] == "PUT":
        return bool(scope["path"] == _UPLOAD)
    is_reading = scope["method"] in ("GET", "HEAD")
    return is_reading and not scope["path"].startswith(_NOT_SERVED)


class _Page:
    """Sends what the application answers: sealed headers, and on pages our policy for scripts."""

    def __init__(self, send: Send, *, host: str, dress: Dress) -> None:
        self._send = send
        self._dress = dress
        self._host = host
        self._start: Message | None = None
        self._body = bytearray()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            kept = [(n, v) for n, v in message["headers"] if n.lower() not in _REPLACED]
            message = {**message, "headers": [*kept, *_COMMON]}
            if _is_page(kept):
                self._start = message
                return
        elif self._start is not None:
            await self._collect(self._start, message)
            return
        await self._send(message)

    async def _collect(self, start: Message, message: Message) -> None:
        """Hold the page back until all of it is here: its header names its scripts."""
        self._body += message.get("body", b"")
        if message.get("more_body"):
            return
        page = self._dress(bytes(self._body)).replace(b"<head>", b"<head>\n  " + _ONLY_OURS, 1)
        own = {
            b"content-length": str(len(page)).encode(),
            b"content-security-policy": policy(_SCRIPT.findall(page), self._host).encode(),
            b"cache-control": b"no-store",
        }
        dropped = {*own, b"etag", b"last-modified"}
        kept = [(n, v) for n, v in start["headers"] if n.lower() not in dropped]
        await self._send({**start, "headers": [*kept, *own.items()]})
        await self._send({"type": "http.response.body", "body": page})


def policy(scripts: Iterable[bytes], host: str) -> str:
    """Return the content security policy of a page: nothing is loaded from elsewhere.

    scripts: those written in the page, each allowed by its hash.
    """
    hashes = " ".join(f"'sha256-{_hash(script)}'" for script in scripts)
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' blob: 'wasm-unsafe-eval' {hashes}".strip(),
            "worker-src 'self' blob:",
            "style-src 'self' 'unsafe-inline'",  # Flutter styles its elements one by one
            "img-src 'self' blob: data:",
            "media-src 'self' blob: data:",
            "font-src 'self' data:",
            f"connect-src 'self' blob: data: ws://{host}",
            "manifest-src 'self'",
            "base-uri 'self'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        )
    )


def _hash(script: bytes) -> str:
    return base64.b64encode(hashlib.sha256(script).digest()).decode()


def _is_page(headers: Iterable[Header]) -> bool:
    return any(n.lower() == b"content-type" and v.startswith(b"text/html") for n, v in headers)


_CONDITIONS: Final = (b"if-none-match", b"if-modified-since", b"range", b"accept-encoding")


def _as_whole(scope: Scope) -> Scope:
    """Ask for pages whole and as they are: what is sent of them is not what lies on disk."""
    name = scope["path"].rpartition("/")[2]
    if "." in name and not name.endswith(".html"):
        return scope
    kept = [(n, v) for n, v in scope["headers"] if n not in _CONDITIONS]
    return {**scope, "headers": kept}


def _header(scope: Scope, name: bytes) -> str:
    """Return a header; several of a kind are none of ours."""
    found = [value for n, value in scope["headers"] if n == name]
    return found[0].decode("latin-1") if len(found) == 1 else ""


def _query(scope: Scope) -> list[tuple[str, str]]:
    return parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)


async def _answer(send: Send, status: int, sentence: str, headers: Iterable[Header] = ()) -> None:
    body = sentence.encode()
    own = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
    ]
    start = {"type": "http.response.start", "status": status}
    await send({**start, "headers": [*own, *_COMMON, *headers]})
    await send({"type": "http.response.body", "body": body})
