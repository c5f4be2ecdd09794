"""A house for uploads, and a bucket of a real S3 dialect on loopback."""

from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

from server_sync.blobs import BlobStore, open_store
from tests.server.http.house import House, house_in


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with house_in(tmp_path) as made:
        yield made


@pytest.fixture(scope="session")
def s3() -> Iterator[str]:
    """Start an S3 stand-in; yield its address."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(s3: str, request: pytest.FixtureRequest) -> BlobStore:
    """Return a store in a bucket of this test's own."""
    name = f"b{abs(hash(request.node.name))}"
    client = boto3.client(
        "s3",
        endpoint_url=s3,
        region_name="us-east-1",
        aws_access_key_id="x",
        aws_secret_access_key="y",
    )
    client.create_bucket(Bucket=name)
    return open_store(f"s3://{name}/field?endpoint={s3}", access_key="x", secret_key="y")
