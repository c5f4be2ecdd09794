"""A pytest plugin that makes branch coverage part of the exit code, one floor per package.

pytest-cov knows a single floor for everything; the core is held to all of its lines and branches,
the two programs to what they have. Loaded by `.ci/run` only, so that a single test stays quick.
"""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from coverage import Coverage
from coverage.exceptions import NoDataError

FLOORS: Final = {"field_core": 100.0, "field_app": 85.0, "server_sync": 85.0}
"""Least share of lines and branches that the tests run, in percent. Only ever raised."""

ROOT: Final = Path(__file__).resolve().parent.parent


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a green session when a package lies under its floor; say what is missing."""
    if _is_worker(session.config) or session.exitstatus != pytest.ExitCode.OK:
        return
    reports = {package: _report(package) for package in FLOORS}
    session.config.stash[_reports] = reports
    if any(percent < FLOORS[package] for package, (percent, _) in reports.items()):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print one line per package, and the uncovered lines of one that is under its floor."""
    for line in _lines(terminalreporter.config.stash.get(_reports, {})):
        terminalreporter.write_line(line)


Reports = dict[str, tuple[float, str]]
_reports: Final = pytest.StashKey[Reports]()


def _is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


def _report(package: str) -> tuple[float, str]:
    """Return the percentage of one package and the table of what its tests left out."""
    data = Coverage(data_file=ROOT / ".coverage", config_file=ROOT / "pyproject.toml")
    data.load()
    table = io.StringIO()
    try:
        return data.report(include=[f"{ROOT}/{package}/*"], file=table), table.getvalue()
    except NoDataError:
        return 0.0, f"no line of {package} was run\n"


def _lines(reports: Reports) -> Iterator[str]:
    for package, (percent, table) in reports.items():
        floor = FLOORS[package]
        yield f"coverage of {package}: {percent:.2f} % of lines and branches, floor {floor:g} %"
        if percent < floor:
            yield from table.splitlines()
            yield f"ERROR: {package} lies under its floor"
