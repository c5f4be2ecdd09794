"""What a build for phones and desktops would carry, by the rules of the builder itself."""

import importlib.util
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from flet_cli.utils.app_excludes import find_default_excludes
from flet_cli.utils.project_dependencies import get_project_dependencies

from tests.architecture.project import ROOT, extra, pyproject, requirement_names

PHONES: Final = ("android", "ios")
DESKTOPS: Final = ("windows", "macos", "linux")
PLATFORMS: Final = PHONES + DESKTOPS
NO_USE_ON_A_PHONE: Final = {"keyring", "zxing-cpp"}  # no backend, and no build, exist there


def setting(platform: str, name: str) -> Any:  # noqa: ANN401 - a TOML value
    """Look a setting up as the builder does: the platform's own, else the common one."""
    flet = pyproject()["tool"]["flet"]
    for table in (flet.get(platform, {}), flet):
        value = table
        for key in name.split("."):
            value = value.get(key) if isinstance(value, dict) else None
        if value is not None:
            return value
    return None


def packaged_files(platform: str) -> list[str]:
    """Return the files a build carries, as paths from the root.

    The builder copies the tree under `app.path`, leaving out `build`, the listed paths and what it
    finds itself (hidden entries at the root, virtual environments, caches).
    """
    app = ROOT / setting(platform, "app.path")
    listed = ["build", *setting(platform, "app.exclude")]
    excluded = {*listed, *find_default_excludes(app, (), listed)}
    return sorted(_files_under(app, app, excluded))


def _files_under(folder: Path, app: Path, excluded: set[str]) -> Iterator[str]:
    with os.scandir(folder) as entries:
        for entry in entries:
            relative = os.path.relpath(entry.path, app)
            if relative in excluded:
                continue
            if entry.is_dir():
                yield from _files_under(Path(entry.path), app, excluded)
            else:
                yield relative


def packaged_requirements(platform: str) -> list[str]:
    """Return the requirement lines a build installs: the project's, then the platform's."""
    common = get_project_dependencies(pyproject()["project"]["dependencies"]) or []
    return common + (get_project_dependencies(setting(platform, "dependencies")) or [])


@pytest.mark.parametrize("platform", PLATFORMS)
def test_package_holds_the_app_the_core_and_the_assets_only(platform: str) -> None:
    roots = {Path(file).parts[0] for file in packaged_files(platform)}

    assert roots == {"main.py", "field_app", "field_codes", "field_core", "assets"}


@pytest.mark.parametrize("platform", PLATFORMS)
def test_package_begins_at_main(platform: str) -> None:
    assert f"{setting(platform, 'app.module')}.py" in packaged_files(platform)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_package_installs_no_server_or_development_library(platform: str) -> None:
    installed = requirement_names(packaged_requirements(platform))
    app = requirement_names(extra("app"))
    elsewhere = requirement_names(extra("server")) | requirement_names(extra("dev"))

    assert installed & (elsewhere - app) == set()


@pytest.mark.parametrize("platform", DESKTOPS)
def test_desktop_package_installs_the_extra_app(platform: str) -> None:
    assert setting(platform, "dependencies") == extra("app")


@pytest.mark.parametrize("platform", PHONES)
def test_phone_package_installs_the_extra_app_less_what_phones_cannot_use(platform: str) -> None:
    wanted = [line for line in extra("app") if not requirement_names([line]) & NO_USE_ON_A_PHONE]

    assert setting(platform, "dependencies") == wanted


def test_flet_is_pinned_to_one_release_everywhere() -> None:
    lines = [
        *extra("app"),
        *extra("dev"),
        *(x for p in PLATFORMS for x in setting(p, "dependencies")),
    ]

    assert {x.partition("==")[2] for x in lines if x.startswith("flet")} == {"1.0.5"}


def settings_written() -> Iterator[str]:
    """Yield the dotted names of our settings, down to where the builder takes a free-form table."""
    free_form = {
        "android.permission",
        "android.feature",
        "ios.info",
        "macos.info",
        "macos.entitlement",
    }
    pending: list[tuple[tuple[str, ...], Any]] = [((), pyproject()["tool"]["flet"])]
    while pending:
        path, value = pending.pop()
        name = ".".join(path)
        if isinstance(value, dict) and name not in free_form:
            pending.extend(((*path, key), inner) for key, inner in value.items())
        else:
            yield name


def settings_known() -> set[str]:
    """Return the names that the builder's source looks up, platforms written as in the source."""
    spec = importlib.util.find_spec("flet_cli")
    assert spec is not None, "the builder comes with the dev extra"
    assert spec.submodule_search_locations is not None, "flet_cli is a package"
    folder = Path(spec.submodule_search_locations[0]) / "commands"
    source = "\n".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.py")))
    dotted = set(re.findall(r"tool\.flet\.([\w.{}]+)", source))
    by_helper = set(re.findall(r'"((?:app|cleanup|compile)\.\w+|\w+)"', source))
    splash = {f"splash.{name}" for name in by_helper}
    return dotted | by_helper | splash


def test_setting_written_is_one_the_builder_reads() -> None:
    """A misspelt key is ignored without a word, so each of ours must occur in the builder."""
    known = settings_known()
    unread = [
        name
        for name in settings_written()
        if name not in known and name.removeprefix(f"{name.partition('.')[0]}.") not in known
    ]

    assert unread == []


@pytest.mark.parametrize("platform", ["android", "ios"])
def test_location_is_asked_for_while_in_use_only(platform: str) -> None:
    flet = pyproject()["tool"]["flet"]

    assert "location" not in flet["permissions"]
    if platform == "android":
        assert (
            flet["android"]["permission"]["android.permission.ACCESS_BACKGROUND_LOCATION"] is False
        )
    else:
        assert "NSLocationWhenInUseUsageDescription" in flet["ios"]["info"]
        assert not [key for key in flet["ios"]["info"] if "Always" in key]
