# ruff: noqa: ANN401 - Authlib has no types, and its methods take whatever it hands them
"""A small OpenID Connect issuer on loopback, made with Authlib: code flow, PKCE required, RS256.

People sign in by `login_hint`: what a real issuer asks on a page is no matter of ours.
"""

import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import flask
from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import ClientMixin, grants
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import AuthorizationCodeMixin, OpenIDCode, UserInfo
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server

CLIENT: Final = "gigafibre-field"
CODE_S: Final = 60
TOKEN_S: Final = 300


@dataclass
class Code(AuthorizationCodeMixin):  # type: ignore[misc]  # Authlib has no types
    """A code that was given out and not yet used."""

    code: str
    redirect_uri: str
    scope: str
    nonce: str | None
    email: str
    code_challenge: str
    code_challenge_method: str
    auth_time: int = field(default_factory=lambda: int(time.time()))

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope

    def get_nonce(self) -> str | None:
        return self.nonce

    def get_auth_time(self) -> int:
        return self.auth_time

    def is_expired(self) -> bool:
        return time.time() > self.auth_time + CODE_S


class Client(ClientMixin):  # type: ignore[misc]  # Authlib has no types
    """The app: public, led back to any port of loopback."""

    client_id = CLIENT

    def get_client_id(self) -> str:
        return CLIENT

    def get_default_redirect_uri(self) -> str:
        return ""

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri.startswith("http://127.0.0.1:")

    def check_client_secret(self, client_secret: str) -> bool:
        return client_secret == "hush"

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return endpoint == "token" and method in {"none", "client_secret_basic"}

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


@dataclass
class Issuer:
    """One issuer: its people by e-mail address, with what it says of them."""

    people: dict[str, dict[str, Any]]
    url: str = ""
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    codes: dict[str, Code] = field(default_factory=dict)
    says: dict[str, Any] = field(default_factory=dict)
    """Claims that replace what a good issuer would say."""

    def turn_key(self) -> None:
        """Sign with another key from now on."""
        self.key = RSAKey.generate_key(2048, {"kid": secrets.token_hex(4)})

    def application(self) -> flask.Flask:
        """Return the issuer as a WSGI application."""
        app = flask.Flask(__name__)
        server = AuthorizationServer(
            app, query_client=lambda name: Client() if name == CLIENT else None,
            save_token=lambda _token, _request: None,
        )  # fmt: skip
        server.register_grant(_grant_of(self), [_claims_of(self), CodeChallenge(required=True)])

        @app.get("/authorize")
        def authorize() -> Any:
            email = flask.request.args.get("login_hint", "")
            grant = server.get_consent_grant(end_user=email)
            return server.create_authorization_response(grant=grant, grant_user=email)

        @app.post("/token")
        def token() -> Any:
            return server.create_token_response()

        @app.get("/keys")
        def keys() -> Any:
            return {"keys": [self.key.as_dict(private=False)]}

        @app.get("/.well-known/openid-configuration")
        def configuration() -> Any:
            return {
                "issuer": self.url,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "jwks_uri": f"{self.url}/keys",
            }

        return app


def _grant_of(issuer: Issuer) -> type[grants.AuthorizationCodeGrant]:
    class CodeGrant(grants.AuthorizationCodeGrant):  # type: ignore[misc]  # Authlib has no types
        TOKEN_ENDPOINT_AUTH_METHODS = ("none", "client_secret_basic")

        def save_authorization_code(self, code: str, request: Any) -> None:
            asked = request.payload.data
            issuer.codes[code] = Code(
                code,
                asked["redirect_uri"],
                asked["scope"],
                asked.get("nonce"),
                request.user,
                asked["code_challenge"],
                asked["code_challenge_method"],
            )

        def query_authorization_code(self, code: str, _client: Any) -> Code | None:
            found = issuer.codes.get(code)
            return found if found and not found.is_expired() else None

        def delete_authorization_code(self, authorization_code: Code) -> None:
            del issuer.codes[authorization_code.code]

        def authenticate_user(self, authorization_code: Code) -> str:
            return authorization_code.email

    return CodeGrant


def _claims_of(issuer: Issuer) -> OpenIDCode:
    class Claims(OpenIDCode):  # type: ignore[misc]  # Authlib has no types
        def exists_nonce(self, _nonce: str, _request: Any) -> bool:
            return False

        def resolve_client_private_key(self, _client: Any) -> RSAKey:
            return issuer.key

        def get_client_algorithm(self, _client: Any) -> str:
            return "RS256"

        def get_encode_header(self, _client: Any) -> dict[str, Any]:
            return {"alg": "RS256", "kid": issuer.key.kid}

        def get_client_claims(self, client: Any) -> dict[str, Any]:
            claims = {"iss": issuer.url, "aud": [client.get_client_id()]}
            return {**claims, "exp": int(time.time()) + TOKEN_S}

        def generate_user_info(self, user: str, _scope: str) -> UserInfo:
            told = {"sub": user, "email": user, **issuer.people[user], **issuer.says}
            return UserInfo(**told)

    return Claims(require_nonce=True)


@contextmanager
def issuing(people: dict[str, dict[str, Any]]) -> Iterator[Issuer]:
    """Run an issuer on a thread of its own."""
    made = Issuer(people)
    server = make_server("127.0.0.1", 0, made.application(), threaded=True)
    made.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()
