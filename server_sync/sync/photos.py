"""Rows that hold a photo: which column the file's address stands in, and whether it stands there.

The row may reach the ERP before the photo has left the phone, so a row without its file is usual.
"""

from field_core.canon import Body
from field_core.doctypes import Spec
from field_core.fields import Kind
from field_core.operations import Attach


def file_column(rows: Spec | None) -> str | None:
    """Return the column of a table that holds a file's address, if it has one."""
    columns = rows.columns.items() if rows else ()
    return next((name for name, column in columns if column.kind is Kind.ATTACH), None)


def lacks_file(attach: Attach, body: Body, spec: Spec) -> bool:
    """Tell whether a photo's row is there and its file is not."""
    table = attach.list_name or ""
    column, rows = file_column(spec.tables.get(table)), body.get(table)
    identity = attach.item_id or attach.id
    return column is not None and any(
        isinstance(row, dict) and row.get("id") == identity and not row.get(column)
        for row in (rows if isinstance(rows, list) else ())
    )
