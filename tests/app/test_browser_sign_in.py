"""AU-01: signing in by the system's browser: a real issuer, a real server, a real way back."""

import asyncio
import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from field_app.compose import Machine
from field_app.compose.asking import MachineEntry
from field_app.device import browser
from field_app.device.browser import Attempt, code_in, fetch_code
from field_app.settings import Settings
from field_core.problems import ProblemError
from tests.app.serving import Office, serving
from tests.issuer import CLIENT, Issuer, issuing

LEA = "lea@example.com"
WAY = {"authorize_url": "https://sso.example/a?x=1", "client_id": "c", "scope": "openid"}


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    with issuing({LEA: {"name": "Léa", "groups": ["office"]}}) as made:
        yield made


@pytest.fixture
def office(issuer: Issuer, tmp_path: Path) -> Iterator[Office]:
    with serving(
        tmp_path / "server",
        oidc_issuer=issuer.url,
        oidc_client_id=CLIENT,
        oidc_groups="office=dispatcher",
    ) as made:
        yield made


def entry_in(folder: Path) -> MachineEntry:
    return MachineEntry(Machine(Settings(secrets="file", stall_s=3), data_dir=folder))


async def follow(url: str) -> None:
    """Do what a browser does, for somebody whom the issuer knows."""
    async with httpx.AsyncClient(follow_redirects=True) as http:
        answer = await http.get(url, params={**_query(url), "login_hint": LEA})
    assert "revenir à l’application" in answer.text


def _query(url: str) -> dict[str, str]:
    return {name: values[-1] for name, values in parse_qs(urlsplit(url).query).items()}


async def test_person_comes_in_by_the_browser_and_is_remembered(
    office: Office, tmp_path: Path
) -> None:
    entry = entry_in(tmp_path / "phone")
    assert await entry.has_company(office.url)

    account = await entry.sign_in_with_company(office.url, "", follow)

    assert (account.person.email, account.person.name) == (LEA, "Léa")
    await entry.close()
    again = entry_in(tmp_path / "phone")
    resumed = await again.resume()
    assert resumed is not None
    assert resumed.person.email == LEA
    await again.close()


async def test_server_without_an_issuer_offers_no_such_way(tmp_path: Path) -> None:
    entry = entry_in(tmp_path / "phone")
    with serving(tmp_path / "server") as plain:
        assert not await entry.has_company(plain.url)
        with pytest.raises(ProblemError, match="company-sign-in-away"):
            await entry.sign_in_with_company(plain.url, "", follow)
    assert not await entry.has_company("http://127.0.0.1:9")
    await entry.close()


async def test_what_comes_back_must_have_been_asked_for_here() -> None:
    """A page that leads to the port with a code of its own is not listened to."""
    seen: list[int] = []

    async def show(url: str) -> None:
        asked = _query(url)
        back = asked["redirect_uri"]
        async with httpx.AsyncClient() as http:
            mine = f"{back}?code=mine&state={asked['state']}"
            targets = (f"{back}?code=evil&state=guess", f"{back}x", back, mine)
            seen.extend([(await http.get(target)).status_code for target in targets])

    found = await fetch_code(WAY, show)

    assert (seen, found["code"]) == ([404, 404, 404, 200], "mine")
    assert found["redirect_uri"].startswith("http://127.0.0.1:")


async def test_sign_in_that_is_refused_or_given_up_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    async def refused(url: str) -> None:
        asked = _query(url)
        async with httpx.AsyncClient() as http:
            await http.get(f"{asked['redirect_uri']}?error=denied&state={asked['state']}")

    async def closed(_url: str) -> None:
        await asyncio.sleep(0)

    monkeypatch.setattr(browser, "WAIT_S", 0.05)
    for show in (refused, closed):
        with pytest.raises(ProblemError, match="company-sign-in-refused"):
            await fetch_code(WAY, show)


def test_question_carries_the_challenge_and_never_the_verifier() -> None:
    attempt = Attempt()
    url = attempt.question(WAY, "http://127.0.0.1:5/back")

    asked = _query(url)
    challenge = urlsafe_b64encode(hashlib.sha256(attempt.verifier.encode()).digest())
    assert asked["code_challenge"] == challenge.rstrip(b"=").decode()
    assert (asked["x"], asked["code_challenge_method"]) == ("1", "S256")
    assert attempt.verifier not in url
    assert len({Attempt().state, Attempt().nonce, attempt.state}) == 3


@pytest.mark.parametrize(
    "line", ["", "GET", "POST /back?state=s&code=c HTTP/1.1", "GET /?state=s&code=c HTTP/1.1"]
)
def test_other_calls_are_no_way_back(line: str) -> None:
    assert code_in(line, "s") is None
