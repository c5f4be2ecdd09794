"""What can be set about the server: a frozen model, read once from a mapping of text.

Every setting is an environment variable of the same name in capitals; `server-sync` passes its own
environment, tests pass a dict. `docs/server.md` holds the table, which a test compares to this.
"""

from collections.abc import Iterator, Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import Final, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from field_core.capabilities import Role
from field_core.pay_keys import read_ring

EMPTY: Final = SecretStr("")


class Settings(BaseModel):
    """The server's settings; each field's description is its line in the documentation."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    data_dir: Path = Field(
        Path("var/server"), description="Folder of the default database, blobs and embedded ERP."
    )
    database_url: str = Field(
        "", description="SQLAlchemy URL of the database; empty: SQLite in `DATA_DIR`."
    )
    blobs_url: str = Field(
        "",
        description="`file:///folder` or `s3://bucket/prefix?endpoint=…`; empty: in `DATA_DIR`.",
    )
    blobs_access_key: str = Field("", description="Access key of the S3-compatible store.")
    blobs_secret_key: SecretStr = Field(EMPTY, description="Its secret.")
    server_host: str = Field("127.0.0.1", description="Address to listen on.")
    server_port: int = Field(8040, ge=0, le=65535, description="Port to listen on.")
    server_secret: SecretStr = Field(
        EMPTY,
        description="Signs tokens, 32 characters or more; empty: made and kept in the database.",
    )
    proxy_networks: str = Field(
        "",
        description="Networks of the proxies before this server, as in `172.16.0.0/12`: only from "
        "there are `X-Forwarded-For` and the next header believed.",
    )
    proxied_email_header: str = Field(
        "",
        description="Header in which the proxy's forward-auth names who signed in, as in "
        "`X-Forwarded-Email`; empty: nobody signs in that way.",
    )
    oidc_issuer: str = Field(
        "", description="OpenID Connect issuer of the company's accounts; empty: local ones alone."
    )
    oidc_client_id: str = Field("", description="This application at the issuer.")
    oidc_client_secret: SecretStr = Field(
        EMPTY, description="Its secret; empty: a public client, proved by PKCE alone."
    )
    oidc_groups: str = Field(
        "",
        description="Roles by the issuer's groups: `field-techs=technician, office=dispatcher`.",
    )
    oidc_groups_claim: str = Field("groups", description="Claim that holds the groups.")
    oidc_technician_claim: str = Field(
        "",
        description="Claim that names the Dispatch Technician; empty: the one with their e-mail.",
    )
    site_time_zone: str = Field(
        "America/Toronto",
        description="The site's time zone: what “today” means, and ERPNext's naive times.",
    )
    site_language: Literal["fr", "en"] = Field(
        "fr", description="Language of accounts made without one."
    )
    erpnext_url: str = Field("", description="Base URL of ERPNext; empty: the embedded ERP.")
    erpnext_api_key: str = Field("", description="API key of the service user.")
    erpnext_api_secret: SecretStr = Field(EMPTY, description="Its secret.")
    erpnext_webhook_secret: SecretStr = Field(
        EMPTY,
        description="Secret of ERPNext's webhooks; empty: webhooks are refused, polling goes on.",
    )
    company_name: str = Field("TARGO", description="Who sends the invoices.")
    company_address: str = Field(
        "1867, chemin de la Rivière; Sainte-Clotilde QC  J0L 1W0",
        description="Its address on the invoice, lines separated by semicolons.",
    )
    company_phone: str = Field(
        "855 888-2746", description="Its telephone number, also on the pay page."
    )
    tps_number: str = Field("", description="Its TPS number; printed beside the tax.")
    tvq_number: str = Field("", description="Its TVQ number; same.")
    address_top_mm: float = Field(
        50, ge=40, le=60, description="Top of the customer's address on the invoice, in mm."
    )
    address_left_mm: float = Field(
        22,
        ge=15,
        le=40,
        description="Its left edge; see `server-sync billing envelope-lint`.",
    )
    print_format_data: bool = Field(
        default=False,
        description="Also write what the paper says to ERPNext's invoice, for the Print Format "
        "“Facture TARGO” that `erp install` makes.",
    )
    pay_host: str = Field(
        "",
        description="Public address of the pay page, `https://…/pay-public`; empty: this server.",
    )
    pay_keys: SecretStr = Field(
        EMPTY,
        description="Keys of payment links, newest first: `b:<64 hex>,a:<64 hex>@<replaced at>`; "
        "empty: made and kept in the database.",
    )
    stripe_secret_key: SecretStr = Field(EMPTY, description="Stripe's secret or restricted key.")
    stripe_webhook_secret: SecretStr = Field(
        EMPTY, description="Secret of Stripe's webhooks; empty: every webhook is refused."
    )
    stripe_url: str = Field("https://api.stripe.com", description="Where Stripe is called.")
    stripe_bench: bool = Field(
        default=False,
        description="Stand in for Stripe (no real money); only with the embedded ERP, on loopback, "
        "without a Stripe key. On in the demo.",
    )
    payment_account: str = Field(
        "", description="ERPNext account that card payments go to (`paid_to`)."
    )
    referral_account: str = Field(
        "", description="ERPNext account that referral credits are charged to."
    )
    follow_crtc: bool = Field(
        default=True,
        description="Whether the CRTC's Internet Code binds this provider, or is followed anyway: "
        "counsel decides.",
    )
    termination_tax_included: bool = Field(
        default=True,
        description="Whether a termination fee contains its taxes, so that a consumer never pays "
        "above the cap: the accountant decides.",
    )
    termination_item: str = Field("FRAIS-RESIL", description="ERPNext Item of that fee.")
    tps_account: str = Field("TPS - GF", description="ERPNext account of the TPS.")
    tvq_account: str = Field("TVQ - GF", description="ERPNext account of the TVQ.")
    accept_host: str = Field(
        "",
        description="Public address where contracts are accepted, `https://…/contract-accept`; "
        "empty: this server.",
    )
    docuseal_url: str = Field(
        "",
        description="DocuSeal's API (`https://api.docuseal.com`, or your own host with `/api`); "
        "empty: commercial contracts cannot be sent.",
    )
    docuseal_token: SecretStr = Field(EMPTY, description="Its API key.")
    docuseal_webhook_secret: SecretStr = Field(
        EMPTY, description="Secret of its webhooks; empty: every one is refused."
    )
    twilio_url: str = Field("https://api.twilio.com", description="Where text messages are sent.")
    twilio_account_sid: str = Field(
        "", description="Twilio account; empty: messages stay in the outbox of this server."
    )
    twilio_auth_token: SecretStr = Field(EMPTY, description="Its token.")
    twilio_from_number: str = Field("", description="Number that texts come from.")
    mailjet_url: str = Field("https://api.mailjet.com", description="Where e-mails are sent.")
    mailjet_key: str = Field(
        "", description="Mailjet key; empty: messages stay in the outbox of this server."
    )
    mailjet_secret: SecretStr = Field(EMPTY, description="Its secret.")
    mailjet_from: str = Field("", description="Address that e-mails come from.")
    acs_url: str = Field("", description="GenieACS's NBI; empty: no diagnostics by the office.")
    acs_user: str = Field("", description="User of a proxy before it: the NBI has no login.")
    acs_password: SecretStr = Field(EMPTY, description="Its password.")
    acs_bench: bool = Field(
        default=False,
        description="Stand in for the ACS, with made-up devices; only with the embedded ERP, on "
        "loopback, without `ACS_URL`. On in the demo.",
    )
    bridge_url: str = Field(
        "", description="The modem-bridge, a second source for deep TR-181 data; empty: none."
    )
    bridge_token: SecretStr = Field(EMPTY, description="Bearer token of the modem-bridge.")
    cpe_thresholds: Path | None = Field(
        None, description="JSON file with limits of the operator's, by OLT profile: see `cpe.md`."
    )
    gemini_api_key: SecretStr = Field(
        EMPTY, description="Gemini's key; empty: of labels only the codes are read, and it says so."
    )
    gemini_url: str = Field(
        "https://generativelanguage.googleapis.com", description="Where Gemini is called."
    )
    gemini_model: str = Field("gemini-2.5-flash", description="The model that reads labels.")
    gemini_bench: bool = Field(
        default=False,
        description="Stand in for Gemini with recorded answers; only with the embedded ERP, on "
        "loopback, without a Gemini key. On in the demo.",
    )
    ocr_daily: int = Field(
        500, ge=0, description="Questions to Gemini a day, all technicians together."
    )
    ocr_daily_each: int = Field(60, ge=0, description="Questions to Gemini a day and technician.")
    erp_poll_s: int = Field(
        20,
        ge=1,
        description="Seconds between two polls of the ERP's jobs; what is quiet is asked for less "
        "often.",
    )
    access_minutes: int = Field(
        15, ge=1, le=1440, description="Life of an access token, in minutes."
    )
    refresh_days: int = Field(
        180,
        ge=1,
        description="Days without contact after which a device signs in again; its work stays.",
    )
    enrolment_hours: int = Field(72, ge=1, description="Life of an enrolment code, in hours.")
    password_memory_kib: int = Field(65536, ge=8, description="argon2id memory per hash, in KiB.")
    password_passes: int = Field(3, ge=1, description="argon2id passes per hash.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="Least serious line that is logged."
    )
    throughput_visits_hour: int = Field(
        12, ge=0, le=1000, description="Measured transfers of one account in an hour; 0: none."
    )
    throughput_bytes_max: int = Field(
        4_000_000_000, ge=0, description="Bytes that one of them may move, both ways together."
    )
    readers: int = Field(8, ge=1, le=64, description="Threads that read the database.")
    demo: bool = Field(
        default=False, description="Fill an empty embedded ERP with the demo company."
    )

    @field_validator("site_time_zone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError("no such time zone") from error
        return name

    @field_validator("server_secret")
    @classmethod
    def _long_secret(cls, secret: SecretStr) -> SecretStr:
        if 0 < len(secret.get_secret_value()) < SECRET_CHARACTERS_MIN:
            raise ValueError("needs 32 characters or more")
        return secret

    @field_validator("proxy_networks")
    @classmethod
    def _networks(cls, text: str) -> str:
        for one in text.split(","):
            if one.strip():
                ip_network(one.strip())
        return text

    @field_validator("oidc_groups")
    @classmethod
    def _known_roles(cls, text: str) -> str:
        for one in text.split(","):
            if one.strip():
                Role(one.partition("=")[2].strip())
        return text

    @field_validator("pay_keys")
    @classmethod
    def _pay_keys(cls, keys: SecretStr) -> SecretStr:
        if keys.get_secret_value():
            read_ring(keys.get_secret_value())
        return keys

    @model_validator(mode="after")
    def _no_bench_beside_stripe(self) -> Self:
        if self.stripe_bench and self.stripe_secret_key.get_secret_value():
            raise ValueError("STRIPE_BENCH stands in for Stripe: it cannot be on beside a key")
        return self

    @property
    def has_bench(self) -> bool:
        """Whether the stand-in takes Stripe's place: never with a key, an ERPNext, or a network."""
        return (
            (self.stripe_bench or self.demo)
            and not self.stripe_secret_key.get_secret_value()
            and self.server_host in LOOPBACK
        )

    @property
    def has_acs_bench(self) -> bool:
        """Whether a stand-in takes the ACS's place: never beside one, or on a network."""
        return (self.acs_bench or self.demo) and not self.acs_url and self.server_host in LOOPBACK

    @property
    def has_gemini_bench(self) -> bool:
        """Whether recorded answers take Gemini's place: never with a key, or on a network."""
        return (
            (self.gemini_bench or self.demo)
            and not self.gemini_api_key.get_secret_value()
            and self.server_host in LOOPBACK
        )

    @property
    def pay_page(self) -> str:
        """The public address of the pay page."""
        return self.pay_host or f"http://{self.server_host}:{self.server_port}/pay-public"

    @property
    def accept_page(self) -> str:
        """The public address of the acceptance page."""
        return self.accept_host or f"http://{self.server_host}:{self.server_port}/contract-accept"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Read every setting whose variable is there; raises pydantic's ValidationError."""
        given = {
            name: environment[name.upper()]
            for name in cls.model_fields
            if environment.get(name.upper())
        }
        return cls.model_validate(given)

    @property
    def zone(self) -> ZoneInfo:
        """The site's time zone."""
        return ZoneInfo(self.site_time_zone)

    @property
    def database(self) -> str:
        """The database's URL, the default one filled in."""
        return self.database_url or f"sqlite:///{self.data_dir / 'server.db'}"

    @property
    def blobs(self) -> str:
        """The blob store's URL, the default one filled in."""
        return self.blobs_url or (self.data_dir / "blobs").resolve().as_uri()


_MISSED: Final[Mapping[str, str]] = {
    "erpnext_api_secret": "the ERP answers nobody",
    "erpnext_webhook_secret": "what the office changes is found by polling alone",
    "server_secret": "made and kept in the database; whoever has a backup has it",
    "pay_keys": "made and kept in the database; links on paper end with it",
    "pay_host": "links on invoices lead to this machine",
    "stripe_secret_key": "no card is taken",
    "stripe_webhook_secret": "payments are found by asking, up to a minute later",
    "payment_account": "payments cannot be entered in the books",
    "twilio_account_sid": "no text message is sent",
    "mailjet_key": "no e-mail is sent",
    "tps_number": "invoices bear no TPS number",
    "tvq_number": "invoices bear no TVQ number",
}
"""What it means in production when a setting is empty."""


def lacking(settings: Settings) -> Iterator[tuple[str, str]]:
    """Yield the variables that a server beside a real ERPNext should have and what they are for.

    Names alone: a value is never told.
    """
    for name, meaning in _MISSED.items() if settings.erpnext_url else ():
        value = getattr(settings, name)
        if not (value.get_secret_value() if isinstance(value, SecretStr) else value):
            yield name.upper(), meaning


SECRET_CHARACTERS_MIN: Final = 32
LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})


def as_markdown() -> str:
    """Draw the table of settings for the documentation."""
    lines = ["| variable | default | what |", "|---|---|---|"]
    for name, info in Settings.model_fields.items():
        shown = (
            info.default.get_secret_value() if isinstance(info.default, SecretStr) else info.default
        )
        default = f"`{shown}`" if shown not in ("", None) else ""
        lines.append(f"| `{name.upper()}` | {default} | {info.description} |")
    return "\n".join(lines)
