"""Who is calling: API tokens, password sessions, CSRF tokens, the lock after wrong passwords."""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from http.cookies import CookieError, SimpleCookie

from server_sync.embedded_erp.calls import GUEST, Reply, Request
from server_sync.embedded_erp.errors import ErpError
from server_sync.embedded_erp.settings import ErpSiteSettings, ErpUser

WRONG_PASSWORDS_MAX = 10
"""Frappe's default `allow_consecutive_login_attempts` of the recorded site."""
LOCK = timedelta(seconds=60)
_TOKEN_BYTES = 28
_UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})
GUEST_USER = ErpUser(GUEST, "Guest", roles=(GUEST,))


@dataclass
class _Session:
    user: ErpUser
    csrf_token: str = ""


@dataclass
class _Tries:
    wrong: int = 0
    locked_until: datetime | None = None


class Sessions:
    """The users of a site and their open sessions; sessions end with the process."""

    def __init__(self, settings: ErpSiteSettings, entropy: Callable[[int], bytes]) -> None:
        self._by_key = {user.api_key: user for user in settings.users if user.api_key}
        self._by_email = {user.email: user for user in settings.users}
        self._hours = settings.session_hours
        self._entropy = entropy
        self._open: dict[str, _Session] = {}
        self._tries: dict[str, _Tries] = {}

    def user_of(self, request: Request) -> ErpUser:
        """The acting user. Raises ErpError 401 for a wrong token, 400 for a missing CSRF token."""
        authorization = request.headers.get("authorization")
        if authorization:
            return self._token_user(authorization)
        session = self._open.get(self._sid(request))
        if session is None:
            return GUEST_USER
        _check_csrf(session, request)
        return session.user

    def login(self, email: str, password: str, moment: datetime) -> tuple[ErpUser, str]:
        """Open a session; returns the user and the `sid`. Raises ErpError 401, or 500 locked."""
        tries = self._tries.setdefault(email, _Tries())
        if tries.locked_until is not None and moment < tries.locked_until:
            raise _locked()
        user = self._by_email.get(email)
        if user is None or not user.enabled or not user.password:
            raise self._wrong(tries, moment)
        if not hmac.compare_digest(user.password.encode(), password.encode()):
            raise self._wrong(tries, moment)
        self._tries.pop(email)
        sid = self._entropy(_TOKEN_BYTES).hex()
        self._open[sid] = _Session(user)
        return user, sid

    def open_desk(self, request: Request) -> str:
        """What opening a desk page does: the session gets a CSRF token, required from then on."""
        session = self._open.get(self._sid(request))
        if session is None:
            return ""
        session.csrf_token = session.csrf_token or self._entropy(_TOKEN_BYTES).hex()
        return session.csrf_token

    def cookies(self, sid: str) -> dict[str, str]:
        """The header that a login answers with."""
        age = self._hours * 3600
        return {"set-cookie": f"sid={sid}; Max-Age={age}; HttpOnly; Path=/; SameSite=Lax"}

    def _token_user(self, authorization: str) -> ErpUser:
        scheme, _, credentials = authorization.partition(" ")
        pair = credentials if scheme.lower() == "token" else _basic(scheme, credentials)
        key, _, secret = pair.partition(":")
        user = self._by_key.get(key)
        if user is None or not user.enabled:
            raise _unauthenticated()
        if not hmac.compare_digest(user.api_secret.encode(), secret.encode()):
            raise _unauthenticated()
        return user

    def _wrong(self, tries: _Tries, moment: datetime) -> ErpError:
        tries.wrong += 1
        if tries.wrong >= WRONG_PASSWORDS_MAX:
            tries.wrong, tries.locked_until = 0, moment + LOCK
        refusal = _unauthenticated()
        refusal.extra = {"message": "Invalid login credentials"}
        return refusal

    @staticmethod
    def _sid(request: Request) -> str:
        text = request.headers.get("cookie")
        if not text:
            return GUEST
        try:
            morsel = SimpleCookie(text).get("sid")
        except CookieError:
            return GUEST
        return morsel.value if morsel else GUEST


def login_reply(sessions: Sessions, request: Request, moment: datetime) -> Reply:
    """Answer `/api/method/login`."""
    usr, pwd = str(request.arguments.get("usr", "")), str(request.arguments.get("pwd", ""))
    user, sid = sessions.login(usr, pwd, moment)
    body = {"message": "Logged In", "home_page": "desk", "full_name": user.full_name}
    return Reply(body, headers=sessions.cookies(sid))


def _basic(scheme: str, credentials: str) -> str:
    if scheme.lower() != "basic":
        raise _unauthenticated()
    try:
        return base64.b64decode(credentials, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError) as error:
        raise _unauthenticated() from error


def _check_csrf(session: _Session, request: Request) -> None:
    if request.method not in _UNSAFE or not session.csrf_token:
        return
    sent = request.headers.get("x-frappe-csrf-token", "")
    if not hmac.compare_digest(sent.encode(), session.csrf_token.encode()):
        raise ErpError(400, "CSRFTokenError", "Invalid Request", traced=False)


def _unauthenticated() -> ErpError:
    return ErpError(401, "AuthenticationError", throws=False, traced=False)


def _locked() -> ErpError:
    seconds = int(LOCK.total_seconds())
    text = f"Your account has been locked and will resume after {seconds} seconds"
    return ErpError(500, "SecurityException", text, traced=False)
