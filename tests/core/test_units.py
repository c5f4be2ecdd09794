"""Units of measure as people say them, whichever language the ERP was set up in."""

import pytest

from field_core.units import unit_name


@pytest.mark.parametrize(
    ("uom", "value", "fr", "en"),
    [
        ("Meter", 1, "mètre", "metre"),
        ("Mètre", 1.5, "mètre", "metres"),
        ("Nos", 2, "unités", "units"),
        ("Unité", 0, "unité", "units"),
        ("dBm", -24.1, "dBm", "dBm"),
    ],
)
def test_unit_then_said_in_the_readers_language(uom: str, value: float, fr: str, en: str) -> None:
    assert (unit_name(uom, value, "fr"), unit_name(uom, value, "en")) == (fr, en)
