"""Copies of databases, and what devices notice of a restore."""

from pathlib import Path

import pytest

from server_sync.store.backup import DamagedError, copy, verify
from tests.server.http.house import JOB, House, house_in


def test_copy_of_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.db").write_bytes(b"not a database at all" * 100)

    with pytest.raises(DamagedError, match=r"a\.db"):
        copy(tmp_path / "a.db", tmp_path / "b.db")


def test_copy_of_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DamagedError, match="not there"):
        copy(tmp_path / "none.db", tmp_path / "b.db")


def test_copy_made_while_the_server_runs_is_whole(house: House, tmp_path: Path) -> None:
    house.job()

    copy(tmp_path / "server.db", tmp_path / "copy" / "server.db")

    verify(tmp_path / "copy" / "server.db")


async def test_restored_server_loses_nothing_that_a_device_still_holds(tmp_path: Path) -> None:
    with house_in(tmp_path / "one") as house:
        house.job()
        marc = await house.sign_in()
        first = marc.operation("append", list="notes", item_id="n1", item={"text": "1"})
        cursor = (await marc.sync(first))["snapshot"]["cursor"]
        copy(tmp_path / "one" / "server.db", tmp_path / "kept.db")
        later = marc.operation("append", list="notes", item_id="n2", item={"text": "2"})
        await marc.sync(later, cursor=cursor)
    copy(tmp_path / "kept.db", tmp_path / "two" / "server.db")

    with house_in(tmp_path / "two") as house:
        house.server.store.renew_epoch()
        marc.house = house
        told = await marc.sync(cursor=cursor)
        assert (told["last_n"], "snapshot" in told) == (1, True)
        reply = await marc.sync(later, cursor=cursor)

        assert reply["last_n"] == 2
        assert [row["id"] for row in house.body(JOB)["notes"]] == ["n1", "n2"]
