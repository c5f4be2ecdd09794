"""Requirements: declared once per place of use, pinned by name and version, each with an owner."""

import re
import sys
from collections import defaultdict
from typing import Final

import pytest
from packaging.utils import canonicalize_name

from tests.architecture.project import (
    PACKAGES,
    ROOT,
    extra,
    imports,
    pyproject,
    requirement_names,
)

OWNERS: Final[dict[str, tuple[str, ...]]] = {
    "PIL": (
        "field_codes.pictures",
        "field_app.device.images",
        "field_app.device.printing",
        "server_sync.billing.envelope",
    ),
    "apscheduler": ("field_app.sync.cadence", "server_sync.schedule"),
    "argon2": ("server_sync.accounts.passwords",),
    "backports": ("field_app.sync.compression", "server_sync.compression"),
    "boto3": ("server_sync.blobs",),
    "botocore": ("server_sync.blobs",),
    "compression": ("field_app.sync.compression", "server_sync.compression"),
    "cryptography": ("field_app.device", "field_app.sync.rescue", "server_sync.rescue"),
    "dns": ("field_app.diagnostics.resolving",),
    "fastapi": ("server_sync.http.describing",),
    "flet": ("field_app.views", "field_app.compose"),
    "flet_camera": ("field_app.views.viewfinder",),
    "google": ("server_sync.ocr.gemini",),
    "httpx": (
        "field_app.sync.transport",
        "server_sync.erp",
        "server_sync.billing.messages",
        "server_sync.contracts.acceptance",
        "server_sync.acs",
        "server_sync.ocr.gemini",
        "server_sync.compose",
    ),
    "jinja2": ("server_sync.billing.rendering",),
    "jwt": ("server_sync.accounts",),
    "keyring": ("field_app.device",),
    "cv2": ("field_codes.opencv",),
    "numpy": ("field_codes",),
    "prometheus_client": ("server_sync.metrics",),
    "psycopg": ("server_sync.store",),
    "pydantic": PACKAGES,
    "pydantic_core": PACKAGES,
    "pypdfium2": ("server_sync.billing.raster",),
    "pyzbar": ("field_codes.zbar",),
    "pysnmp": ("field_app.diagnostics.snmp_client",),
    "segno": ("field_app.views.billing.qr", "server_sync.qr"),
    "sqlalchemy": ("server_sync",),  # its expressions are the language the services query in
    "sqlite_utils": ("field_app.sync",),
    "starlette": (
        "server_sync.app",
        "server_sync.compose",
        "server_sync.http",
        "server_sync.embedded_erp",
    ),
    "stripe": ("server_sync.billing.gate",),
    "structlog": ("server_sync.logs",),
    "uvicorn": ("server_sync.cli", "field_app.views.web"),
    "weasyprint": ("server_sync.billing.rendering",),
    "zxingcpp": ("field_codes.zxing",),
}
"""Who may import a vendor library: one module or folder per program, so that it can be replaced."""


def vendor_imports() -> dict[str, set[str]]:
    ours = {*PACKAGES, "__future__"}
    users = defaultdict(set)
    for importer, imported in imports():
        top = imported.partition(".")[0]
        if top not in ours and top not in sys.stdlib_module_names:
            users[top].add(importer)
    return users


def lies_in(module: str, owner: str) -> bool:
    return module == owner or module.startswith(f"{owner}.")


def test_vendor_library_imported_has_an_owner() -> None:
    assert sorted(vendor_imports().keys() - OWNERS.keys()) == []


def test_vendor_library_imported_elsewhere_than_by_its_owner_is_found() -> None:
    strays = [
        f"{module} imports {library}"
        for library, modules in sorted(vendor_imports().items())
        for module in sorted(modules)
        if not any(lies_in(module, owner) for owner in OWNERS.get(library, (module,)))
    ]

    assert strays == []


def test_vendor_library_has_at_most_one_owner_per_program_unless_reasoned() -> None:
    # The web framework is the shape of two applications and of the object that joins their routes;
    # cryptography seals secrets at rest and the rescue file; Flet draws, and is started; the
    # composition root chooses how httpx reaches the ERP, over the network or in process; billing
    # sends messages with it, contracts reach DocuSeal, and google-genai is given it to call with;
    # Pillow reads photos and draws the pages that are handed over.
    reasoned = {
        "PIL",
        "cryptography",
        "fastapi",
        "flet",
        "httpx",
        "pydantic",
        "pydantic_core",
        "starlette",
    }
    crowded = [
        library
        for library, owners in OWNERS.items()
        if len({owner.partition(".")[0] for owner in owners}) < len(owners)
    ]

    assert set(crowded) - reasoned == set()


def pins() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return {
        canonicalize_name(name): version for name, _, version in (x.partition("==") for x in lines)
    }


def test_constraints_hold_names_and_versions_only() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()

    assert [x for x in lines if not re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][A-Za-z0-9.]*", x)] == []


@pytest.mark.parametrize("place", ["app", "server", "dev"])
def test_requirement_declared_is_pinned(place: str) -> None:
    assert requirement_names(extra(place)) - pins().keys() == set()


def test_core_needs_pydantic_alone() -> None:
    assert requirement_names(pyproject()["project"]["dependencies"]) == {"pydantic"}
