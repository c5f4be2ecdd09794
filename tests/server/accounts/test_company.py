"""AU-01, AU-03: signing in with the company's account, against an issuer on loopback."""

import hashlib
import time
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import pytest_asyncio

from server_sync.accounts import Person
from tests.issuer import CLIENT, Issuer, issuing
from tests.server.http.house import MARC, SOPHIE, House, house_in

REDIRECT = "http://127.0.0.1:49152/back"
NONCE = "a-nonce-of-this-attempt"
GROUPS = "field-techs=technician, office=dispatcher, leads=supervisor"
PEOPLE: dict[str, dict[str, Any]] = {
    "lea@example.test": {"name": "Léa Gagnon", "groups": ["office", "leads", "staff"]},
    "marc@example.test": {"name": "Marc T.", "groups": ["field-techs"]},
    "paul@example.test": {"name": "Paul", "groups": ["staff"]},
    "ann@example.test": {"name": "Ann", "groups": ["field-techs"], "locale": "en-CA"},
    "liar@example.test": {"name": "L", "groups": ["office"], "email_verified": False},
}


@dataclass
class Browser:
    """A person's browser, and what the app that opened it remembers."""

    house: House
    verifier: str = "v" * 50

    async def fetches(self, email: str) -> str:
        """Sign in at the issuer; return the code that the browser is led back with."""
        way = (await self.house.client.get("/v1/auth/ways")).json()["company"]
        challenge = urlsafe_b64encode(hashlib.sha256(self.verifier.encode()).digest())
        params = {
            "response_type": "code",
            "client_id": way["client_id"],
            "scope": way["scope"],
            "redirect_uri": REDIRECT,
            "state": "s",
            "nonce": NONCE,
            "code_challenge": challenge.rstrip(b"=").decode(),
            "code_challenge_method": "S256",
            "login_hint": email,
        }
        async with httpx.AsyncClient() as http:
            answer = await http.get(way["authorize_url"], params=params)
        assert answer.status_code == 302, answer.text
        return parse_qs(urlsplit(answer.headers["location"]).query)["code"][0]

    async def hands_over(self, fetched: str, /, **changed: str) -> httpx.Response:
        """Have the app give the code to the server."""
        body: dict[str, Any] = {
            "code": fetched,
            "verifier": self.verifier,
            "redirect_uri": REDIRECT,
            "nonce": NONCE,
            "device": {"name": "x"},
        }
        return await self.house.client.post("/v1/auth/company", json=body | changed)

    async def signs_in(self, email: str, **changed: str) -> httpx.Response:
        return await self.hands_over(await self.fetches(email), **changed)


@pytest.fixture(scope="module")
def running() -> Iterator[Issuer]:
    with issuing(PEOPLE) as made:
        yield made


@pytest.fixture
def issuer(running: Issuer) -> Iterator[Issuer]:
    yield running
    running.says.clear()


@pytest_asyncio.fixture
async def browser(issuer: Issuer, tmp_path: Path) -> AsyncIterator[Browser]:
    settings = {"oidc_issuer": issuer.url, "oidc_client_id": CLIENT, "oidc_groups": GROUPS}
    with house_in(tmp_path, **settings) as house:
        house.clock.ms = round(time.time() * 1000)
        yield Browser(house)


async def test_person_of_the_company_comes_in_with_the_roles_of_their_groups(
    browser: Browser,
) -> None:
    """AU-03: groups are roles; those we know nothing of give none."""
    answer = await browser.signs_in("lea@example.test")

    session = answer.json()
    assert answer.status_code == 200, session
    assert session["account"] == {
        "email": "lea@example.test",
        "full_name": "Léa Gagnon",
        "roles": ["dispatcher", "supervisor"],
        "technician": None,
        "language": "fr",
    }
    headers = {"Authorization": f"Bearer {session['access']}"}
    assert (await browser.house.client.get("/v1/devices", headers=headers)).status_code == 200


async def test_local_account_keeps_its_technician_and_its_password(browser: Browser) -> None:
    session = (await browser.signs_in(MARC.email)).json()

    assert session["account"]["technician"] == "DT-00001"
    assert (await browser.house.sign_in(MARC)).id


async def test_technician_is_found_by_their_address(browser: Browser) -> None:
    browser.house.put("t", "Dispatch Technician", "DT-00009", email="Ann@Example.test")

    account = (await browser.signs_in("ann@example.test")).json()["account"]

    assert (account["technician"], account["language"]) == ("DT-00009", "en")


@pytest.mark.parametrize(
    ("email", "status", "code"),
    [
        ("paul@example.test", 403, "no-role"),
        ("liar@example.test", 401, "company-sign-in-refused"),
    ],
)
async def test_account_without_a_role_or_a_proven_address_stays_out(
    browser: Browser, email: str, status: int, code: str
) -> None:
    answer = await browser.signs_in(email)

    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_person_disabled_here_stays_out_whatever_the_issuer_says(browser: Browser) -> None:
    browser.house.server.accounts.disable(SOPHIE.email)
    PEOPLE[SOPHIE.email] = {"groups": ["office"]}

    assert (await browser.signs_in(SOPHIE.email)).status_code == 401


@pytest.mark.parametrize(
    "changed",
    [
        {"verifier": "w" * 50},
        {"nonce": "of another attempt"},
        {"redirect_uri": "https://evil.example/back"},
        {"redirect_uri": "http://127.0.0.1:49153/back"},
        {"code": "made-up"},
    ],
)
async def test_code_of_somebody_else_is_worth_nothing(
    browser: Browser, changed: dict[str, str]
) -> None:
    """PKCE: whoever catches the code on its way back lacks the verifier."""
    answer = await browser.signs_in("lea@example.test", **changed)

    assert (answer.status_code, answer.json()["code"]) == (401, "company-sign-in-refused")


async def test_code_counts_once(browser: Browser) -> None:
    code = await browser.fetches("lea@example.test")

    assert (await browser.hands_over(code)).status_code == 200
    assert (await browser.hands_over(code)).status_code == 401


@pytest.mark.parametrize(
    "says",
    [
        {"iss": "http://elsewhere.example"},
        {"aud": ["another-app"]},
        {"azp": "another-app"},
        {"exp": 1_700_000_000},
        {"iat": 4_000_000_000},
    ],
)
async def test_token_for_others_or_out_of_time_is_refused(
    browser: Browser, issuer: Issuer, says: dict[str, Any]
) -> None:
    issuer.says.update(says)

    answer = await browser.signs_in("lea@example.test")

    assert (answer.status_code, answer.json()["code"]) == (401, "company-sign-in-refused")


async def test_issuer_that_changed_its_key_is_asked_for_the_new_one(
    browser: Browser, issuer: Issuer
) -> None:
    assert (await browser.signs_in("lea@example.test")).status_code == 200
    issuer.turn_key()

    assert (await browser.signs_in("lea@example.test")).status_code == 200


async def test_issuer_that_is_away_is_told_as_such_and_passwords_go_on(tmp_path: Path) -> None:
    settings = {"oidc_issuer": "http://127.0.0.1:9", "oidc_client_id": CLIENT}
    with house_in(tmp_path, **settings) as house:
        ways = (await house.client.get("/v1/auth/ways")).json()
        answer = await Browser(house).hands_over("any")

        assert ways == {}
        assert (answer.status_code, answer.json()["code"]) == (503, "company-sign-in-away")
        assert (await house.sign_in()).id


async def test_without_an_issuer_there_is_no_such_way(tmp_path: Path) -> None:
    with house_in(tmp_path) as house:
        assert (await house.client.get("/v1/auth/ways")).json() == {}
        assert (await Browser(house).hands_over("any")).status_code == 404


# --- a proxy that has asked already


async def proxied(house: House, peer: str, **headers: str) -> httpx.Response:
    """Call from an address, as the socket has it."""
    transport = httpx.ASGITransport(house.server.app, client=(peer, 5000))
    async with httpx.AsyncClient(transport=transport, base_url="http://server") as http:
        body = {"device": {"name": "desk"}}
        return await http.post("/v1/auth/proxied", json=body, headers=headers)


@pytest.mark.parametrize(
    ("peer", "networks", "header", "status"),
    [
        ("172.18.0.5", "172.18.0.0/16", "X-Forwarded-Email", 200),
        ("172.19.0.5", "172.18.0.0/16", "X-Forwarded-Email", 401),
        ("203.0.113.7", "172.18.0.0/16, fd00::/8", "X-Forwarded-Email", 401),
        ("fd00::7", "172.18.0.0/16, fd00::/8", "X-Forwarded-Email", 200),
        ("172.18.0.5", "", "X-Forwarded-Email", 401),
        ("172.18.0.5", "172.18.0.0/16", "", 401),
    ],
)
async def test_proxied_address_counts_from_configured_networks_alone(
    tmp_path: Path, peer: str, networks: str, header: str, status: int
) -> None:
    """AU-02: anybody can send the header; only our proxy's is believed."""
    settings = {"proxy_networks": networks, "proxied_email_header": header}
    with house_in(tmp_path, **settings) as house:
        answer = await proxied(house, peer, **{"X-Forwarded-Email": SOPHIE.email})
        nobody = await proxied(house, peer)

    assert (answer.status_code, nobody.status_code) == (status, 401)


async def test_proxy_lets_in_only_whom_we_know(tmp_path: Path) -> None:
    settings = {"proxy_networks": "10.0.0.0/8", "proxied_email_header": "X-Forwarded-Email"}
    with house_in(tmp_path, **settings) as house:
        house.server.accounts.add(Person("gone@example.test", "G", ()))
        house.server.accounts.disable("gone@example.test")
        for email in ("nobody@example.test", "gone@example.test"):
            answer = await proxied(house, "10.0.0.1", **{"X-Forwarded-Email": email})
            assert answer.status_code == 401
