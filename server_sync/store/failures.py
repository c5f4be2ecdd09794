"""What the database may answer instead of data, as the problems that a caller is told."""

from typing import Final

from sqlalchemy.exc import DataError, DBAPIError, OperationalError

from field_core.problems import Problem

DatabaseFailure: Final = DBAPIError
"""What every failure of either database is raised as."""


def problem_of(failure: Exception) -> Problem:
    """Return what a failure of the database means for who called.

    `bad-request`: text it does not take (PostgreSQL: a NUL in a path, say). `busy`: it could not
    be had in time, another try later makes sense. `internal`: ours to look into.
    """
    if isinstance(failure, DataError):
        return Problem("bad-request", {"reason": "text"})
    return Problem("busy" if isinstance(failure, OperationalError) else "internal")
