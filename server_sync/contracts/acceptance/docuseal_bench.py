"""The stand-in for DocuSeal: takes a submission, and signs it when it is told to.

It answers the calls of `docuseal` in process, only beside the embedded ERP; the document it gives
back is ours with a line at its end, so that its hash is another one, as a signed PDF's is.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import httpx
from sqlalchemy import Connection, insert, select, update

from server_sync.contracts.acceptance.docuseal import signature
from server_sync.store.database import Database
from server_sync.store.schema import bench_object

URL: Final = "http://docuseal.internal"
TOKEN: Final = "bench"  # noqa: S105 - opens the stand-in alone
_KIND: Final = "docuseal"
Raw = dict[str, Any]


@dataclass(frozen=True)
class DocusealBench(httpx.AsyncBaseTransport):
    """One stand-in on one database."""

    database: Database
    now_ms: Callable[[], int]
    entropy: Callable[[int], bytes]
    secret: str

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer as DocuSeal's API would."""
        await request.aread()
        is_file = request.url.path.startswith("/file/")
        if not is_file and request.headers.get("x-auth-token") != TOKEN:
            return httpx.Response(401)
        match request.method, request.url.path.strip("/").split("/"):
            case "POST", ["submissions", "pdf"]:
                return httpx.Response(200, json=self._submit(json.loads(request.content)))
            case "GET", ["submissions", name]:
                return self._answer(name, lambda found: _told(name, found))
            case "GET", ["submissions", name, "documents"]:
                told = {"id": name, "documents": [{"name": "contrat", "url": f"{URL}/file/{name}"}]}
                return self._answer(name, lambda _found: told)
            case "GET", ["file", name]:
                found = self._find(name)
                content = b64decode(found["file"]) if found else b""
                return httpx.Response(200 if found else 404, content=content + b"\n% signed\n")
            case _:
                return httpx.Response(404)

    def settle(self, name: str, status: str) -> tuple[bytes, str]:
        """Sign (`completed`) or decline a submission; return its webhook: body and signature."""
        found = self._find(name)
        assert found, "a submission of this stand-in"
        now_s = self.now_ms() // 1000
        body = json.dumps(found | {"status": status, "completed_at": str(now_s)})
        self.database.run(
            lambda c: c.execute(
                update(bench_object).where(bench_object.c.id == name).values(body=body)
            )
        )
        raw = json.dumps({"event_type": f"submission.{status}", "data": {"id": name}}).encode()
        return raw, signature(raw, secret=self.secret, at_s=now_s)

    def _submit(self, form: Raw) -> Raw:
        name = f"ds_{self.entropy(8).hex()}"
        (document,), (person,) = form["documents"], form["submitters"]
        body = {"status": "pending", "file": document["file"], "email": person["email"]}
        assert b64encode(b64decode(document["file"])).decode() == document["file"], "base64"

        def work(connection: Connection) -> None:
            row = {"id": name, "kind": _KIND, "body": json.dumps(body), "made_ms": self.now_ms()}
            connection.execute(insert(bench_object), row)

        self.database.run(work)
        return {"id": name, "submitters": [{"email": person["email"]}]}

    def _answer(self, name: str, told: Callable[[Raw], Raw]) -> httpx.Response:
        found = self._find(name)
        return httpx.Response(200, json=told(found)) if found else httpx.Response(404)

    def _find(self, name: str) -> Raw | None:
        with self.database.read() as connection:
            body = connection.execute(
                select(bench_object.c.body).where(
                    bench_object.c.id == name, bench_object.c.kind == _KIND
                )
            ).scalar()
        return dict(json.loads(body)) if body else None


def _told(name: str, found: Raw) -> Raw:
    return {"id": name, "status": found["status"], "completed_at": found.get("completed_at")}
