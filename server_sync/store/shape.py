"""Whether a database has the tables, columns and indexes that this program works with."""

from collections.abc import Iterator

from sqlalchemy import Connection, Table, inspect

from server_sync.store.schema import metadata


def differences(connection: Connection) -> Iterator[str]:
    """Yield a sentence for each part that is missing; what is there besides harms nobody."""
    there = set(inspect(connection).get_table_names())
    for table in metadata.sorted_tables:
        if table.name in there:
            yield from _parts_missing(connection, table)
        else:
            yield f"the table {table.name} is missing"


def _parts_missing(connection: Connection, table: Table) -> Iterator[str]:
    look = inspect(connection)
    columns = {column["name"] for column in look.get_columns(table.name)}
    indexes = {index["name"] for index in look.get_indexes(table.name)}
    for column in table.columns:
        if column.name not in columns:
            yield f"the column {table.name}.{column.name} is missing"
    for index in table.indexes:
        if index.name not in indexes:
            yield f"the index {index.name} is missing"
