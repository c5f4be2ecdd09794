"""`erp install` on a site that nobody has set up: over a socket, as an administrator types it."""

import json
from typing import Any

import pytest

from server_sync.erp.setup.wanted import RIGHTS, doctype_form, own_doctypes
from tests.server.erp_setup.site import SECRET, SERVICE, Receiver, Site
from tests.server.http.operator import Operator

YES = ("erp", "install", "--yes", "--service-user", SERVICE.email)
CHECK = ("erp", "check", "--service-user", SERVICE.email)
DRY = ("erp", "install", "--dry-run", "--service-user", SERVICE.email)


def test_dry_run_shows_every_step_and_changes_nothing(bare: Site, operator: Operator) -> None:
    before = bare.everything()

    code, table, _ = operator.types(*DRY)

    assert code == 3
    assert "create doctype  Service Location" in table
    assert "LOC-.#####" in table
    assert table.splitlines()[-1].endswith("steps to make")
    assert bare.everything() == before
    assert bare.traffic.writes() == []


def test_dry_run_as_json_is_a_list_of_steps(operator: Operator) -> None:
    _, text, _ = operator.types(*DRY, "--json")

    first = json.loads(text)[0]
    assert first == {"do": "create role", "where": "Field Sync", "what": ""}


def test_doctypes_made_have_their_naming_and_child_tables(bare: Site, operator: Operator) -> None:
    code, _, err = operator.types(*YES)

    made = {row["name"]: row for row in bare.rows("DocType", ("name", "autoname", "istable"))}
    assert code == 0, err
    assert {name: made[name]["autoname"] for name in made if not made[name]["istable"]} | {
        "Service Location": "LOC-.#####",
        "Service Equipment": "EQP-.#####",
        "Service Subscription": "SUB-.#####",
        "Dispatch Job": "DJ-.#####",
        "Dispatch Technician": "DT-.#####",
        "Service Contract": "CTR-.#####",
    } == {name: made[name]["autoname"] for name in made if not made[name]["istable"]}
    assert {one.name for one in own_doctypes()} <= made.keys()
    assert made["Dispatch Job Checklist"]["istable"] == 1


def test_site_installed_takes_a_job_with_its_rows(bare: Site, operator: Operator) -> None:
    operator.types(*YES)
    customer = bare.make("Customer", customer_name="Lucie")["name"]
    place = bare.make("Service Location", customer=customer)["name"]

    job = bare.make(
        "Dispatch Job",
        subject="Installer",
        service_location=place,
        sync_key="k-1",
        checklist=[{"step": "s1", "sync_key": "row-1"}],
    )

    assert (place, job["name"], job["checklist"][0]["sync_key"]) == (
        "LOC-00001",
        "DJ-00001",
        "row-1",
    )


@pytest.mark.parametrize(
    "path",
    ["Dispatch Job", "Dispatch Job Checklist", "Service Location", "Customer", "Payment Entry"],
)
def test_sync_key_is_unique(bare: Site, operator: Operator, path: str) -> None:
    operator.types(*YES)

    form = bare.erp.site.form(path)

    assert form.fields["sync_key"].unique


def test_fields_of_the_company_are_on_the_standard_doctypes(bare: Site, operator: Operator) -> None:
    operator.types(*YES)

    rows = bare.rows("Custom Field", ("dt", "fieldname"))
    made = {(row["dt"], row["fieldname"]) for row in rows}
    assert made >= {
        *(("Customer", n) for n in ("legacy_account_id", "legacy_customer_id", "ppa_enabled")),
        *(("Item", n) for n in ("legacy_product_id", "download_speed", "olt_profile")),
        *(("Subscription", n) for n in ("radius_user", "radius_pwd", "legacy_service_id")),
        *(("Issue", n) for n in ("legacy_ticket_id", "assigned_staff", "service_location")),
        ("Sales Invoice Item", "service_location"),
        ("Payment Entry", "idempotency_key"),
    }
    assert ("Sales Invoice Item", "sync_key") not in made


def test_fields_of_the_company_stand_together_at_the_end_of_a_form(
    bare: Site, operator: Operator
) -> None:
    """Without `insert_after` v16 puts a Custom Field before the first field of the form."""
    operator.types(*YES)

    rows = bare.rows("Custom Field", ("dt", "fieldname", "fieldtype", "insert_after"))
    invoice = [row for row in rows if row["dt"] == "Sales Invoice"]
    first = min(invoice, key=lambda row: row["fieldtype"] != "Section Break")
    assert {row["insert_after"] for row in rows} == {"append"}
    assert (first["fieldname"], first["fieldtype"]) == ("gigafibre_section", "Section Break")
    assert ("Sales Invoice Item", "gigafibre_section") not in {
        (row["dt"], row["fieldname"]) for row in rows
    }


def test_new_doctypes_are_readable_on_the_desk() -> None:
    forms = {one.name: doctype_form(one, one.fields) for one in own_doctypes()}

    job = forms["Dispatch Job"]
    listed = {name: _listed(form) for name, form in forms.items()}
    assert (job["title_field"], job["naming_rule"]) == ("subject", "Expression (old style)")
    assert forms["Dispatch Tag"]["naming_rule"] == "By fieldname"
    assert all(0 < len(names) <= 4 for names in listed.values()), listed
    assert listed["Dispatch Job Checklist"] == ["step", "kind", "label_fr", "label_en"]
    for form in forms.values():  # v16 refuses the whole doctype for a name that is no field
        names = {row["fieldname"] for row in form["fields"]}
        shown = {form["title_field"], *form["search_fields"].split(",")} - {""}
        assert shown <= names


def _listed(form: dict[str, Any]) -> list[str]:
    return [row["fieldname"] for row in form["fields"] if row["in_list_view"]]


def test_second_run_changes_nothing(bare: Site, operator: Operator, receiver: Receiver) -> None:
    operator.types(*YES, "--server", receiver.url)
    before, count = bare.everything(), len(bare.traffic.writes())

    code, said, _ = operator.types(*YES, "--server", receiver.url)
    dry, _, _ = operator.types(*DRY, "--server", receiver.url)

    assert (code, said, dry) == (0, "nothing to do\n", 0)
    assert bare.everything() == before
    assert len(bare.traffic.writes()) == count


def test_rights_are_said_outright_as_zeros_and_ones(bare: Site, operator: Operator) -> None:
    operator.types(*YES)

    job = {row["role"]: row for row in bare.get("DocType", "Dispatch Job")["permissions"]}
    rows = bare.rows("Custom DocPerm", ("role", *RIGHTS), [["parent", "=", "Sales Invoice"]])
    invoice = {row["role"]: row for row in rows}
    assert [right for right in RIGHTS if job["Field Technician"].get(right)] == [
        "select",
        "read",
    ]
    assert [right for right in RIGHTS if invoice["Field Sync"].get(right)] == [
        *("select", "read", "write", "create", "submit", "print"),
    ]


def test_rights_that_a_standard_doctype_had_stay(bare: Site, operator: Operator) -> None:
    operator.types(*YES)

    bare.make("Customer", customer_name="Lucie")  # the admin is a System Manager, no more

    assert bare.rows("Customer") == [{"name": "CUST-00001"}]


def test_service_user_may_what_the_server_does_and_no_more(bare: Site, operator: Operator) -> None:
    operator.types(*YES)
    form = {"doctype": "Customer", "docname": "", "perm_type": "delete"}
    may = "/api/method/frappe.client.has_permission"

    bare.ask("POST", "/api/resource/Dispatch Job", {"subject": "x"}, SERVICE)

    assert bare.ask("POST", may, form, SERVICE) == {"has_permission": False}
    form = {"doctype": "Dispatch Job", "docname": "", "perm_type": "delete"}
    assert bare.ask("POST", may, form, SERVICE) == {"has_permission": True}


def test_webhook_is_not_sent_for_what_the_service_user_wrote_itself(
    bare: Site, operator: Operator, receiver: Receiver
) -> None:
    """A day's end of our rows would hold up the office's one worker for a quarter of an hour."""
    operator.types(*YES, "--server", receiver.url)

    bare.ask("POST", "/api/resource/Dispatch Job", {"subject": "ours"}, SERVICE)
    theirs = bare.make("Dispatch Job", subject="theirs")["name"]

    operator.types(*CHECK, "--server", receiver.url)  # waits for a webhook behind these
    jobs = [hint.name for hint in receiver.hints if hint.doctype == "Dispatch Job"]
    assert jobs == [theirs]


def test_webhook_installed_is_signed_with_the_secret(
    bare: Site, operator: Operator, receiver: Receiver
) -> None:
    operator.types(*YES, "--server", receiver.url)

    code, table, _ = operator.types(*CHECK, "--server", receiver.url)

    assert code == 0, table
    assert {hint.doctype for hint in receiver.hints} == {"Dispatch Tag"}
    assert SECRET not in json.dumps(bare.get("Webhook", "Field Dispatch Job on_update"))


def test_webhook_gets_a_changed_secret_and_address(
    bare: Site, operator: Operator, receiver: Receiver
) -> None:
    operator.types(*YES, "--server", "http://127.0.0.1:9")
    receiver.secret = "another secret, of enough characters"
    other = {"ERPNEXT_WEBHOOK_SECRET": receiver.secret}

    operator.types(*YES, "--server", receiver.url, **other)
    code, table, _ = operator.types(*CHECK, "--server", receiver.url, **other)

    assert code == 0, table
    assert len(bare.rows("Webhook")) == 11


def test_what_it_did_not_make_stays(bare: Site, operator: Operator) -> None:
    bare.make("Custom Field", dt="Customer", fieldname="colour", fieldtype="Data")
    bare.make("Webhook", name="Field own", webhook_doctype="Customer", request_url="http://x")
    bare.make("Custom DocPerm", parent="Issue", role="System Manager", read=1, write=1)

    operator.types(*YES, "--server", "http://127.0.0.1:9")

    assert bare.get("Custom Field", "Customer-colour")["fieldtype"] == "Data"
    assert bare.get("Webhook", "Field own")["request_url"] == "http://x"
    rows = bare.rows("Custom DocPerm", ("role",), [["parent", "=", "Issue"]])
    assert sorted(row["role"] for row in rows) == [
        *("Field Dispatcher", "Field Sync", "System Manager"),
    ]


def test_refused_step_is_told_in_the_erps_words_and_the_others_are_made(
    bare: Site, operator: Operator
) -> None:
    long = {"ERPNEXT_WEBHOOK_SECRET": "x" * 200}

    code, table, _ = operator.types(*YES, "--server", "http://127.0.0.1:9", **long)

    assert code == 1
    assert "refused:" in table
    assert "will get truncated" in table
    assert bare.get("DocType", "Dispatch Job")["custom"] == 1
    assert bare.rows("Webhook") == []


def test_nobody_there_to_answer_is_told_to_pass_yes(bare: Site, operator: Operator) -> None:
    code, _, err = operator.types("erp", "install")

    assert (code, "--yes" in err) == (1, True)
    assert bare.traffic.writes() == []


def test_question_answered_no_changes_nothing(
    bare: Site, operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server_sync.cli.erp.agrees", lambda _question: False)

    code, _, _ = operator.types("erp", "install")

    assert (code, bare.traffic.writes()) == (3, [])


@pytest.mark.parametrize(
    ("environment", "words", "says"),
    [
        ({"ERPNEXT_URL": ""}, (), "name the site"),
        ({"ERPNEXT_WEBHOOK_SECRET": ""}, ("--server", "http://x"), "ERPNEXT_WEBHOOK_SECRET"),
        ({"ERPNEXT_API_KEY": "service", "ERPNEXT_API_SECRET": "two"}, (), "System Manager"),
        ({"ERPNEXT_API_SECRET": "wrong"}, (), "ERP"),
        ({}, ("--service-user", "nobody@example.test"), "nobody@example.test"),
    ],
)
def test_site_that_cannot_be_set_up_is_told_why(
    operator: Operator, environment: dict[str, str], words: tuple[str, ...], says: str
) -> None:
    code, _, err = operator.types("erp", "install", "--dry-run", *words, **environment)

    assert (code, says in err) == (1, True), err
