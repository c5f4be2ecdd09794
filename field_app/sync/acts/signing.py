"""The customer's signature: what is signed is frozen, hashed, and kept with the strokes."""

import json
from typing import Any, Final

from field_app.ports import Signed, Strokes, Summary
from field_app.sync.acts.acting import act, stated
from field_app.sync.acts.attaching import AttachingActs
from field_app.sync.acts.steps import StepActs
from field_app.sync.recorder import Draft
from field_core import checklist
from field_core.canon import Body, Json, dump
from field_core.operations import Operation
from field_core.problems import ProblemError
from field_core.signing import facts_of, fingerprint

POINTS_MAX: Final = 4_000
"""A long name drawn at 60 points a second takes ten seconds; beyond this every second one goes."""
RECORD_MIME: Final = "application/json"


class SigningActs(AttachingActs, StepActs):
    """Acts on the signature."""

    def summary(self, key: str, language: str) -> Summary:
        """Return what would be signed now, for the screen to show in the customer's language.

        Raises ProblemError when the job is not here.
        """
        facts = facts_of(self._document(key), language)
        return Summary(facts, fingerprint(facts))

    @act
    def sign(self, key: str, signed: Signed) -> list[Operation]:
        """Keep a signature with what was signed, by whom, when, on which device, as one act.

        The step that asked for it, and nothing else, is done with it.
        """
        body, name = self._document(key), signed.signed_by.strip()
        self._check_image(signed.mime)
        if not name:
            raise ProblemError("invalid-value", field="signed_by")
        summary = self.summary(key, signed.language)
        if signed.text_sha256 not in (None, summary.sha256):
            raise ProblemError("changed-since")
        facts = {
            "signed_by": name,
            "signed_at": self._now(),
            "signed_language": signed.language,
            "signed_text_sha256": summary.sha256,
            "signed_device": self.replica.get("device"),
        }
        image, image_blob = self._attachment(
            key, signed.content, signed.mime, role="signature", more=_field(body, "signature")
        )
        record, record_blob = self._attachment(
            key,
            record_of(summary.facts, facts, signed.strokes, text=signed.text),
            RECORD_MIME,
            role="record",
            more=_field(body, "signed_record"),
        )
        edits = {n: [body.get(n), v] for n, v in facts.items() if body.get(n) != v}
        drafts: list[Draft] = [image, record, {"kind": "set", "key": key, "fields": edits}]
        if asked := checklist.asked_signature(body):
            drafts.append(self._step_done(key, asked))
        return self._record_with([image_blob, record_blob], drafts)


def _field(body: Body, name: str) -> dict[str, Any]:
    """Return what makes an attachment the value of a field."""
    return {"field": name, "item": stated({"was": body.get(name)})}


def record_of(
    summary: Body, facts: dict[str, str | None], strokes: Strokes, *, text: str = ""
) -> bytes:
    """Write the record of a signature: canonical JSON, so that the same one has one hash.

    text: what the customer was shown, word for word.
    """
    drawn: Json = [[[round(n) for n in point] for point in line] for line in thinned(strokes)]
    record: Body = {"summary": summary, "signed": stated(facts), "strokes": drawn}
    if text:
        record["text"] = text
    return dump(record).encode()


def read_record(content: bytes) -> Body:
    """Return a record's `summary`, `signed` and `strokes`; raises ValueError when it is none."""
    record = json.loads(content)
    is_record = isinstance(record, dict) and isinstance(record.get("summary"), dict)
    if not is_record:
        raise ValueError("not the record of a signature")
    return dict(record)


def thinned(strokes: Strokes) -> Strokes:
    """Return strokes of a bounded size: a signature is never refused for being long."""
    while sum(map(len, strokes)) > POINTS_MAX:
        halved = [[*line[:-1:2], *line[-1:]] for line in strokes]
        if sum(map(len, halved)) == sum(map(len, strokes)):  # thousands of single dots
            return halved[:POINTS_MAX]
        strokes = halved
    return strokes
