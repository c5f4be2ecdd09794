"""The page about job states is drawn from the table that the code looks moves up in."""

from field_core import status
from tests.architecture.project import ROOT


def test_status_page_shows_the_table_of_the_code() -> None:
    page = (ROOT / "docs" / "job-status.md").read_text(encoding="utf-8")

    drawn = page.partition("<!-- table -->\n")[2].partition("\n<!-- end of table -->")[0]

    assert drawn == status.as_markdown()
