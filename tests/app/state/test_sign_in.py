"""Signing in: what is asked, what is refused before anybody is asked, what is said."""

import io
from pathlib import Path

import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st

from field_app.ports import Asking
from field_app.state.entry.sign_in import SignIn, Way, address_of
from field_core.enrolment import enrolment_link
from field_core.problems import ProblemError
from tests.app.entering import CODE, PASSWORD, SERVER, House


class Asked:
    """A sign-in screen and what came of it."""

    def __init__(self, folder: Path, **options: object) -> None:
        self.house = House(folder, has_account=False)
        self.entered: list[Asking] = []
        self.busy: list[bool] = []
        given = {"server": SERVER, **options}
        self.model = SignIn(self.house.door, self._enter, **given)  # type: ignore[arg-type]  # options of any kind
        self.model.on_change(lambda: self.busy.append(self.model.is_busy))

    async def _enter(self, account: Asking) -> None:
        self.entered.append(account)

    @property
    def code(self) -> str | None:
        return self.model.problem.code if self.model.problem else None


@pytest.fixture
def asked(tmp_path: Path) -> Asked:
    return Asked(tmp_path)


async def test_right_password_enters(asked: Asked) -> None:
    await asked.model.submit(" marc@example.com ", PASSWORD)

    assert asked.entered == [asked.house.account]
    assert asked.house.door.asked == [(SERVER, "marc@example.com", PASSWORD)]
    assert (asked.model.problem, asked.model.is_busy, True in asked.busy) == (None, False, True)


@pytest.mark.parametrize(
    "refusal", ["server-unreachable", "captive-portal", "not-our-server", "clock-wrong"]
)
async def test_what_is_wrong_is_said_and_may_be_tried_again(asked: Asked, refusal: str) -> None:
    asked.house.door.refusal = refusal
    await asked.model.submit("marc@example.com", PASSWORD)
    assert (asked.code, asked.entered, asked.model.is_busy) == (refusal, [], False)

    asked.house.door.refusal = None
    await asked.model.submit("marc@example.com", PASSWORD)

    assert (asked.code, len(asked.entered)) == (None, 1)


async def test_wrong_password_keeps_the_address(asked: Asked) -> None:
    await asked.model.submit("marc@example.com", "wrong")

    assert (asked.code, asked.model.email) == ("sign-in-wrong", "marc@example.com")


async def test_empty_fields_are_named_and_nobody_is_asked(asked: Asked) -> None:
    await asked.model.submit(" ", "")

    assert asked.model.missing == {"email", "password"}
    assert asked.house.door.asked == []


async def test_second_press_does_not_sign_in_twice(asked: Asked) -> None:
    asked.model.is_busy = True

    await asked.model.submit("marc@example.com", PASSWORD)

    assert asked.house.door.asked == []


async def test_code_enters_however_it_was_typed(asked: Asked) -> None:
    asked.model.choose(Way.CODE)

    await asked.model.submit_code(" 7k3qd xw94m ")

    assert asked.house.door.asked == [(SERVER, CODE)]
    assert len(asked.entered) == 1


async def test_code_too_short_is_not_sent(asked: Asked) -> None:
    await asked.model.submit_code("7K3QD")

    assert asked.model.missing == {"code"}
    assert asked.house.door.asked == []


async def test_other_way_in_forgets_what_was_wrong(asked: Asked) -> None:
    await asked.model.submit("marc@example.com", "wrong")

    asked.model.choose(Way.CODE)

    assert asked.model.problem is None


async def test_signing_in_again_is_for_the_same_person(tmp_path: Path) -> None:
    """T-21."""
    asked = Asked(tmp_path, email="marc@example.com", is_again=True)

    await asked.model.submit("somebody@else.example", PASSWORD)

    assert asked.house.door.asked == [(SERVER, "marc@example.com", PASSWORD)]


async def test_other_server_is_used_from_then_on(asked: Asked) -> None:
    asked.model.open_server()
    await asked.model.use_server("sync.gigafibre.ca/")

    assert (asked.model.server, asked.model.is_server_open) == ("https://sync.gigafibre.ca", False)


async def test_server_that_is_no_address_stays_to_be_mended(asked: Asked) -> None:
    asked.model.open_server()
    await asked.model.use_server("pas une adresse")

    assert (asked.code, asked.model.server) == ("server-address-wrong", SERVER)
    assert asked.model.is_server_open


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("sync.gigafibre.ca", "https://sync.gigafibre.ca"),
        (" https://sync.gigafibre.ca/ ", "https://sync.gigafibre.ca"),
        ("http://10.0.0.4:8040", "http://10.0.0.4:8040"),
        ("127.0.0.1:8040", "http://127.0.0.1:8040"),
        ("localhost", "http://localhost"),
        ("10.0.0.4:8040", "https://10.0.0.4:8040"),
        ("https://gigafibre.ca/terrain", "https://gigafibre.ca/terrain"),
    ],
)
def test_address_is_completed(typed: str, address: str) -> None:
    assert address_of(typed) == address


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ftp://x",
        "https://",
        "https://a:b",
        "https://a:99999",
        "https://u:p@x",
        "x?y=1",
        "a b",
        "x" * 201,
    ],
)
def test_what_is_no_server_is_refused(typed: str) -> None:
    with pytest.raises(ProblemError) as caught:
        address_of(typed)

    assert caught.value.problem.code == "server-address-wrong"


@given(st.text())
def test_any_text_is_an_address_or_refused(typed: str) -> None:
    try:
        address = address_of(typed)
    except ProblemError:
        return
    assert address.startswith(("http://", "https://"))


@pytest.mark.parametrize(
    ("server", "is_in_clear"),
    [
        ("http://10.0.0.4", True),
        ("http://127.0.0.1:8040", False),
        ("http://[::1]:8040", False),
        ("http://localhost", False),
        ("https://sync.example", False),
    ],
)
def test_password_in_clear_is_warned_of(tmp_path: Path, server: str, is_in_clear: bool) -> None:  # noqa: FBT001 - a column
    assert Asked(tmp_path, server=server).model.is_in_clear is is_in_clear


# --- a code that the camera reads


def picture_of(text: str) -> bytes:
    """Photograph a QR code, as a camera's frame has it."""
    image = io.BytesIO()
    segno.make(text, error="m").save(image, kind="png", scale=8, border=4)
    return image.getvalue()


async def test_code_that_the_camera_sees_enters_at_the_server_it_names(asked: Asked) -> None:
    asked.model.choose(Way.CODE)
    asked.model.aim()
    finder = asked.model.finder
    assert finder
    await finder.prepare()

    await finder.frame(b"not a picture")
    await finder.frame(picture_of("WIFI:S:Gigafibre;P:secret;;"))
    assert finder.wants_frames
    await finder.frame(picture_of(enrolment_link("https://other.example", CODE)))
    await finder.frame(picture_of(enrolment_link("https://other.example", CODE)))

    assert asked.house.door.asked == [("https://other.example", CODE)]
    assert (asked.entered, finder.wants_frames) == ([asked.house.account], False)


async def test_code_for_a_server_that_is_none_is_refused(asked: Asked) -> None:
    asked.model.choose(Way.CODE)
    asked.model.aim()
    assert asked.model.finder

    await asked.model.finder.frame(picture_of(enrolment_link("ftp://other.example", CODE)))

    assert (asked.code, asked.entered) == ("server-address-wrong", [])


def test_camera_is_put_away_by_the_same_button(asked: Asked) -> None:
    asked.model.aim()
    asked.model.aim()

    assert asked.model.finder is None


# --- with the company's account


async def test_company_way_is_offered_where_the_server_has_one(asked: Asked) -> None:
    await asked.model.refresh()
    assert not asked.model.has_company

    asked.house.door.company = "https://other.example"
    await asked.model.use_server("other.example")

    assert asked.model.has_company


async def test_company_account_enters_by_the_browser(asked: Asked) -> None:
    shown: list[str] = []

    async def show(url: str) -> None:
        shown.append(url)

    await asked.model.submit_company(show)

    assert asked.entered == [asked.house.account]
    assert asked.house.door.asked == [(SERVER, "company", "")]
    assert shown == ["https://sso.example.com/authorize"]


async def test_company_account_that_is_refused_says_so(asked: Asked) -> None:
    async def show(_url: str) -> None:
        return None

    asked.house.door.refusal = "no-role"
    await asked.model.submit_company(show)

    assert (asked.code, asked.entered, asked.model.is_busy) == ("no-role", [], False)
