"""The tables themselves: each path stands in one table, every table has its evidence."""

from field_core.cpe.families import CATALOGUE, FAMILIES, Catalogue


def test_every_transceiver_names_its_evidence_and_its_place_is_its_own() -> None:
    places = [optics.at for optics in CATALOGUE.optics]

    assert all(optics.evidence for optics in CATALOGUE.optics)
    assert len(places) == len(set(places))


def test_vendor_s_own_transceiver_comes_before_the_standard_placeholder() -> None:
    places = [optics.at for optics in CATALOGUE.optics]

    assert places[-1] == "Optical.Interface.*"
    assert places.index("Optical.Interface.*.X_TP_GPON_Config") < places.index(
        "XPON.ONU.*.ANI.*.Transceiver.*"
    )


def test_catalogue_holds_every_entry_of_every_table() -> None:
    joined = Catalogue.of(FAMILIES)

    assert joined == CATALOGUE
    assert len(joined.optics) == sum(len(family.optics) for family in FAMILIES)
    assert len({family.name for family in FAMILIES}) == len(FAMILIES)


def test_station_columns_are_of_known_units() -> None:
    columns = (*CATALOGUE.signal, *CATALOGUE.down, *CATALOGUE.up)

    assert {column.unit for column in columns} == {"dBm", "kbps", "Mbps"}
