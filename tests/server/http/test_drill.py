"""Backups of what production runs on, and the drill that proves them: PostgreSQL and a bucket."""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import boto3
import pytest
from moto.server import ThreadedMotoServer
from sqlalchemy import insert

from server_sync.compose import Server, create
from server_sync.settings import Settings
from server_sync.store.documents import Doc
from server_sync.store.schema import blob
from tests.postgresql import Cluster, postgresql
from tests.server.http.operator import Operator

__all__ = ["postgresql"]

T = TypeVar("T")

PHOTO = b"\xff\xd8\xff\xe0 a photo"
SHA = hashlib.sha256(PHOTO).hexdigest()
pytestmark = pytest.mark.postgresql


@pytest.fixture
def bucket() -> Iterator[dict[str, str]]:
    """A bucket on loopback, as settings."""
    moto = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    moto.start()
    host, port = moto.get_host_and_port()
    client = boto3.client(
        "s3",
        endpoint_url=f"http://{host}:{port}",
        region_name="us-east-1",
        aws_access_key_id="x",
        aws_secret_access_key="y",
    )
    client.create_bucket(Bucket="field")
    yield {
        "BLOBS_URL": f"s3://field/blobs?endpoint=http://{host}:{port}",
        "BLOBS_ACCESS_KEY": "x",
        "BLOBS_SECRET_KEY": "y",
    }
    moto.stop()


@pytest.fixture
def production(operator: Operator, request: pytest.FixtureRequest) -> Operator:
    """An operator of a server over PostgreSQL and a bucket, with a person, a job and a photo."""
    cluster: Cluster = request.getfixturevalue("postgresql")
    operator.environment |= {
        "DATABASE_URL": cluster.create("drill"),
        **request.getfixturevalue("bucket"),
    }
    operator.adds_marc()
    with_server(operator, fill)
    return operator


def with_server(operator: Operator, work: Callable[[Server], T]) -> T:
    server = create(Settings.from_environment(operator.environment))
    try:
        return work(server)
    finally:
        server.close()


def fill(server: Server) -> None:
    job = Doc("key-of-a-job", "Dispatch Job", erp_name="DJ-1").with_body({"subject": "x"})
    server.store.transact(lambda tx: tx.put(job))
    server.blobs.store.write(SHA, offset=0, piece=PHOTO)
    assert server.blobs.store.complete(SHA, size=len(PHOTO))
    row = {"sha256": SHA, "size": len(PHOTO), "got": len(PHOTO), "mime": "image/jpeg"}
    server.store.database.run(
        lambda c: c.execute(insert(blob), {**row, "is_verified": True, "made_ms": 0})
    )


def test_backup_is_proven_by_a_drill_and_restored_with_its_photo(
    production: Operator, tmp_path: Path
) -> None:
    kept = str(tmp_path / "kept")
    assert production.types("backup", kept)[0] == 0
    code, said, err = production.types("drill", kept)
    assert (code, said.strip()[-11:]) == (0, " 0 findings"), err
    assert said.startswith("1 documents and 1 blobs in ")

    with_server(production, lambda server: server.blobs.store.remove(SHA))
    production.types("account", "disable", "marc@example.test")
    code, said, err = production.types("restore", kept)

    assert (code, "1 blobs put back; a new epoch" in said) == (0, True), err
    assert with_server(production, lambda server: server.blobs.store.read(SHA)) == PHOTO
    assert "disabled" not in production.types("account", "list")[1].split("marc@example.test")[1]
    assert production.types("check")[0] == 0


def test_drill_finds_a_photo_that_was_never_copied_and_one_that_rotted(
    production: Operator, tmp_path: Path
) -> None:
    kept = tmp_path / "kept"
    production.types("backup", str(kept))
    copy = kept / "blobs" / SHA[:2] / SHA

    copy.write_bytes(b"rotten")
    rotten = production.types("drill", str(kept))
    copy.unlink()
    absent = production.types("drill", str(kept))

    assert (rotten[0], absent[0]) == (1, 1)
    assert f"{SHA}: no sound copy" in rotten[1]


def test_dump_that_was_cut_is_refused_and_nothing_is_replaced(
    production: Operator, tmp_path: Path
) -> None:
    kept = tmp_path / "kept"
    production.types("backup", str(kept))
    (file,) = kept.glob("*.dump")
    file.write_bytes(file.read_bytes()[:2000])

    assert production.types("drill", str(kept))[0] == 1
    assert production.types("restore", str(kept))[0] == 1
    assert "marc@example.test" in production.types("account", "list")[1]


def test_older_dumps_go_as_new_ones_come(production: Operator, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    for day in range(1, 6):
        (kept / f"server-2026010{day}T000000Z.dump").write_bytes(b"old")

    assert production.types("backup", str(kept), "--keep", "3")[0] == 0

    names = sorted(path.name for path in kept.glob("*.dump"))
    assert (len(names), names[0]) == (3, "server-20260104T000000Z.dump")


def test_commands_let_go_of_the_database(production: Operator, postgresql: Cluster) -> None:
    for words in (
        ("account", "list"),
        ("account", "disable", "marc@example.test"),
        ("enrol-code", "marc@example.test"),
        ("device", "list"),
        ("acs", "acts"),
        ("billing", "outbox"),
        ("renew-epoch",),
        ("check",),
        ("openapi",),
    ):
        production.types(*words)
        assert postgresql.is_left("drill"), words


def test_folder_without_a_dump_is_told(production: Operator, tmp_path: Path) -> None:
    assert "holds no dump" in production.types("drill", str(tmp_path))[2]


def test_drill_of_files_is_the_same_drill(operator: Operator, tmp_path: Path) -> None:
    kept = str(tmp_path / "kept")
    operator.adds_marc()
    with_server(operator, fill)
    operator.types("backup", kept)

    code, said, err = operator.types("drill", kept)

    assert (code, said[:26]) == (0, "1 documents and 1 blobs in"), err
