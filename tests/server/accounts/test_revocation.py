"""Devices and people taken out of service, and who may do that."""

from tests.server.http.house import JOB, KARIM, MARC, NADIA, SOPHIE, Device, House


async def revoke(by: Device, device: Device, mode: str) -> int:
    return (await by.post(f"/v1/devices/{device.id}/revoke", {"mode": mode})).status_code


async def test_device_wiped_is_refused_everything(house: House) -> None:
    lost, sophie = await house.sign_in(), await house.sign_in(SOPHIE)
    await lost.sync()  # its token is known by now
    assert await revoke(sophie, lost, "wipe") == 204

    synced = await lost.post("/v1/sync", {"now": lost.stamp()})
    refreshed = await house.client.post(
        "/v1/auth/refresh", json={"refresh": lost.session["refresh"]}
    )
    codes = [(a.status_code, a.json()["code"]) for a in (synced, refreshed)]
    assert codes == [(403, "device-wiped")] * 2


async def test_person_with_wiped_device_may_enrol_another(house: House) -> None:
    lost, sophie = await house.sign_in(), await house.sign_in(SOPHIE)
    await revoke(sophie, lost, "wipe")

    assert (await house.sign_in()).id != lost.id


async def test_device_wiped_is_not_brought_back_by_draining_it(house: House) -> None:
    lost, sophie = await house.sign_in(), await house.sign_in(SOPHIE)
    await revoke(sophie, lost, "wipe")
    await revoke(sophie, lost, "drain")

    assert (await lost.post("/v1/sync", {"now": lost.stamp()})).status_code == 403


async def test_device_drained_hands_over_its_work_and_gets_nothing(house: House) -> None:
    house.job()
    leaver, karim = await house.sign_in(), await house.sign_in(KARIM)
    await revoke(karim, leaver, "drain")

    reply = await leaver.sync(leaver.operation("set", fields={"resolution": [None, "fait"]}))

    assert (reply["order"], reply["last_n"]) == ("drain", 1)
    assert {"snapshot", "changes"} & reply.keys() == set()
    assert "resolution" not in house.body()
    listed = (await karim.get("/v1/review")).json()["reviews"]
    assert [r["body"]["reason"] for r in listed] == ["late-work"]


async def test_device_drained_may_not_fetch(house: House) -> None:
    house.job()
    leaver, karim = await house.sign_in(), await house.sign_in(KARIM)
    await revoke(karim, leaver, "drain")

    answer = await leaver.post("/v1/sync/fetch", {"keys": [JOB]})

    assert answer.status_code == 403


async def test_person_disabled_cannot_sign_in_but_their_device_still_drains(house: House) -> None:
    device = await house.sign_in()

    house.server.accounts.disable(MARC.email)

    answer = await house.client.post(
        "/v1/auth/sign-in",
        json={"email": MARC.email, "password": "une-phrase-assez-longue", "device": {"name": "x"}},
    )
    assert answer.json()["code"] == "sign-in-wrong"
    assert (await device.sync())["order"] == "drain"
    refreshed = await house.client.post(
        "/v1/auth/refresh", json={"refresh": device.session["refresh"]}
    )
    assert refreshed.status_code == 200


async def test_technician_may_not_revoke(house: House) -> None:
    marc, nadia = await house.sign_in(), await house.sign_in(NADIA)

    assert await revoke(marc, nadia, "wipe") == 403


async def test_device_unknown_cannot_be_revoked(house: House) -> None:
    sophie = await house.sign_in(SOPHIE)

    answer = await sophie.post("/v1/devices/none-such/revoke", {"mode": "wipe"})

    assert answer.status_code == 404
