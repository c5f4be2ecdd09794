"""Databases that older versions left behind, opened on either kind of database."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import psycopg
from sqlalchemy import Connection, MetaData, inspect, select

STORED: Final = Path(__file__).parents[2] / "fixtures" / "server_database"

Rows = Mapping[str, list[Mapping[str, Any]]]
Shape = Mapping[str, tuple[list[tuple[str, str, bool]], list[str], list[tuple[Any, ...]]]]


def restore(url: str, version: int) -> None:
    """Fill an empty database with what a server of an older version left behind."""
    kind = url.partition(":")[0].partition("+")[0]
    script = (STORED / f"version_{version}.{kind}.sql").read_text(encoding="utf-8")
    if kind == "sqlite":
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as file:
            file.executescript(script)
    else:
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute(script.encode())


def rows_of(connection: Connection) -> Rows:
    """Return everything that a database holds, table by table, in the order of the keys."""
    tables = MetaData()
    tables.reflect(connection)
    return {
        table.name: [
            dict(row)
            for row in connection.execute(select(table).order_by(*table.primary_key)).mappings()
        ]
        for table in tables.sorted_tables
    }


def shape_of(connection: Connection) -> Shape:
    """Return a database's tables: columns with type and nullability, key, indexes."""
    look = inspect(connection)
    return {
        name: (
            sorted((c["name"], str(c["type"]), c["nullable"]) for c in look.get_columns(name)),
            look.get_pk_constraint(name)["constrained_columns"],
            sorted(
                (i["name"], tuple(i["column_names"]), bool(i["unique"]))
                for i in look.get_indexes(name)
            ),
        )
        for name in look.get_table_names()
    }
