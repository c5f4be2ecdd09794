"""The signature: what is signed is frozen, and a later change of it is told (T-17, FA-09)."""

import hashlib

import pytest

from field_app.ports import Signed
from field_app.sync.acts import Acts, done
from field_app.sync.acts.signing import POINTS_MAX, read_record, thinned
from field_app.sync.files import BlobFolder
from field_app.sync.job_parts import signature_of
from field_app.sync.replica import Replica
from field_core.problems import Problem
from tests.app.acts.hands import PICTURE, body, kinds
from tests.app.making import DEVICE, key

ROY = Signed(PICTURE, "image/png", " Mme Roy ", "en", strokes=(((0.4, 0.6, 0), (10, 20, 16)),))


def read(folder: BlobFolder, name: str) -> bytes | None:
    return folder.path(name).read_bytes() if name in folder.names() else None


def test_signature_what_is_signed_and_who_signed_are_one_act(
    replica: Replica, acts: Acts, folder: BlobFolder
) -> None:
    shown = acts.summary(key(1), "en")

    done(acts.sign(key(1), ROY._replace(text_sha256=shown.sha256)))

    signed = body(replica)
    assert signed["signature"] == hashlib.sha256(PICTURE).hexdigest()
    assert (signed["signed_by"], signed["signed_language"], signed["signed_at"]) == (
        "Mme Roy",
        "en",
        "2026-04-27T16:00:00.000000Z",
    )
    assert (signed["signed_device"], signed["signed_text_sha256"]) == (DEVICE, shown.sha256)
    record = read_record(folder.piece(signed["signed_record"], 0, 1 << 20))
    assert (record["summary"], record["strokes"]) == (shown.facts, [[[0, 1, 0], [10, 20, 16]]])
    groups = {group for _, group in kinds(replica)}
    assert (len(kinds(replica)), len(groups), None in groups) == (3, 1, False)


def test_signature_and_its_record_both_go_up(replica: Replica, acts: Acts) -> None:
    done(acts.sign(key(1), ROY))

    blobs = replica.db.conn.execute("SELECT role, mime FROM blob ORDER BY role").fetchall()
    assert blobs == [("record", "application/json"), ("signature", "image/png")]


def test_second_signature_replaces_the_first_knowingly(replica: Replica, acts: Acts) -> None:
    done(acts.sign(key(1), ROY))
    done(acts.sign(key(1), ROY._replace(content=PICTURE + b"2", signed_by="M. Roy")))

    attach = [e.operation for e in replica.outbox.entries() if e.operation.get("field")]
    assert {"was": hashlib.sha256(PICTURE).hexdigest()} in [op.get("item") for op in attach]
    assert body(replica)["signed_by"] == "M. Roy"


def test_job_that_changed_while_the_customer_read_is_not_signed(acts: Acts) -> None:
    shown = acts.summary(key(1), "en")
    done(acts.material(key(1), item="FIBRE-DROP", description=None, qty=40))

    assert acts.sign(key(1), ROY._replace(text_sha256=shown.sha256)) == Problem("changed-since")


def test_job_without_a_signature_has_none(replica: Replica) -> None:
    assert signature_of(body(replica)) is None


def test_signature_stands_while_nothing_signed_changes(
    replica: Replica, acts: Acts, folder: BlobFolder
) -> None:
    done(acts.sign(key(1), ROY))
    done(acts.note(key(1), "rangé"))
    done(acts.start_time(key(1), "Work"))

    row = signature_of(body(replica), lambda name: read(folder, name))
    assert row is not None
    assert (row.signed_by, row.device, row.is_changed_since, row.changed) == (
        "Mme Roy",
        DEVICE,
        False,
        (),
    )


def test_change_of_what_was_signed_is_told_and_named(
    replica: Replica, acts: Acts, folder: BlobFolder
) -> None:
    """T-17: “signed before modification”."""
    done(acts.sign(key(1), ROY))
    done(acts.do_step(key(1), "s1"))

    row = signature_of(body(replica), lambda name: read(folder, name))
    assert row is not None
    assert (row.is_changed_since, row.changed) == (True, ("checklist",))


@pytest.mark.parametrize("content", [None, b"{", b"[]", b'{"summary": 1}'])
def test_change_is_told_also_where_the_record_is_not(
    replica: Replica, acts: Acts, content: bytes | None
) -> None:
    done(acts.sign(key(1), ROY))
    done(acts.do_step(key(1), "s1"))

    row = signature_of(body(replica), lambda _: content)
    assert row is not None
    assert (row.is_changed_since, row.changed) == (True, ())


@pytest.mark.parametrize("lines", [[[(0.0, 0.0)] * 9_000], [[(0.0, 0.0)]] * 9_000])
def test_long_signature_is_thinned_and_never_refused(
    lines: list[list[tuple[float, float]]],
) -> None:
    assert 0 < sum(map(len, thinned(lines))) <= POINTS_MAX
