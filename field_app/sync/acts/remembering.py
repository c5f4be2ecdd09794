"""What a person settles on this device alone: seen, tried again, searched for."""

import json
from typing import Final

from field_app.sync import waiting
from field_app.sync.acts.acting import act
from field_app.sync.acts.records import RecordActs
from field_app.sync.found import RECENT, RECENT_MAX, recent
from field_core.problems import ProblemError

SET_ASIDE_MAX: Final = 500
"""Acts leave the outbox a week after they are settled; nobody is refused more than that by then."""


class RememberingActs(RecordActs):
    """Acts that no server hears of, but for the reason that a note takes to the office."""

    @act
    def set_aside(self, entry: str, reason: str) -> bool:
        """Note that a person has dealt with what needed them; a reason goes to the job's notes.

        The operation itself stays where it is kept: putting it aside here takes nothing away.
        """
        detail = waiting.entry(self.replica, entry)
        if detail is None:
            raise ProblemError("unknown-document")
        job = detail.entry.job
        if reason.strip() and job is not None and job.key is not None:
            self._append(
                job.key,
                "notes",
                {"text": reason.strip(), "at": self._now(), "by": self._signature()},
            )
        kept = [one for one in waiting.set_aside(self.replica) if one != entry]
        kept = [*kept, entry][-SET_ASIDE_MAX:]
        self.replica.remember(**{waiting.SET_ASIDE: json.dumps(kept)})
        return True

    @act
    def try_file_again(self, entry: str) -> bool:
        """Send the files of an act again that something had stopped."""
        self.replica.db.conn.execute(
            "UPDATE blob SET problem = NULL WHERE verified_ms IS NULL AND sha256 IN (SELECT "
            "json_extract(operation, '$.sha256') FROM outbox WHERE kind = 'attach' AND "
            "(id = ?1 OR group_id = ?1))",
            (entry,),
        )
        return True

    @act
    def remember_search(self, text: str) -> bool:
        """Keep what was searched for, the latest first, each once."""
        said = " ".join(text.split())
        kept = [one for one in recent(self.replica) if one.casefold() != said.casefold()]
        if said:
            kept = [said, *kept][:RECENT_MAX]
            self.replica.remember(**{RECENT: json.dumps(kept)})
        return bool(said)

    @act
    def forget_searches(self) -> bool:
        """Forget every search."""
        self.replica.remember(**{RECENT: None})
        return True
