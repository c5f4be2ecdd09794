"""`server-sync`: what an operator types, and what comes back."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.server.http.house import JOB, PASSWORD, SOPHIE, House
from tests.server.http.operator import Operator
from tests.server.http.test_rescue import note, sealed


async def test_devices_are_listed_with_what_each_has_not_sent(
    house: House, operator: Operator, tmp_path: Path
) -> None:
    marc, _ = await house.sign_in(), await house.sign_in(SOPHIE)
    await marc.sync(
        heads={
            "unsent": 3,
            "blobs": 2,
            "oldest_ms": house.clock.ms - 60_000,
            "free_mb": 812,
            "app": "1.4",
        }
    )
    operator.environment["DATA_DIR"] = str(tmp_path)

    _, table, _ = operator.types("device", "list")

    heads, first, second = table.splitlines()
    assert heads.split()[4:] == ["seen", "told", "unsent", "files", "since", "free_mb", "app"]
    assert first.endswith("3       2      2026-09-21T13:59Z  812      1.4")
    assert second.split()[-2:] == ["test", "active"]


async def test_device_that_told_nonsense_is_listed_all_the_same(
    house: House, operator: Operator, tmp_path: Path
) -> None:
    marc = await house.sign_in()
    await marc.sync(heads={"oldest_ms": 10**30, "unsent": "beaucoup"})
    operator.environment["DATA_DIR"] = str(tmp_path)

    code, table, _ = operator.types("device", "list")

    assert (code, "beaucoup" in table) == (0, True)


def test_account_added_is_listed(operator: Operator) -> None:
    operator.adds_marc()

    _, table, _ = operator.types("account", "list")
    _, text, _ = operator.types("account", "list", "--json")

    assert "Marc T." in table
    assert json.loads(text) == [
        {
            "email": "marc@example.test",
            "full_name": "Marc T.",
            "roles": ["technician"],
            "technician": "DT-00001",
            "language": "fr",
            "is_disabled": False,
        }
    ]


def test_account_disabled_is_listed_as_such(operator: Operator) -> None:
    operator.adds_marc()
    operator.types("account", "disable", "marc@example.test")

    _, text, _ = operator.types("account", "list", "--json")

    assert json.loads(text)[0]["is_disabled"]


@pytest.mark.parametrize(
    "words",
    [
        ("account", "add", "x@example.test", "--role", "technician"),
        ("account", "password", "nobody@example.test", "--password-stdin"),
        ("account", "disable", "nobody@example.test"),
        ("enrol-code", "nobody@example.test"),
        ("device", "revoke", "none", "--wipe"),
        ("restore", "nowhere"),
        ("rescue", "import", "nowhere"),
        ("erp", "serve"),
    ],
)
def test_command_that_cannot_work_says_why_and_fails(
    operator: Operator, words: tuple[str, ...]
) -> None:
    code, _, err = operator.types(*words, stdin=f"{PASSWORD}\n")

    assert code == 1
    assert err.startswith("server-sync: ")


def test_password_too_short_is_refused(operator: Operator) -> None:
    operator.adds_marc()

    code, _, err = operator.types(
        "account", "password", "marc@example.test", "--password-stdin", stdin="court\n"
    )

    assert (code, "10 characters" in err) == (1, True)


def test_password_given_is_changed(operator: Operator) -> None:
    operator.adds_marc()

    assert (
        operator.types(
            "account",
            "password",
            "marc@example.test",
            "--password-stdin",
            stdin="une-autre-phrase\n",
        )[0]
        == 0
    )


def test_enrolment_code_is_printed_with_its_end(operator: Operator) -> None:
    operator.adds_marc()

    code, out, _ = operator.types("enrol-code", "marc@example.test")

    assert (code, out[5], "until" in out) == (0, "-", True)


def test_enrolment_code_is_drawn_for_a_camera_when_the_address_is_told(operator: Operator) -> None:
    operator.adds_marc()

    plain = operator.types("enrol-code", "marc@example.test")[1]
    drawn = operator.types("enrol-code", "marc@example.test", "--server", "https://x.example")[1]

    assert len(drawn.splitlines()) > len(plain.splitlines()) + 10


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SERVER_PORT", "x"),
        ("SERVER_SECRET", "short"),
        ("SITE_TIME_ZONE", "Nowhere/Land"),
        ("LOG_LEVEL", "loud"),
        ("ERP_POLL_S", "0"),
    ],
)
def test_setting_that_makes_no_sense_is_named(operator: Operator, name: str, value: str) -> None:
    code, _, err = operator.types("check", **{name: value})

    assert (code, name in err) == (2, True)


def test_command_unknown_is_wrong_usage(operator: Operator) -> None:
    with pytest.raises(SystemExit) as ended:
        operator.types("dance")

    assert ended.value.code == 2


def test_version_is_told(operator: Operator, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        operator.types("--version")

    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith("server-sync ")


def test_openapi_is_printed(operator: Operator) -> None:
    code, out, _ = operator.types("openapi")

    assert code == 0
    assert "/v1/sync" in json.loads(out)["paths"]


def test_demo_accounts_name_a_sign_in_for_every_role(operator: Operator) -> None:
    _, out, _ = operator.types("demo-accounts", "--json")

    assert {row["role"] for row in json.loads(out)} == {
        "technician",
        "dispatcher",
        "supervisor",
        "billing",
    }


def test_demo_is_made_once_and_whole(operator: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[Any] = []
    monkeypatch.setattr("uvicorn.run", lambda app, **_: started.append(app))

    codes = [operator.types("serve", "--demo", "--port", "0")[0] for _ in range(2)]

    _, out, _ = operator.types("account", "list", "--json")
    assert (codes, len(started), len(json.loads(out))) == ([0, 0], 2, 10)


def test_embedded_erp_is_served_with_the_keys_that_were_set(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[Any] = []
    monkeypatch.setattr("uvicorn.run", lambda app, **_: started.append(app))

    code, _, err = operator.types("erp", "serve", ERPNEXT_API_KEY="k", ERPNEXT_API_SECRET="s")

    assert (code, len(started)) == (0, 1), err


async def test_rescue_file_is_imported_once(
    house: House, operator: Operator, tmp_path: Path
) -> None:
    house.job()
    marc = await house.sign_in()
    file = tmp_path / "marc.rescue"
    file.write_bytes(sealed(house, marc, [note(marc, 1)]))
    operator.environment["DATA_DIR"] = str(tmp_path)

    _, first, _ = operator.types("rescue", "import", str(file), "--json")
    _, second, _ = operator.types("rescue", "import", str(file), "--json")

    assert [json.loads(text)[0]["taken"] for text in (first, second)] == [1, 0]
    assert [row["id"] for row in house.body(JOB)["notes"]] == ["note-1"]


async def test_device_is_listed_and_revoked(
    house: House, operator: Operator, tmp_path: Path
) -> None:
    marc = await house.sign_in()
    operator.environment["DATA_DIR"] = str(tmp_path)

    assert operator.types("device", "revoke", marc.id, "--drain")[0] == 0

    _, out, _ = operator.types("device", "list", "--json")
    assert [(d["id"], d["status"]) for d in json.loads(out)] == [(marc.id, "drain")]
