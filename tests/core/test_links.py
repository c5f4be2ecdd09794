"""Which documents a document points at."""

from hypothesis import given

from field_core.canon import Body
from field_core.doctypes import UNKNOWN, spec_of
from field_core.links import Link, links_of
from tests.core.strategies import BODIES


def test_links_of_then_fields_and_rows_in_order() -> None:
    body: Body = {
        "subject": "Install",
        "customer": "CUST-00001",
        "service_location": "",
        "follows_job": None,
        "tags": [{"id": "t1", "tag": "fibre", "level": 2}],
        "equipment": [{"id": "e1", "equipment": "EQP-00001"}, "stray", {"id": "e2"}],
        "materials": "no table",
    }

    assert list(links_of(spec_of("Dispatch Job"), body)) == [
        Link("customer", "Customer", "CUST-00001"),
        Link("tags.tag", "Dispatch Tag", "fibre"),
        Link("equipment.equipment", "Service Equipment", "EQP-00001"),
    ]


@given(BODIES)
def test_links_of_a_doctype_nobody_described_are_none(body: Body) -> None:
    assert list(links_of(UNKNOWN, body)) == []
