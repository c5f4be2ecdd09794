"""Write the table of recordings into docs/embedded-erp.md."""

from __future__ import annotations

from tests.contract.erp_recordings.test_documented_coverage import BETWEEN, PAGE, table

if __name__ == "__main__":
    text = PAGE.read_text(encoding="utf-8")
    block = f"<!-- recordings -->\n{table()}<!-- end of recordings -->"
    PAGE.write_text(BETWEEN.sub(lambda _match: block, text), encoding="utf-8")
