"""What travels when a device comes in, stays in or leaves."""

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field

from field_core.capabilities import Role
from server_sync.accounts import DeviceAsked, Session

Line = Annotated[str, Field(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
"""One line of text: control characters help nobody, and PostgreSQL takes no NUL."""


class _Message(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class DeviceBody(_Message):
    """What a device says of itself; `id` when it has one from before."""

    id: str | None = Field(default=None, pattern=r"^[A-Za-z0-9-]{8,64}$")
    name: Line = ""
    platform: Line = ""

    def asked(self) -> DeviceAsked:
        """Return it as the accounts know it."""
        return DeviceAsked(self.name, self.platform, self.id)


class SignInBody(_Message):
    """An address, a password, and the device that will hold the work."""

    email: Line
    password: str = Field(max_length=256)
    device: DeviceBody


class EnrolBody(_Message):
    """A one-time code in place of a password."""

    code: Line
    device: DeviceBody


class CompanyBody(_Message):
    """What a browser brought back from the company's issuer, for the device that sent it there."""

    code: str = Field(min_length=1, max_length=4_000)
    verifier: str = Field(pattern=r"^[A-Za-z0-9._~-]{43,128}$")
    redirect_uri: Line
    nonce: Line
    device: DeviceBody


class ProxiedBody(_Message):
    """The device of somebody whom the proxy has let in."""

    device: DeviceBody


class CompanyWay(_Message):
    """Where a browser is sent to sign in with the company's account, and as what."""

    authorize_url: str
    client_id: str
    scope: str


class WaysBody(_Message):
    """Ways in besides password and code; `company` is absent without an issuer that answers."""

    company: CompanyWay | None = None


class RefreshBody(_Message):
    """The refresh token a device holds."""

    refresh: str = Field(max_length=400)


class AccountBody(_Message):
    """The person a device works for."""

    email: str
    full_name: str
    roles: tuple[Role, ...]
    technician: str | None
    language: str


class SessionBody(_Message):
    """Tokens, who they are for, and the key that rescue files are sealed to (X25519, base64)."""

    access: str
    access_expires_ms: int
    refresh: str
    device: str
    account: AccountBody
    server_key: str
    now_ms: int

    @classmethod
    def of(cls, session: Session, *, server_key: str, now_ms: int) -> Self:
        """Write a session as it travels."""
        person = session.identity.person
        account = AccountBody(
            email=person.email,
            full_name=person.full_name,
            roles=person.roles,
            technician=person.technician,
            language=person.language,
        )
        return cls(
            access=session.access,
            access_expires_ms=session.access_expires_ms,
            refresh=session.refresh,
            device=session.identity.device,
            account=account,
            server_key=server_key,
            now_ms=now_ms,
        )
