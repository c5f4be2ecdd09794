"""A clerk ends a contract that the office system refuses to end: told, mended, and done once."""

import pytest

from field_core.canon import Body
from server_sync.compose import erp_insert
from tests.journeys.conftest import sign_in
from tests.journeys.counter import CONTRACT, JULIE, Counter
from tests.journeys.glass import DESKTOP, Glass


@pytest.fixture
def address(counter: Counter) -> str:
    return counter.url


@pytest.mark.parametrize("size", [DESKTOP], ids=["desktop"], indirect=True)
def test_b14_termination_that_is_refused_is_told_with_its_cause_and_taken_up_once_mended(
    glass: Glass, counter: Counter
) -> None:
    """B-14: nothing looks finished that is not; the Item of the fee is missing, then made."""
    sign_in(glass, JULIE, waits_for="clients-field")
    glass.type("clients-field", "lucie")
    glass.tap("client-CUST-00001")
    glass.reveal(f"contract-{CONTRACT}")
    glass.tap(f"contract-{CONTRACT}")
    glass.reveal("work-out")
    glass.tap("work-out")
    glass.waits_for("ending-reason")
    glass.type("ending-reason", "Déménage")
    glass.reveal("terminate")
    glass.tap("terminate")
    glass.tap("end-contract-confirm")

    glass.waits_for("underway")
    glass.scroll(-2_000)
    glass.sees("pas encore complétée", "« Facture des frais de résiliation » est refusée")
    glass.sees("Could not find Row #1: Item Code: FRAIS-RESIL")
    assert counter.invoices_of_contract() == []

    assert counter.server.embedded_erp
    item: Body = {"item_code": "FRAIS-RESIL", "item_name": "Frais", "stock_uom": "Nos"}
    erp_insert(counter.server.embedded_erp)("Item", item)
    glass.reveal("try-again")
    glass.tap("try-again")

    glass.sees("Contrat résilié.")
    glass.loses_name("underway")
    assert len(counter.invoices_of_contract()) == 2  # the fee, and the days paid in advance
