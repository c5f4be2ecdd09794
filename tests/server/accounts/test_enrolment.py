"""One-time codes."""

import re
from typing import Any

import pytest

from field_core.enrolment import bare_code
from server_sync.accounts.attempts import FAILURES_MAX
from server_sync.accounts.codes import make_code
from tests.server.http.house import MARC, House

PHONE = {"id": "7c2e61de-6a8b-4b8e-8a10-0d1c9a6f7b55", "name": "téléphone"}


async def enrol(house: House, code: str, **device: Any) -> tuple[int, dict[str, Any]]:  # noqa: ANN401 - any JSON
    answer = await house.client.post(
        "/v1/auth/enrol", json={"code": code, "device": device or PHONE}
    )
    return answer.status_code, answer.json()


def code_for(house: House) -> str:
    return house.server.accounts.make_code(MARC.email)[0]


async def test_code_opens_a_session_for_its_person(house: House) -> None:
    status, session = await enrol(house, code_for(house))

    assert (status, session["account"]["email"], session["device"]) == (
        200,
        MARC.email,
        PHONE["id"],
    )


async def test_code_repeated_by_the_device_after_lost_answer_gives_the_same(house: House) -> None:
    code = code_for(house)

    assert await enrol(house, code) == await enrol(house, code)


async def test_code_repeated_by_device_without_id_gives_the_same(house: House) -> None:
    code = code_for(house)

    assert await enrol(house, code, name="a") == await enrol(house, code, name="a")


async def test_code_used_by_one_device_is_unknown_to_another(house: House) -> None:
    code = code_for(house)
    await enrol(house, code)

    status, body = await enrol(house, code, id="another-device", name="b")

    assert (status, body["code"]) == (401, "enrolment-code-wrong")


async def test_code_repeated_after_the_device_moved_on_is_used_up(house: House) -> None:
    code = code_for(house)
    _, session = await enrol(house, code)
    await house.client.post("/v1/auth/refresh", json={"refresh": session["refresh"]})

    assert (await enrol(house, code))[0] == 401


async def test_code_after_three_days_has_expired(house: House) -> None:
    code = code_for(house)
    house.clock.forward(days=3)

    assert (await enrol(house, code))[0] == 401


async def test_code_typed_with_cold_hands_is_understood(house: House) -> None:
    code = code_for(house)
    typed = code.lower().replace("-", " ").replace("0", "o").replace("1", "l")

    assert (await enrol(house, typed))[0] == 200


async def test_code_of_disabled_person_opens_nothing(house: House) -> None:
    code = code_for(house)
    house.server.accounts.disable(MARC.email)

    assert (await enrol(house, code))[0] == 401


async def test_codes_guessed_from_one_place_are_slowed_down(house: House) -> None:
    for _ in range(FAILURES_MAX):
        await enrol(house, "AAAAA-AAAAA")

    status, body = await enrol(house, code_for(house))

    assert (status, body["code"]) == (429, "rate-limited")


async def test_codes_past_their_time_are_swept(house: House) -> None:
    code = code_for(house)
    house.clock.forward(days=4)
    house.server.accounts.sweep()

    assert (await enrol(house, code))[0] == 401


@pytest.mark.parametrize("noise", [b"\0" * 7, b"\xff" * 7, b"gibbous"])
def test_code_is_made_of_characters_that_cannot_be_confused(noise: bytes) -> None:
    code = make_code(noise)

    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}", code)
    assert bare_code(code.lower()) == code.replace("-", "")
