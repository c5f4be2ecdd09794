"""Labels to be read later: kept with their photo at once, given up, what was read taken or left."""

import pytest

from field_app.ports import Capture, OcrOf, OcrRow, OcrState, OcrTarget, Photo, Shot, Suggestion
from field_app.sync.acts import Acts, done
from field_app.sync.captures import captures
from field_app.sync.files import BlobFolder, sha256_of
from field_app.sync.ocr import queue, suggestions
from field_app.sync.ocr.rows import answer_text
from field_app.sync.replica import Replica
from field_core.canon import dump
from field_core.labels.model import Field, Provenance
from field_core.problems import Problem
from field_core.suggestions import Suggested
from tests.app.acts.hands import ONT, PICTURE, body, rows
from tests.app.making import change, job, key, reply

STEP = OcrTarget(OcrOf.STEP, "s1")
MAC = Suggested(Field.MAC, "A4:2B:B0:1C:9F:3E", Provenance.OCR, 0.7)


def shoot(acts: Acts, target: OcrTarget = STEP) -> str:
    """Photograph a label that no decoder read; return the id of its reading."""
    done(acts.capture(Shot(PICTURE, key(1), step="s1", reads=target)))
    return queue(acts.replica)[0].id


def answer(replica: Replica, ocr: str, *found: Suggested) -> None:
    """Have the server's answer come in."""
    replica.db.conn.execute(
        "UPDATE ocr SET answer = ?, picture = 'ab' WHERE id = ?", (answer_text(found), ocr)
    )


def type_answer(acts: Acts, value: str) -> None:
    done(acts.do_step(key(1), "s1", value))


def test_photo_and_its_reading_are_kept_in_one_act(
    replica: Replica, acts: Acts, folder: BlobFolder
) -> None:
    """T-07: whatever kills the program now, the photo is there and so is what it is for."""
    ocr = shoot(acts)

    [capture] = captures(replica)
    assert isinstance(capture, Capture)
    assert folder.read(capture.sha256) == PICTURE
    [row] = queue(replica)
    assert isinstance(row, OcrRow)
    assert (row.id, row.job.key, row.target, row.state) == (ocr, key(1), STEP, OcrState.PREPARING)


def test_original_stays_for_as_long_as_its_label_is_to_be_read(
    replica: Replica, acts: Acts, folder: BlobFolder
) -> None:
    shoot(acts)
    [capture] = captures(replica)
    done(acts.finish_capture(capture.id, Photo(PICTURE + b"!", "image/jpeg")))
    acts.forget_original(capture.sha256)

    assert folder.read(capture.sha256) == PICTURE


def test_photo_of_a_job_is_read_once_however_often_that_is_asked(
    replica: Replica, acts: Acts
) -> None:
    done(acts.photo(key(1), Photo(PICTURE, "image/jpeg", step="s1"), row_id="photo-1"))
    first = done(acts.read_label(key(1), "photo-1", STEP))

    assert done(acts.read_label(key(1), "photo-1", STEP)) == first
    assert [row.sha256 for row in queue(replica)] == [sha256_of(PICTURE)]


def test_photo_whose_bytes_are_not_here_cannot_be_read(acts: Acts) -> None:
    assert acts.read_label(key(1), "unknown", STEP) == Problem("blob-missing")


def test_reading_given_up_leaves_the_photo(replica: Replica, acts: Acts) -> None:
    ocr = shoot(acts)
    done(acts.cancel_reading(ocr))

    assert queue(replica) == []
    assert len(captures(replica)) == 1


def test_reading_given_up_twice_is_refused(acts: Acts) -> None:
    ocr = shoot(acts)
    done(acts.cancel_reading(ocr))

    assert acts.cancel_reading(ocr) == Problem("row-missing")


def test_reading_given_up_takes_its_unsent_picture_along(replica: Replica, acts: Acts) -> None:
    ocr = shoot(acts)
    replica.db.conn.execute(
        "INSERT INTO blob (sha256, size, mime, role, key, made_ms) "
        "VALUES ('ab', 9, 'image/jpeg', 'ocr', ?, 0)",
        (key(1),),
    )
    replica.db.conn.execute("UPDATE ocr SET picture = 'ab' WHERE id = ?", (ocr,))
    done(acts.cancel_reading(ocr))

    assert replica.db.conn.execute("SELECT count(*) FROM blob").fetchone() == (0,)


def test_typed_answer_stays_and_what_was_read_is_proposed(replica: Replica, acts: Acts) -> None:
    """T-09: the chip, with the picture it was read from; the value is unchanged until a tap."""
    ocr = shoot(acts)
    type_answer(acts, "A4:2B:B0:1C:9F:3B")
    answer(replica, ocr, MAC)

    assert suggestions(replica, key(1), STEP) == [
        Suggestion(
            ocr=ocr,
            photo=captures(replica)[0].id,
            field="value",
            value="A4:2B:B0:1C:9F:3E",
            provenance=Provenance.OCR,
            is_sure=True,
            alternatives=(),
            sha256="ab",
            current="A4:2B:B0:1C:9F:3B",
        )
    ]
    assert rows(replica, "checklist")[0]["value"] == "A4:2B:B0:1C:9F:3B"


def test_what_is_being_typed_counts_as_much_as_what_was_saved(replica: Replica, acts: Acts) -> None:
    ocr = shoot(acts)
    draft = dump({"at": 0, "text": dump({"typed": "A4:2B:B0:1C:9F:3B", "note": ""})})
    replica.remember(**{f"draft:{key(1)}/step/s1": draft})
    answer(replica, ocr, MAC)

    assert [one.current for one in suggestions(replica, key(1), STEP)] == ["A4:2B:B0:1C:9F:3B"]


def test_suggestion_taken_is_the_persons_word_and_says_how_it_came(
    replica: Replica, acts: Acts
) -> None:
    ocr = shoot(acts)
    type_answer(acts, "A4:2B:B0:1C:9F:3B")
    answer(replica, ocr, MAC)
    done(acts.take_suggestion(ocr, "value"))

    step = rows(replica, "checklist")[0]
    assert (step["value"], step["source"]) == ("A4:2B:B0:1C:9F:3E", "ocr")
    assert suggestions(replica, key(1), STEP) == []


def test_suggestion_left_is_not_made_again(replica: Replica, acts: Acts) -> None:
    ocr = shoot(acts)
    type_answer(acts, "A4:2B:B0:1C:9F:3B")
    answer(replica, ocr, MAC)
    done(acts.leave_suggestion(ocr, "value"))

    assert suggestions(replica, key(1), STEP) == []
    assert rows(replica, "checklist")[0]["value"] == "A4:2B:B0:1C:9F:3B"


def test_suggestion_that_is_gone_cannot_be_taken(replica: Replica, acts: Acts) -> None:
    ocr = shoot(acts)
    answer(replica, ocr)

    assert acts.take_suggestion(ocr, "value") == Problem("row-missing")


@pytest.mark.parametrize("status", ["Completed", "Cancelled"])
def test_closed_job_is_asked_about_nothing(replica: Replica, acts: Acts, status: str) -> None:
    ocr = shoot(acts)
    type_answer(acts, "A4:2B:B0:1C:9F:3B")
    answer(replica, ocr, MAC)
    closed = change(1, job(status=status), rev=2)
    replica.apply(reply([closed], since="e.1", cursor="e.2", seq=2), now_ms=0)

    assert suggestions(replica, key(1), STEP) == []


def test_form_is_given_everything_that_was_read(replica: Replica, acts: Acts) -> None:
    form = OcrTarget(OcrOf.FORM, "add")
    model = Suggested(Field.MODEL, "XX230v", Provenance.OCR, 0.7)
    answer(replica, shoot(acts, form), MAC, model)

    assert [(s.field, s.value) for s in suggestions(replica, key(1), form)] == [
        ("mac_address", "A4:2B:B0:1C:9F:3E"),
        ("model", "XX230v"),
    ]


def test_reading_follows_the_form_to_the_device_that_it_recorded(
    replica: Replica, acts: Acts
) -> None:
    ocr = shoot(acts, OcrTarget(OcrOf.FORM, "add"))
    device = done(acts.add_equipment(key(1), ONT))[0].key
    done(acts.point_readings(key(1), [queue(replica)[0].photo], device))
    other = Suggested(Field.MAC, "A4:2B:B0:00:00:01", Provenance.OCR, 0.7)
    serial = Suggested(Field.SERIAL, "GMK170210005623", Provenance.OCR, 0.4)
    answer(replica, ocr, other, serial)

    found = suggestions(replica, key(1), OcrTarget(OcrOf.DEVICE, device))
    assert [(s.field, s.current) for s in found] == [
        ("mac_address", "A4:2B:B0:1C:9F:3E"),
        ("serial_no", ""),
    ]
    done(acts.take_suggestion(ocr, "serial_no"))
    assert body(replica, device)["serial_no"] == "GMK170210005623"
