"""IF-01, IF-03, LP-03: what `deploy/` says is what the server has; read, as no daemon runs here."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import yaml

from server_sync.http import accept_routes, pay_routes
from server_sync.settings import Settings
from tests.server.http.house import House

DEPLOY = Path(__file__).parents[3] / "deploy"
STAFF = {"/metrics", "/ready", "/openapi.json", "/v1/auth/proxied"}
PUBLIC = {
    *(f"{pay_routes.PAGE}{end}" for end in ("", "/checkout", "/done", "/link")),
    *(f"{accept_routes.PAGE}{end}" for end in ("", "/decide", "/document", "/7")),
    *("/v1/stripe/webhook", "/v1/docuseal/webhook"),
}


def routers() -> dict[str, dict[str, Any]]:
    found: dict[str, Any] = yaml.safe_load((DEPLOY / "proxy/routes.yaml").read_text())
    return dict(found["http"]["routers"])


def compose() -> dict[str, Any]:
    return dict(yaml.safe_load((DEPLOY / "compose.yaml").read_text()))


def takes(rule: str, path: str) -> bool:
    exact = re.findall(r"(?<!\w)Path\(`([^`]+)`\)", rule)
    prefixes = re.findall(r"PathPrefix\(`([^`]+)`\)", rule)
    return path in exact or any(path.startswith(one) for one in prefixes)


def router_of(path: str) -> str | None:
    """The router that takes a path: of several, the one with the highest priority."""
    taking = []
    for name, router in routers().items():
        if takes(router["rule"], path):
            taking.append((router["priority"], name))
    return max(taking)[1] if taking else None


def paths_of(house: House) -> set[str]:
    return {route.path for route in house.server.app.routes}  # type: ignore[attr-defined]  # of all that we mount


def test_every_route_of_the_server_is_behind_the_door_it_belongs_to(house: House) -> None:
    doors = {path: router_of(path) for path in paths_of(house)}

    assert {path for path, door in doors.items() if door == "staff"} == STAFF
    assert paths_of(house) >= STAFF - {"/openapi.json"}
    assert all(door == "app" for path, door in doors.items() if path.startswith("/v1/auth/")
               and path not in STAFF)  # fmt: skip


def test_public_paths_are_carved_out_exactly() -> None:
    """A customer reaches the pay page and nothing that merely begins like it."""
    on_their_domain = routers()["pay"]["rule"]
    assert "PAY_DOMAIN" in on_their_domain
    for path in PUBLIC:
        assert takes(on_their_domain, path), path
    for path in ("/pay-public/bench/x", "/pay-public-admin", "/", "/admin", "/docs", "/metrics/x"):
        assert router_of(path) is None, path


def test_staff_paths_ask_the_company_first_and_nothing_else_names_a_person() -> None:
    company = [name for name, one in routers().items() if "company" in one["middlewares"]]

    assert company == ["staff"]
    assert routers()["staff"]["priority"] > routers()["app"]["priority"]


def test_settings_in_the_compose_file_are_the_servers() -> None:
    given = compose()["x-server"]["environment"]

    assert {name.lower() for name in given} <= Settings.model_fields.keys()


def test_two_replicas_stand_behind_the_proxy_and_each_part_tells_its_health() -> None:
    services = compose()["services"]
    served = yaml.safe_load((DEPLOY / "proxy/routes.yaml").read_text())["http"]["services"]
    urls = [one["url"] for one in served["servers"]["loadBalancer"]["servers"]]

    assert urls == ["http://server-a:8040", "http://server-b:8040"]
    assert {"server-a", "server-b"} <= services.keys()
    for name in ("proxy", "database", "store", "backup"):
        assert "healthcheck" in services[name], name
    assert "HEALTHCHECK" in (DEPLOY / "Dockerfile").read_text()
    for name, service in services.items():
        assert ":" in service["image"], name
        assert not service["image"].endswith(":latest"), name


def test_example_of_the_environment_names_every_variable() -> None:
    asked = set(re.findall(r"\$\{(\w+)", (DEPLOY / "compose.yaml").read_text()))
    asked |= set(re.findall(r'env "(\w+)"', (DEPLOY / "proxy/routes.yaml").read_text()))
    named = {
        line.partition("=")[0]
        for line in (DEPLOY / "env.example").read_text().splitlines()
        if line and not line.startswith("#")
    }

    assert asked == named


def test_night_that_went_wrong_leaves_no_sign_of_a_good_one(tmp_path: Path) -> None:
    """The backup service is healthy only while its last night was."""
    script, bin_ = DEPLOY / "scripts/nightly.sh", tmp_path / "bin"
    bin_.mkdir()
    fake = bin_ / "server-sync"

    def night(answer: int) -> bool:
        fake.write_text(f"#!/bin/sh\nexit {answer}\n")
        fake.chmod(0o755)
        path = f"{bin_}:{Path(shutil.which('date') or '').parent}"
        shell = shutil.which("sh") or "sh"
        subprocess.run([shell, script, tmp_path, "once"], env={"PATH": path}, check=False)
        return (tmp_path / "last-good").exists()

    assert night(0)
    assert not night(1)
