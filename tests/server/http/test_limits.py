"""The operator's limits reach every device by the feed, once, and cost an idle call nothing."""

from pathlib import Path
from typing import Any

import pytest

from field_core.cpe.limits import document_of, in_use
from server_sync.sync.limits import DOCTYPE, KEY, tell
from tests.server.acs.ward import ward_in
from tests.server.http.house import MARC, NADIA, Device, House

RURAL: dict[str, Any] = {"olt_profiles": {"RURAL": {"pon_class": "GPON C+"}}}
STRICT: dict[str, Any] = {"hysteresis_db": 1.0}


async def news(device: Device, cursor: str) -> tuple[list[dict[str, Any]], str]:
    reply = await device.sync(cursor=cursor)
    return reply.get("changes", []), str(reply["cursor"])


async def test_limits_come_with_the_feed_to_everybody(house: House) -> None:
    phones = [await house.sign_in(person) for person in (MARC, NADIA)]
    cursors = [await phone.cursor() for phone in phones]

    tell(house.server.store, RURAL)

    for phone, cursor in zip(phones, cursors, strict=True):
        ((change,), _) = await news(phone, cursor)
        assert (change["key"], change["doctype"], change["body"]) == (
            KEY,
            DOCTYPE,
            document_of(RURAL),
        )


async def test_limits_told_again_are_no_news_and_others_are(house: House) -> None:
    marc = await house.sign_in(MARC)
    cursor = await marc.cursor()
    tell(house.server.store, RURAL)
    _, cursor = await news(marc, cursor)

    tell(house.server.store, RURAL)
    again, cursor = await news(marc, cursor)
    tell(house.server.store, STRICT)
    (changed,), cursor = await news(marc, cursor)
    tell(house.server.store, None)
    (gone,), _ = await news(marc, cursor)

    assert again == []
    assert (changed.get("body") or changed["patch"])["version"] == document_of(STRICT)["version"]
    assert gone["gone"] is True


async def test_server_without_limits_of_its_own_tells_nothing(house: House) -> None:
    marc = await house.sign_in(MARC)
    cursor = await marc.cursor()

    tell(house.server.store, None)

    assert (await news(marc, cursor))[0] == []


async def test_server_tells_what_it_judges_by_when_it_starts(tmp_path: Path) -> None:
    limits = tmp_path / "limits.json"
    limits.write_text('{"olt_profiles": {"RURAL": {"pon_class": "GPON C+"}}}')
    with ward_in(tmp_path, cpe_thresholds=limits) as ward:
        held = ward.house.body(KEY)

        assert in_use(held).thresholds == ward.diagnostics.reports.thresholds


def test_server_with_wrong_limits_does_not_start(tmp_path: Path) -> None:
    limits = tmp_path / "limits.json"
    limits.write_text('{"hysteresis": 1}')
    with pytest.raises(ValueError, match="hysteresis"), ward_in(tmp_path, cpe_thresholds=limits):
        pass


@pytest.mark.parametrize("overrides", [None, RURAL])
async def test_idle_call_is_as_large_as_without_limits(
    house: House, overrides: dict[str, Any] | None
) -> None:
    """The idle exchange: nothing changed costs one request of at most 0.8 KB."""
    tell(house.server.store, overrides)
    marc = await house.sign_in(MARC)
    cursor = await marc.cursor()

    reply = await marc.sync(cursor=cursor)

    assert reply.keys() <= {"cursor", "digest", "now_ms", "seq", "since"}
