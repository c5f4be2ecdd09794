"""Photos and signatures on their way into the ERP: each blob uploaded once, then the field written.

The ERP strips EXIF from pictures, so its hash differs from ours: what was uploaded is remembered
beside our blob (`blob_ref.erp_file`), and the file is named by our sha256, so that one whose
answer was lost is found again.
"""

import mimetypes
from collections.abc import Awaitable, Callable, Iterable
from typing import Final

from sqlalchemy import bindparam, select, update

from field_core.operations import Attach
from server_sync.erp.client import FrappeClient
from server_sync.erp.intake import Run
from server_sync.store.schema import blob_ref
from server_sync.store.store import Store

ReadBlob = Callable[[str], bytes | None]
"""The bytes of a verified blob by sha256; None while it has not arrived."""
Renew = Callable[[], Awaitable[None]]


class Uploads:
    """Brings blobs into one site."""

    def __init__(
        self, client: FrappeClient, store: Store, *, read_blob: ReadBlob, run: Run
    ) -> None:
        self._client = client
        self._store = store
        self._read_blob = read_blob
        self._run = run
        self._missing: set[tuple[str, str]] = set()
        """Documents with files that this process sought in the ERP, when nobody had them."""

    async def bring(
        self,
        key: str,
        parent: tuple[str, str],
        attached: Iterable[Attach],
        *,
        was_tried: bool,
        renew: Renew,
    ) -> dict[str, str]:
        """Upload what has arrived; return sha256 → address. What is not there yet is left out.

        renew: called between seeking a file and uploading it, which nothing in the ERP refuses
        to do twice; raises when another process writes the document by now.
        """
        wanted = {one.sha256: one for one in attached}
        if not wanted:
            return {}
        urls = await self._run(lambda: self._known(key))
        for sha256, one in wanted.items():
            if sha256 not in urls:
                url = await self._bring_one(key, parent, one, was_tried=was_tried, renew=renew)
                if url:
                    urls[sha256] = url
                    await self._run(
                        lambda s=sha256, u=url, r=one.role: self._remember(  # type: ignore[misc]  # bound now
                            s, key, u, r
                        )
                    )
        return {sha256: url for sha256, url in urls.items() if sha256 in wanted}

    async def are_missing(self, key: str, attached: Iterable[Attach]) -> bool:
        """Tell, without a call, whether all these files are still nowhere but on a phone."""
        wanted = {one.sha256 for one in attached}
        if any((key, sha256) not in self._missing for sha256 in wanted):
            return False
        return await self._run(lambda: all(self._read_blob(s) is None for s in wanted))

    async def _bring_one(
        self, key: str, parent: tuple[str, str], one: Attach, *, was_tried: bool, renew: Renew
    ) -> str | None:
        name, place = f"{one.sha256}{_suffix(one.mime)}", (key, one.sha256)
        content = await self._run(lambda: self._read_blob(one.sha256))
        if content is None and place in self._missing:
            return None
        self._missing.discard(place)
        if content is not None or was_tried:  # a server put back to a backup remembers no try
            found = await self._client.uploaded(parent, name)
            if found:
                return found
            if content is None:
                self._missing.add(place)
        if content is None:
            return None
        await renew()
        return await self._client.upload(
            parent, file_name=name, content=content, mime=one.mime, field=one.field
        )

    def _known(self, key: str) -> dict[str, str]:
        with self._store.read() as connection:
            return {h: u for h, u in connection.execute(_OF_KEY, {"k": key}) if u}

    def _remember(self, sha256: str, key: str, url: str, role: str) -> None:
        place = {"b_h": sha256, "b_k": key}
        with self._store.database.write() as connection:
            changed = connection.execute(_SET, {**place, "u": url})
            if not changed.rowcount:
                connection.execute(
                    blob_ref.insert(), {"sha256": sha256, "key": key, "role": role, "erp_file": url}
                )


SUFFIXES: Final = {"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp"}


def _suffix(mime: str) -> str:
    return SUFFIXES.get(mime) or mimetypes.guess_extension(mime, strict=True) or ".bin"


_OF_KEY = select(blob_ref.c.sha256, blob_ref.c.erp_file).where(blob_ref.c.key == bindparam("k"))
_SET = (
    update(blob_ref)
    .where(blob_ref.c.sha256 == bindparam("b_h"), blob_ref.c.key == bindparam("b_k"))
    .values(erp_file=bindparam("u"))
)
