"""Settings: read from an environment, and documented as they are."""

from pathlib import Path
from typing import Final

import pytest
from pydantic import ValidationError

from server_sync.settings import Settings, as_markdown, lacking
from tests.architecture.project import ROOT

PAGE: Final = ROOT / "docs" / "server.md"


def test_setting_is_read_from_the_variable_of_its_name() -> None:
    settings = Settings.from_environment(
        {"DATA_DIR": "/somewhere", "SERVER_PORT": "9000", "PATH": "/bin", "ERP_POLL_S": ""}
    )

    assert (settings.data_dir, settings.server_port, settings.erp_poll_s) == (
        Path("/somewhere"),
        9000,
        20,
    )


def test_database_and_blobs_lie_in_the_data_folder_unless_told() -> None:
    settings = Settings(data_dir=Path("/somewhere"))

    assert (settings.database, settings.blobs) == (
        "sqlite:////somewhere/server.db",
        "file:///somewhere/blobs",
    )
    assert Settings(blobs_url="s3://b").blobs == "s3://b"


def test_secret_is_not_shown_when_settings_are() -> None:
    settings = Settings.from_environment({"SERVER_SECRET": "s" * 32})

    assert "ssss" not in repr(settings)


def test_secret_too_short_is_refused() -> None:
    with pytest.raises(ValidationError):
        Settings.from_environment({"SERVER_SECRET": "court"})


def test_table_of_settings_in_the_documentation_is_the_one_in_the_code() -> None:
    assert as_markdown() in PAGE.read_text(encoding="utf-8")


def test_what_production_lacks_is_told_by_name_and_never_by_value() -> None:
    """IF-03: typed settings; a start says what is missing, without values."""
    given = {"ERPNEXT_URL": "https://erp.test", "STRIPE_SECRET_KEY": "sk_live_1", "PAY_HOST": "x"}

    told = dict(lacking(Settings.from_environment(given)))

    assert told["STRIPE_WEBHOOK_SECRET"].startswith("payments are found by asking")
    assert {"STRIPE_SECRET_KEY", "PAY_HOST"} & told.keys() == set()
    assert "sk_live_1" not in str(told)
    assert dict(lacking(Settings())) == {}
