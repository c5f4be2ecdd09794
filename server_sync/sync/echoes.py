"""Conflicts that are none: the ERP holds what it was given, in its own words.

A server that was put back to a backup is offered again what it forgot, and the ERP may have it:
with names where phones have keys, zeros where they have nothing, text without markup. A review of
that would ask a person to choose between a thing and itself.
"""

from dataclasses import replace

from field_core.canon import Json
from field_core.doctypes import Spec
from field_core.merge import Loser, Result
from field_core.operations import Verdict
from server_sync.sync.remerge import Resolve, is_same, normal, normal_table


def without_echoes(result: Result, *, spec: Spec, resolve: Resolve) -> Result:
    """Leave only what really lost."""
    lost = tuple(one for one in result.losers if not _is_echo(one, spec, resolve))
    if len(lost) == len(result.losers):
        return result
    return replace(result, losers=lost, verdict=result.verdict if lost else Verdict.APPLIED)


def _is_echo(loser: Loser, spec: Spec, resolve: Resolve) -> bool:
    """Tell whether what was kept says all that was lost: a row may say more, never less."""
    lost, kept = (_normal(loser.field, v, spec, resolve) for v in (loser.lost, loser.kept))
    return is_same(lost, kept) or (not isinstance(kept, (dict, list)) and is_same(kept, lost))


def _normal(path: str, value: Json, spec: Spec, resolve: Resolve) -> Json:
    """Return a value, or a row that is named `table.row`, as the ERP's document would show it."""
    table, _, row = path.partition(".")
    inner = spec.tables.get(table)
    if inner and isinstance(value, dict) and "." not in row:
        return normal_table(inner, [value], resolve)
    return normal(path.rpartition(".")[2], spec.column(path), value, resolve)
