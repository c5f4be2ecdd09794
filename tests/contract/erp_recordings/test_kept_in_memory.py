"""What a site keeps in memory of its database is as the database is, and sites share nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from server_sync.embedded_erp import create_embedded_erp
from tests.contract.erp_recordings.field_site import DOCTYPES, JOB, FieldSite
from tests.contract.erp_recordings.recordings import Json

FIELD: Json = {"dt": "Dispatch Job", "fieldname": "extra", "fieldtype": "Data"}
NOTE: Json = {
    "doctype": "DocType",
    "name": "Sync Note",
    "module": "Custom",
    "custom": 1,
    "autoname": "hash",
    "fields": [{"fieldname": "text", "fieldtype": "Data"}],
    "permissions": [{"role": "System Manager", "read": 1, "write": 1, "create": 1}],
}
CLOSED: Json = {"parent": "Dispatch Job", "role": "Nobody", "permlevel": 0, "read": 1}


def test_restored_backup_forgets_a_field_made_since(site: FieldSite, tmp_path: Path) -> None:
    site.erp.backup(tmp_path / "copy.db")
    site.data("POST", "/api/resource/Custom Field", FIELD)
    site.job(extra="then")
    site.erp.restore(tmp_path / "copy.db")
    assert "extra" not in site.job(extra="now")


def test_restored_backup_forgets_a_permission_given_since(site: FieldSite, tmp_path: Path) -> None:
    site.erp.backup(tmp_path / "copy.db")
    site.data("POST", "/api/resource/Custom DocPerm", CLOSED)
    assert site.refusal("POST", JOB, {"subject": "no"}) == (403, "PermissionError")
    site.erp.restore(tmp_path / "copy.db")
    assert site.job()["name"] == "DJ-00001"


def test_doctype_of_a_refused_batch_is_not_there(site: FieldSite) -> None:
    batch = {"docs": [NOTE, {"doctype": "Dispatch Job"}]}
    path = "/api/method/frappe.client.insert_many"
    assert site.refusal("POST", path, batch) == (417, "MandatoryError")
    assert site.refusal("GET", "/api/resource/Sync Note") == (500, "ImportError")


def test_field_of_a_child_doctype_is_known_to_its_parent(site: FieldSite) -> None:
    job = site.job(checklist=[{"step": "one"}])
    site.data("POST", "/api/resource/Custom Field", {**FIELD, "dt": "Dispatch Job Checklist"})
    rows = [{"name": job["checklist"][0]["name"], "step": "one", "extra": "x"}]
    site.data("PUT", f"{JOB}/{job['name']}", {"checklist": rows})
    assert site.data("GET", f"{JOB}/{job['name']}")["checklist"][0]["extra"] == "x"


def test_site_from_an_image_is_the_site_it_was_taken_of(tmp_path: Path) -> None:
    first = FieldSite(tmp_path / "site.db")
    first.data("POST", "/api/resource/Custom Field", FIELD)
    first.job(extra="kept", checklist=[{"step": "one"}])
    second = FieldSite(image=first.erp.image())
    path = f"{JOB}/DJ-00001"
    assert second.data("GET", path) == first.data("GET", path)
    assert second.erp.quick_check() == []
    first.erp.close()
    second.erp.close()


def test_sites_from_one_image_share_nothing() -> None:
    image = FieldSite().erp.image()
    first, second = FieldSite(image=image), FieldSite(image=image)
    first.data("POST", "/api/resource/Custom DocPerm", CLOSED)
    first.data("POST", "/api/resource/Custom Field", FIELD)
    assert first.refusal("GET", JOB) == (403, "PermissionError")
    assert second.names() == []
    assert "extra" not in second.job(extra="of the other site")


def test_image_never_replaces_a_file(tmp_path: Path) -> None:
    image = FieldSite().erp.image()
    with pytest.raises(AssertionError, match="never replaces"):
        FieldSite(tmp_path / "site.db", image=image)


def test_image_draws_nothing_from_the_caller() -> None:
    """A simulated seed draws the same numbers whether its site starts from an image or not."""
    site = FieldSite()
    create_embedded_erp(
        ":memory:",
        doctypes=DOCTYPES,
        clock=site.clock,
        entropy=lambda size: pytest.fail(f"{size} bytes drawn"),
        settings=site.erp.site.settings,
        image=site.erp.image(),
    )
