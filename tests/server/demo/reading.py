"""Reading forms in tests: a document by name, its rows, a date."""

from datetime import date

from field_core.canon import Body, Json
from server_sync.demo import Company


def named(company: Company, doctype: str, name: str) -> Body:
    """Return the one document of that name."""
    [found] = [body for body in company.documents[doctype] if body["name"] == name]
    return found


def rows(table: Json) -> list[Body]:
    """Return the rows of a child table; none where there is no table."""
    found = table if isinstance(table, list) else []
    return [row for row in found if isinstance(row, dict)]


def day(value: Json) -> date:
    """Return a date field, or the date of a datetime field."""
    assert isinstance(value, str)
    return date.fromisoformat(value[:10])


def number(value: Json) -> float:
    """Return a number field."""
    assert isinstance(value, (int, float))
    return value
