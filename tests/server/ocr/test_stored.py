"""Answers and counts as they are stored, on either kind of database."""

from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from field_core.ocr import OcrReply, OcrText
from field_core.problems import ProblemError
from server_sync.ocr.answers import Answers
from server_sync.ocr.spending import Allowance, Spending
from server_sync.store.database import Database
from server_sync.store.migrating import migrate
from tests.postgresql import Cluster, postgresql
from tests.server.http.house import Clock

__all__ = ["postgresql"]

REPLY = OcrReply(texts=(OcrText(text="MAC: A4:2B:B0:1C:9F:3E"),), place=(0.1, 0.2, 0.3, 0.4))


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    url = f"sqlite:///{tmp_path / 'server.db'}"
    if request.param == "postgresql":
        cluster: Cluster = request.getfixturevalue("postgresql")
        url = cluster.create("ocr")
    made = Database(url)
    migrate(made, now_ms=0)
    yield made
    made.close()


def test_answer_is_kept_whole_and_the_first_one_stays(database: Database) -> None:
    answers = Answers(database, now_ms=Clock().now_ms)
    answers.keep("ab" * 32, "v1", REPLY)
    answers.keep("ab" * 32, "v1", OcrReply())

    assert answers.get("ab" * 32, "v1") == REPLY
    assert answers.get("ab" * 32, "v2") is None


def test_allowance_is_counted_by_day_and_person_and_altogether(database: Database) -> None:
    clock = Clock()
    spending = Spending(
        database,
        Allowance(each=2, together=3),
        now_ms=clock.now_ms,
        zone=ZoneInfo("America/Toronto"),
    )
    for who in ("marc", "marc", "nadia"):
        spending.spend(who)
    for who in ("marc", "nadia"):
        with pytest.raises(ProblemError):
            spending.spend(who)
    clock.forward(days=1)

    spending.spend("marc")
    clock.forward(days=500)
    spending.sweep()
    rows = database.run(lambda c: c.exec_driver_sql("SELECT count(*) FROM ocr_spent").scalar())
    assert rows == 0
