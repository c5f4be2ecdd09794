"""Coming in and staying in, over a link that loses answers."""

from typing import Any

import pytest

from server_sync.accounts.attempts import FAILURES_MAX
from tests.server.http.house import KARIM, MARC, NADIA, PASSWORD, House

WRONG = "pas-le-bon"


async def auth(house: House, path: str, **body: Any) -> tuple[int, dict[str, Any]]:  # noqa: ANN401 - any JSON
    answer = await house.client.post(f"/v1/auth/{path}", json=body)
    return answer.status_code, answer.json()


async def wrong(house: House, email: str, password: str = WRONG) -> tuple[int, str]:
    status, body = await auth(
        house, "sign-in", email=email, password=password, device={"name": "x"}
    )
    return status, body["code"]


async def test_session_after_sign_in_names_person_device_and_key(house: House) -> None:
    session = (await house.sign_in(KARIM)).session

    assert session["account"] == {
        "email": "karim@example.test",
        "full_name": "Karim H.",
        "roles": ["supervisor"],
        "technician": None,
        "language": "en",
    }
    assert session["server_key"] == house.server.rescue.public_key
    assert session["access_expires_ms"] == house.clock.ms + 15 * 60_000
    assert len(session["access"]) < 160, "it travels with every exchange"


async def test_sign_in_again_on_the_device_keeps_its_id_and_numbers(house: House) -> None:
    house.job()
    first = await house.sign_in()
    await first.sync(first.operation("set", fields={"resolution": [None, "fait"]}))

    second = await house.sign_in(id=first.id)

    assert second.id == first.id
    assert (await second.sync())["last_n"] == 1


async def test_sign_in_of_another_person_on_the_device_gives_another_device(house: House) -> None:
    first = await house.sign_in(MARC)

    assert (await house.sign_in(NADIA, id=first.id)).id != first.id


async def test_sign_in_with_device_the_server_forgot_keeps_its_id(house: House) -> None:
    known = "7c2e61de-6a8b-4b8e-8a10-0d1c9a6f7b55"

    assert (await house.sign_in(id=known)).id == known


async def test_sign_in_wrong_does_not_tell_which_part_was(house: House) -> None:
    assert (
        await wrong(house, MARC.email)
        == await wrong(house, "nobody@example.test")
        == (401, "sign-in-wrong")
    )


@pytest.mark.parametrize("email", [MARC.email, "nobody@example.test"])
async def test_door_after_ten_wrong_tries_stays_shut_for_a_minute(house: House, email: str) -> None:
    for _ in range(FAILURES_MAX):
        await wrong(house, email)

    assert await wrong(house, email, PASSWORD) == (429, "rate-limited")
    house.clock.forward(minutes=1.01)
    assert (await wrong(house, email, PASSWORD if email != MARC.email else "non"))[0] == 401


async def test_door_locked_for_one_person_is_open_for_others(house: House) -> None:
    for _ in range(FAILURES_MAX):
        await wrong(house, MARC.email)

    assert (await house.sign_in(NADIA)).id


async def test_right_password_starts_the_count_anew(house: House) -> None:
    for _ in range(FAILURES_MAX - 1):
        await wrong(house, MARC.email)
    await house.sign_in()

    for _ in range(FAILURES_MAX - 1):
        assert await wrong(house, MARC.email) == (401, "sign-in-wrong")


async def test_refresh_repeated_after_lost_answer_gives_the_same_pair(house: House) -> None:
    old = (await house.sign_in()).session["refresh"]
    house.clock.forward(minutes=20)

    _, lost = await auth(house, "refresh", refresh=old)
    _, again = await auth(house, "refresh", refresh=old)

    assert lost == again
    assert lost["refresh"] != old


async def test_refresh_with_token_before_one_that_was_used_is_refused(house: House) -> None:
    first = (await house.sign_in()).session["refresh"]
    _, second = await auth(house, "refresh", refresh=first)
    await auth(house, "refresh", refresh=second["refresh"])

    status, body = await auth(house, "refresh", refresh=first)

    assert (status, body["code"]) == (401, "signed-out")


async def test_refresh_lost_for_long_gives_the_same_token_and_a_fresh_access(house: House) -> None:
    old = (await house.sign_in()).session["refresh"]
    _, lost = await auth(house, "refresh", refresh=old)
    house.clock.forward(days=3)

    _, again = await auth(house, "refresh", refresh=old)

    assert again["refresh"] == lost["refresh"]
    assert again["access_expires_ms"] == house.clock.ms + 15 * 60_000


async def test_refresh_after_many_lost_answers_never_signs_out(house: House) -> None:
    token = (await house.sign_in()).session["refresh"]
    for turn in range(60):
        status, body = await auth(house, "refresh", refresh=token)
        assert status == 200
        if turn % 2:  # every other answer is lost
            token = body["refresh"]


async def test_refresh_after_half_a_year_away_asks_to_sign_in(house: House) -> None:
    token = (await house.sign_in()).session["refresh"]
    house.clock.forward(days=181)

    assert (await auth(house, "refresh", refresh=token))[0] == 401


@pytest.mark.parametrize(
    "token", ["", "a.b.c", "x", "x.1.y", "x.²." + "y" * 32, "x." + "9" * 60 + ".y", "é.1.é"]
)
async def test_refresh_with_forged_token_is_refused(house: House, token: str) -> None:
    status, body = await auth(house, "refresh", refresh=token)

    assert (status, body["code"]) == (401, "signed-out")


async def test_access_token_after_its_end_asks_to_renew(house: House) -> None:
    device = await house.sign_in()
    await device.sync()  # now it is known to be one of ours
    house.clock.forward(minutes=15)

    answer = await device.post("/v1/sync", {"now": device.stamp()})

    assert (answer.status_code, answer.json()["code"]) == (401, "token-expired")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer x",
        "Basic YTpi",
        "Bearer a.b.c",
        "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4IiwiZXhwIjo5OTk5OTk5OTk5fQ.",
    ],
)
async def test_call_without_genuine_token_is_refused(house: House, header: str) -> None:
    answer = await house.client.post(
        "/v1/sync", json={"now": [0, 0, ""]}, headers={"Authorization": header}
    )

    assert (answer.status_code, answer.json()["code"]) == (401, "signed-out")


async def test_refresh_after_sign_out_is_refused(house: House) -> None:
    device = await house.sign_in()

    assert (await device.post("/v1/auth/sign-out", {})).status_code == 204

    assert (await auth(house, "refresh", refresh=device.session["refresh"]))[0] == 401


async def test_re_enrolled_copy_gets_a_device_of_its_own_and_the_old_one_lives_on(
    house: House,
) -> None:
    house.job()
    device = await house.sign_in()
    await device.sync(device.operation("set", fields={"resolution": [None, "fait"]}))

    status, fresh = await auth(house, "re-enrol", refresh=device.session["refresh"])

    assert status == 200
    assert fresh["device"] != device.id
    assert (await device.sync())["last_n"] == 1


async def test_copy_sending_another_operation_under_a_number_is_told_to_re_enrol(
    house: House,
) -> None:
    house.job()
    device = await house.sign_in()
    operation = device.operation("set", fields={"resolution": [None, "fait"]})
    await device.sync(operation)

    answer = await device.post(
        "/v1/sync", {"now": device.stamp(), "ops": [{**operation, "id": "of-the-copy"}]}
    )

    assert (answer.status_code, answer.json()["code"]) == (409, "device-cloned")


async def test_password_given_out_anew_replaces_the_old_one(house: House) -> None:
    house.server.accounts.set_password(MARC.email, "une-autre-phrase")

    assert await wrong(house, MARC.email, PASSWORD) == (401, "sign-in-wrong")


async def test_person_changed_without_password_keeps_it(house: House) -> None:
    house.server.accounts.add(MARC)

    assert (await house.sign_in()).id
