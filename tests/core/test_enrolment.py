"""The code that enrols a device: one spelling, however it was said, typed or photographed."""

import pytest

from field_core.enrolment import Enrolment, enrolment_link, read_code, read_enrolment


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("7K3QD-XW94M", "7K3QD-XW94M"),
        ("7k3qdxw94m", "7K3QD-XW94M"),
        ("7K3QD – XW94M", "7K3QD-XW94M"),
        ("7K3QOXW9IL", "7K3Q0-XW911"),
        ("", None),
        ("7K3QD-XW94", None),
        ("7K3QD-XW94MM", None),
        ("７K3QD-XW94M", None),
    ],
)
def test_code_is_read_as_it_was_meant(typed: str, code: str | None) -> None:
    assert read_code(typed) == code


def test_link_of_a_code_is_read_back_with_its_server() -> None:
    link = enrolment_link("https://sync.example/", "7K3QD-XW94M")

    assert link == "https://sync.example/#enrol=7K3QD-XW94M"
    assert read_enrolment(f" {link}\n") == Enrolment("https://sync.example", "7K3QD-XW94M")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("7k3qd xw94m", Enrolment(None, "7K3QD-XW94M")),
        ("https://sync.example/#enrol=", None),
        ("sync.example/#enrol=7K3QD-XW94M", None),
        ("https://sync.example/", None),
    ],
)
def test_other_codes_enrol_only_when_they_are_one(text: str, found: Enrolment | None) -> None:
    assert read_enrolment(text) == found
