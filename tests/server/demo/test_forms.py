"""Every form is one the ERP takes: known fields, legal choices, links that resolve."""

import re
from collections.abc import Iterator

import pytest

from field_core.canon import Body, Json
from field_core.doctypes import DOCTYPES, Spec
from field_core.fields import Kind
from server_sync.demo import Company
from tests.server.demo.reading import rows

FORMS = {
    Kind.DATE: re.compile(r"\d{4}-\d\d-\d\d"),
    Kind.TIME: re.compile(r"[0-2]\d:[0-5]\d:[0-5]\d"),
    Kind.DATETIME: re.compile(r"\d{4}-\d\d-\d\d [0-2]\d:[0-5]\d:[0-5]\d"),
}
NOT_IN_MODELS = {"sync_key", "set_posting_time", "disable_rounded_total", "name"}
VARCHAR_KINDS = {Kind.DATA, Kind.LINK, Kind.SELECT}


def every_form(company: Company) -> Iterator[tuple[Spec, Body]]:
    for doctype, bodies in company.documents.items():
        for body in bodies:
            yield DOCTYPES[doctype], body
            for table, inner in DOCTYPES[doctype].tables.items():
                yield from ((inner, row) for row in rows(body.get(table)))


def every_value(company: Company, *kinds: Kind) -> Iterator[tuple[str, Json, str]]:
    for spec, form in every_form(company):
        for name, column in spec.columns.items():
            if column.kind in kinds and name in form:
                yield f"{spec.doctype}.{name}", form[name], column.options


def test_form_has_no_field_that_no_model_describes(any_company: Company) -> None:
    for spec, form in every_form(any_company):
        assert set(form) <= {*spec.columns, *spec.tables, *NOT_IN_MODELS}, spec.doctype


def test_form_has_every_required_field(any_company: Company) -> None:
    for spec, form in every_form(any_company):
        assert {name for name, column in spec.columns.items() if column.required} <= set(form)


def test_form_fits_its_model_but_for_the_ids_of_rows(story: Company) -> None:
    for doctype, bodies in story.documents.items():
        model, tables = DOCTYPES[doctype].model, DOCTYPES[doctype].tables
        assert model is not None
        for body in bodies:
            numbered: Body = dict(body)
            for table in tables:
                numbered[table] = [{"id": "row", **row} for row in rows(body.get(table))]
            model.model_validate(numbered)


def test_form_holds_no_null(any_company: Company) -> None:
    assert all(value is not None for _, form in every_form(any_company) for value in form.values())


def test_choice_is_one_of_the_models(any_company: Company) -> None:
    for field, value, options in every_value(any_company, Kind.SELECT):
        assert value in options.split("\n"), field


@pytest.mark.parametrize("kind", FORMS)
def test_time_is_written_as_the_erp_writes_it(any_company: Company, kind: Kind) -> None:
    for field, value, _ in every_value(any_company, kind):
        assert FORMS[kind].fullmatch(str(value)), field


def test_text_fits_a_column_of_140_characters(any_company: Company) -> None:
    for field, value, _ in every_value(any_company, *VARCHAR_KINDS):
        assert len(str(value)) <= 140, field


def test_link_points_at_a_document_that_is_there(any_company: Company) -> None:
    names = {d: {body["name"] for body in bodies} for d, bodies in any_company.documents.items()}
    for field, value, doctype in every_value(any_company, Kind.LINK):
        assert value in names[doctype], field


def test_payment_points_at_an_invoice_of_its_party(any_company: Company) -> None:
    payers = {b["name"]: b["customer"] for b in any_company.documents["Sales Invoice"]}
    for payment in any_company.documents["Payment Entry"]:
        [reference] = rows(payment["references"])
        assert payers[reference["reference_name"]] == payment["party"]


def test_contract_and_subscription_point_at_each_other(any_company: Company) -> None:
    back = {
        b["name"]: b.get("service_contract") for b in any_company.documents["Service Subscription"]
    }
    for contract in any_company.documents["Service Contract"]:
        assert back[contract["service_subscription"]] == contract["name"]


def test_name_is_the_next_of_its_series(story: Company) -> None:
    names = [body["name"] for body in story.documents["Service Location"]]
    assert names == [f"LOC-{n:05d}" for n in range(1, 76)]
    assert story.documents["Sales Invoice"][0]["name"] == "ACC-SINV-2026-00001"
