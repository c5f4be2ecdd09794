"""The guard: who gets in, who gets one sentence, and what a page may load."""

import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from field_app.views.guard import Guard, Message, Receive, Scope, Send

PORT = 8551
HOST = f"127.0.0.1:{PORT}"
TOKEN = "a-token-of-some-length"
REFUSAL = "Cette page demande l’adresse complète."
PAGE = b"<!DOCTYPE html><html><head>\n<script>var flet = {};</script></head><body></body></html>"


class Served:
    """An application that answers everything, and remembers what reached it."""

    def __init__(self) -> None:
        self.reached: list[str] = []
        self.headers: list[dict[bytes, bytes]] = []

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        self.reached.append(f"{scope['type']} {scope.get('path', '')}")
        self.headers.append(dict(scope.get("headers", ())))
        if scope["type"] != "http":
            return
        is_page = "." not in scope["path"]
        kind, body = (b"text/html; charset=utf-8", PAGE) if is_page else (b"text/javascript", b"1")
        headers = [
            (b"content-type", kind),
            (b"content-length", str(len(body)).encode()),
            (b"etag", b'"1"'),
            (b"access-control-allow-origin", b"*"),
            (b"cross-origin-embedder-policy", b"require-corp"),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        half = len(body) // 2
        await send({"type": "http.response.body", "body": body[:half], "more_body": True})
        await send({"type": "http.response.body", "body": body[half:]})


@pytest.fixture
def served() -> Served:
    return Served()


@pytest.fixture
def guard(served: Served) -> Guard:
    def dress(page: bytes) -> bytes:
        return page.replace(b"</head>", b"<script>var dressed;</script></head>")

    return Guard(served, token=TOKEN, port=PORT, refusal=REFUSAL, dress=dress)


@pytest.fixture
async def stranger(guard: Guard) -> AsyncIterator[httpx.AsyncClient]:
    transport: Any = httpx.ASGITransport(app=guard)
    async with httpx.AsyncClient(transport=transport, base_url=f"http://{HOST}") as client:
        yield client


@pytest.fixture
async def friend(stranger: httpx.AsyncClient) -> httpx.AsyncClient:
    """A browser that opened the address."""
    await stranger.get("/", params={"token": TOKEN})
    return stranger


async def test_token_is_changed_for_a_cookie_and_leaves_the_address(
    stranger: httpx.AsyncClient, served: Served
) -> None:
    answer = await stranger.get("/today/x", params={"token": TOKEN, "q": "é"})

    assert (answer.status_code, answer.headers["location"]) == (303, "/today/x?q=%C3%A9")
    cookie = answer.headers["set-cookie"]
    assert re.fullmatch(
        rf"gigafield-{PORT}=[0-9a-f]{{64}}; HttpOnly; SameSite=Strict; Path=/", cookie
    )
    assert TOKEN not in cookie
    assert served.reached == []


@pytest.mark.parametrize("path", ["/", "/ws", "/today", "/main.dart.js", "/docs", "//evil.example"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "OPTIONS"])
async def test_stranger_gets_one_sentence(
    stranger: httpx.AsyncClient, served: Served, path: str, method: str
) -> None:
    answer = await stranger.request(method, f"http://{HOST}{path}")

    assert (answer.status_code, answer.text) == (403, REFUSAL if method != "HEAD" else "")
    assert (answer.headers["content-type"], served.reached) == ("text/plain; charset=utf-8", [])


@pytest.mark.parametrize(
    "query", ["token=", "token=wrong", f"token={TOKEN}x", f"Token={TOKEN}", "token=%FF"]
)
async def test_wrong_token_opens_nothing(stranger: httpx.AsyncClient, query: str) -> None:
    answer = await stranger.get(f"/?{query}")

    assert (answer.status_code, "set-cookie" in answer.headers) == (403, False)


async def test_token_is_taken_from_a_plain_visit_only(stranger: httpx.AsyncClient) -> None:
    assert (await stranger.post("/", params={"token": TOKEN})).status_code == 403


async def test_token_does_not_redirect_to_another_site(stranger: httpx.AsyncClient) -> None:
    answer = await stranger.get(f"http://{HOST}//evil.example/", params={"token": TOKEN})

    assert answer.headers["location"] == "/"


@pytest.mark.parametrize(
    "cookie", ["", "gigafield-8551=", "gigafield-8551=x", "gigafield-8552={}", "a=\x01;=;", "]"]
)
async def test_other_cookies_open_nothing(
    guard: Guard, stranger: httpx.AsyncClient, cookie: str
) -> None:
    passed = guard._pass  # noqa: SLF001 - the right value under another name
    headers = {"cookie": cookie.replace("{}", passed)}

    assert (await stranger.get("/", headers=headers)).status_code == 403


@pytest.mark.parametrize(
    "host",
    ["evil.example", f"evil.example:{PORT}", "127.0.0.1", "127.0.0.1:9999", "10.0.0.4:8551", ""],
)
async def test_foreign_name_is_refused_whatever_it_brings(
    friend: httpx.AsyncClient, served: Served, host: str
) -> None:
    """DNS rebinding."""
    answer = await friend.get("/", params={"token": TOKEN}, headers={"host": host})

    assert (answer.status_code, served.reached) == (403, [])


@pytest.mark.parametrize("host", [f"localhost:{PORT}", f"127.0.0.1:{PORT}", f"[::1]:{PORT}"])
async def test_our_own_names_are_answered(stranger: httpx.AsyncClient, host: str) -> None:
    answer = await stranger.get("/", params={"token": TOKEN}, headers={"host": host})

    assert answer.status_code == 303


async def test_friend_is_served(friend: httpx.AsyncClient, served: Served) -> None:
    script, page = await friend.get("/main.dart.js"), await friend.get("/today/x")

    assert (script.text, page.status_code) == ("1", 200)
    assert served.reached == ["http /main.dart.js", "http /today/x"]


@pytest.mark.parametrize(
    "path", ["/docs", "/redoc", "/openapi.json", "/oauth_callback", "/upload", "/pyodide/x.js"]
)
async def test_nothing_but_the_app_is_served(
    friend: httpx.AsyncClient, served: Served, path: str
) -> None:
    assert ((await friend.get(path)).status_code, served.reached) == (404, [])


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
async def test_friend_may_only_look(friend: httpx.AsyncClient, served: Served, method: str) -> None:
    assert ((await friend.request(method, "/")).status_code, served.reached) == (404, [])


async def test_friend_hands_over_a_chosen_file(friend: httpx.AsyncClient, served: Served) -> None:
    await friend.put("/upload", content=b"a photo")

    assert served.reached == ["http /upload"]
    assert (await friend.put("/upload/elsewhere", content=b"x")).status_code == 404


async def test_page_loads_from_nowhere_else(friend: httpx.AsyncClient) -> None:
    page = await friend.get("/")
    policy = page.headers["content-security-policy"]

    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert f"connect-src 'self' blob: data: ws://{HOST}" in policy
    assert re.findall(r"https?://", policy) == []
    assert "var dressed;" in page.text
    assert len(re.findall(r"'sha256-[A-Za-z0-9+/=]{44}'", policy)) == page.text.count("<script>")
    assert "'unsafe-eval'" not in policy
    assert int(page.headers["content-length"]) == len(page.content)


async def test_page_is_asked_for_and_sent_whole(friend: httpx.AsyncClient, served: Served) -> None:
    page = await friend.get("/", headers={"if-none-match": '"1"', "range": "bytes=0-9"})

    assert (page.headers["cache-control"], "etag" in page.headers) == ("no-store", False)
    assert served.headers[-1].keys() & {b"if-none-match", b"range", b"accept-encoding"} == set()


async def test_other_files_may_be_kept_by_the_browser(
    friend: httpx.AsyncClient, served: Served
) -> None:
    answer = await friend.get("/main.dart.js", headers={"if-none-match": '"1"'})

    assert answer.headers["etag"] == '"1"'
    assert served.headers[-1][b"if-none-match"] == b'"1"'


@pytest.mark.parametrize("path", ["/", "/main.dart.js"])
async def test_no_other_origin_may_read(friend: httpx.AsyncClient, path: str) -> None:
    headers = (await friend.get(path)).headers

    assert "access-control-allow-origin" not in headers
    assert headers["cross-origin-embedder-policy"] == "require-corp"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-frame-options"] == "DENY"


# --- websockets


async def websocket(guard: Guard, **given: str) -> list[Message]:
    """Open a websocket with these headers; return what was sent."""
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        sent.append(message)

    path = given.pop("path", "/ws")
    headers = {
        "host": HOST,
        "origin": f"http://{HOST}",
        "cookie": f"gigafield-{PORT}={guard._pass}",  # noqa: SLF001 - what the browser was given
        **given,
    }
    scope: Scope = {
        "type": "websocket",
        "path": path,
        "query_string": b"",
        "headers": [(n.encode(), v.encode()) for n, v in headers.items()],
    }
    await guard(scope, receive, send)
    return sent


async def test_websocket_of_our_page_is_opened(guard: Guard, served: Served) -> None:
    assert (await websocket(guard), served.reached) == ([], ["websocket /ws"])


@pytest.mark.parametrize(
    "given",
    [
        {"cookie": ""},
        {"origin": "http://evil.example"},
        {"origin": "http://127.0.0.1:9999"},
        {"origin": f"https://{HOST}"},
        {"origin": "null"},
        {"origin": ""},
        {"host": f"evil.example:{PORT}", "origin": f"http://evil.example:{PORT}"},
        {"path": "/other"},
    ],
)
async def test_websocket_of_anybody_else_is_refused(
    guard: Guard, served: Served, given: dict[str, str]
) -> None:
    sent = await websocket(guard, **given)

    assert (sent, served.reached) == ([{"type": "websocket.close", "code": 1008}], [])


async def test_token_in_the_query_does_not_open_a_websocket(guard: Guard, served: Served) -> None:
    await websocket(guard, cookie="", path=f"/ws?token={TOKEN}")

    assert served.reached == []


async def test_start_and_end_of_the_server_reach_the_app(guard: Guard, served: Served) -> None:
    async def receive() -> Message:
        return {}

    async def send(_: Message) -> None:
        return

    await guard({"type": "lifespan"}, receive, send)

    assert served.reached == ["lifespan "]


async def test_port_80_is_left_out_of_names(served: Served) -> None:
    guard = Guard(served, token=TOKEN, port=80, refusal=REFUSAL)
    transport: Any = httpx.ASGITransport(app=guard)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        assert (await client.get("/", params={"token": TOKEN})).status_code == 303
