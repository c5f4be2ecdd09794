"""A site on which some of it is there already, in another form: kept, completed, or told."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from server_sync.embedded_erp import DocField, DocType
from server_sync.erp import bare_doctypes
from tests.server.erp_setup.site import SERVICE, Site, site_on_a_port
from tests.server.http.operator import Operator

F = DocField
YES = ("erp", "install", "--yes", "--service-user", SERVICE.email)
DRY = ("erp", "install", "--dry-run", "--service-user", SERVICE.email)
THEIRS = (
    DocType(
        "Dispatch Technician",
        (F("technician_name", reqd=True), F("phone", "Phone"), F("sync_key")),
        naming="TECH-.###",
    ),
    DocType(
        "Dispatch Tag",
        (F("tag_name", unique=True, reqd=True), F("tag_type", "Select", "Skill\nTruck")),
        naming="field:tag_name",
    ),
    DocType(
        "Service Location",
        (F("customer", "Link", "Customer"), F("latitude", "Data"), F("olt_port", permlevel=1)),
        naming="LOC-.#####",
        module="Gigafibre",
    ),
    DocType("Flow Run", (F("flow_template", "Link", "Customer"), F("state", "Long Text"))),
)


@pytest.fixture
def bare() -> Iterator[Site]:
    """A site with doctypes of the office's own making beside ERPNext's."""
    with site_on_a_port([*bare_doctypes(), *THEIRS]) as site:
        yield site


@pytest.fixture
def table(operator: Operator) -> str:
    return operator.types(*DRY)[1]


@pytest.mark.parametrize(
    ("where", "says"),
    [
        ("Dispatch Technician.technician_name", "is mandatory and nothing of ours fills it"),
        ("Service Location.latitude", "is Data, we need Float"),
        ("Service Location.olt_port", "is at permission level 1"),
        ("Flow Run.flow_template", "points at Customer, we need Flow Template"),
    ],
)
def test_what_is_in_the_way_is_told_and_left_for_a_person(
    table: str, where: str, says: str
) -> None:
    found = [line for line in table.splitlines() if where in line and says in line]

    assert [line.split()[0] for line in found] == ["decide"]


@pytest.mark.parametrize(
    ("where", "says"),
    [
        ("Dispatch Technician.phone", "Phone stands in for Data"),
        ("Flow Run.state", "Long Text stands in for JSON"),
        ("Dispatch Technician", "names are made by TECH-.###, not DT-.#####; that is kept"),
    ],
)
def test_what_works_as_it_is_is_mapped(table: str, where: str, says: str) -> None:
    assert [line.split()[0] for line in table.splitlines() if where in line and says in line] == [
        "mapped"
    ]


def test_what_a_person_must_decide_is_an_exit_code(operator: Operator) -> None:
    assert [operator.types(*words)[0] for words in (DRY, YES, YES)] == [1, 1, 1]


def test_documents_and_fields_that_were_there_stay(bare: Site, operator: Operator) -> None:
    technician = bare.make("Dispatch Technician", technician_name="Ti-Guy", phone="450-555-0101")
    before = bare.get("DocType", "Dispatch Technician")["fields"]

    operator.types(*YES)

    after = {row["fieldname"]: row for row in bare.get("DocType", "Dispatch Technician")["fields"]}
    kept = bare.get("Dispatch Technician", technician["name"])
    assert [after[row["fieldname"]]["name"] for row in before] == [row["name"] for row in before]
    assert after["full_name"]["reqd"] == 0  # else what is there could not be saved any more
    assert (kept["technician_name"], kept["phone"]) == ("Ti-Guy", "450-555-0101")


def test_key_that_was_there_is_made_unique(bare: Site, operator: Operator) -> None:
    operator.types(*YES)

    assert bare.erp.site.form("Dispatch Technician").fields["sync_key"].unique


def test_choices_are_added_to_the_ones_there(bare: Site, operator: Operator) -> None:
    operator.types(*YES)

    choices = bare.erp.site.form("Dispatch Tag").fields["tag_type"].choices
    assert choices == ("Skill", "Truck", "Service", "Region")


def test_doctype_of_an_app_gets_custom_fields_and_keeps_its_own_document(
    bare: Site, operator: Operator
) -> None:
    before = bare.get("DocType", "Service Location")

    operator.types(*YES)

    added = bare.rows("Custom Field", ("fieldname",), [["dt", "=", "Service Location"]])
    assert bare.get("DocType", "Service Location") == before
    assert {"civic_address", "sync_key", "olt_port"} - {row["fieldname"] for row in added} == {
        "olt_port"
    }
    roles = bare.rows("Custom DocPerm", ("role",), [["parent", "=", "Service Location"]])
    assert "Field Sync" in {row["role"] for row in roles}


def test_second_run_on_an_adopted_site_changes_nothing(bare: Site, operator: Operator) -> None:
    operator.types(*YES)
    before = bare.everything()

    _, said, _ = operator.types(*YES)

    assert said.splitlines()[-1] == "nothing to do"
    assert bare.everything() == before


def without(name: str) -> list[DocType]:
    return [one for one in bare_doctypes() if one.name != name]


def test_site_without_erpnext_is_told_so(operator: Operator) -> None:
    with site_on_a_port(without("Sales Invoice")) as site:
        code, table, _ = operator.types(*DRY, ERPNEXT_URL=site.url)

    assert code == 1
    assert "is ERPNext installed on this site?" in table


def test_table_where_we_need_documents_is_told(operator: Operator) -> None:
    child = DocType("Flow Template", (F("template_name"),), is_child=True, permissions=())
    with site_on_a_port([*bare_doctypes(), child]) as site:
        _, table, _ = operator.types(*DRY, ERPNEXT_URL=site.url)

    assert "is a child table, we need a document" in table


def test_field_of_ours_that_was_added_by_hand_is_put_right(operator: Operator) -> None:
    with site_on_a_port() as site:
        form = {"dt": "Payment Entry", "fieldname": "idempotency_key", "fieldtype": "Data"}
        site.make("Custom Field", **form)
        code, table, _ = operator.types(*YES, ERPNEXT_URL=site.url)

        assert code == 0, table
        assert site.get("Custom Field", "Payment Entry-idempotency_key")["unique"] == 1


def test_select_of_an_app_gets_its_choices_by_a_property_setter(operator: Operator) -> None:
    theirs = DocType("Flow Run", (F("status", "Select", "Pending\nDone"), F("sync_key")))
    theirs = replace(theirs, naming="FR-.#####", module="Gigafibre")
    with site_on_a_port([*bare_doctypes(), theirs]) as site:
        first, table, _ = operator.types(*YES, ERPNEXT_URL=site.url)
        second, said, _ = operator.types(*YES, ERPNEXT_URL=site.url)

        assert (first, second, said.splitlines()[-1]) == (0, 0, "nothing to do"), table
        fields = site.erp.site.form("Flow Run").fields
    assert fields["status"].choices == ("Pending", "Done", "Running", "Failed", "Cancelled")
    assert fields["sync_key"].unique


MAP = ("--map", "Dispatch Technician.technician_name=full_name")


def test_value_under_another_name_is_taken_over_where_ours_is_empty(
    bare: Site, operator: Operator
) -> None:
    names = [
        bare.make("Dispatch Technician", technician_name=f"Technicien {n}")["name"]
        for n in range(105)
    ]

    operator.types(*YES, *MAP)
    bare.change("Dispatch Technician", names[0], full_name="Ti-Guy")
    count = len(bare.traffic.writes())
    operator.types(*YES, *MAP)

    rows = bare.rows("Dispatch Technician", ("full_name",))
    assert {row["full_name"] for row in rows} == {
        "Ti-Guy",
        *(f"Technicien {n}" for n in range(1, 105)),
    }
    assert len(bare.traffic.writes()) == count


def test_copies_that_are_planned_are_shown(operator: Operator) -> None:
    _, table, _ = operator.types(*DRY, *MAP)

    assert "copy values" in table
    assert "from technician_name" in table


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("Dispatch Technician.nom=full_name", "the site has no nom to copy"),
        ("Service Location.latitude=longitude", "nothing is copied into this field"),
        ("Dispatch Technician.phone=telephone", "nothing is copied into this field"),
    ],
)
def test_map_that_makes_no_sense_is_told(operator: Operator, given: str, says: str) -> None:
    code, table, _ = operator.types(*DRY, "--map", given)

    assert (code, says in table) == (1, True), table


@pytest.mark.parametrize("given", ["full_name", "X.y", ".a=b", "X.a="])
def test_map_that_is_not_one_is_a_wrong_usage(operator: Operator, given: str) -> None:
    code, _, err = operator.types(*DRY, "--map", given)

    assert (code, "Doctype.their_field=our_field" in err) == (1, True)
