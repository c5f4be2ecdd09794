"""Whatever a label holds: nothing is raised, nothing invented, and notation changes nothing."""

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from field_core.identity import bare, mac, read_mac
from field_core.labels import LabelText, Provenance, parse_label, redacted
from field_core.labels.lookalikes import TO_DIGITS

UNICAST = st.integers(1, (1 << 48) - 1).filter(lambda n: not n >> 40 & 1).map(lambda n: f"{n:012X}")
LABELISH = st.text("0123456789ABCDEFOILSZGTPN:-./; =\n\x1d\x1e[)>{}\"'MACSNWIFI|", max_size=120)
TEXTS = st.lists(
    st.builds(LabelText, st.text(max_size=80) | LABELISH, st.sampled_from(Provenance)), max_size=4
)


def stripped(text: str) -> str:
    """The characters of a text as digits, what looks alike made equal."""
    marks = (c for c in text.upper() if c.isascii() and (c.isalnum() or c in "|!"))
    return "".join(marks).translate(TO_DIGITS)


@given(TEXTS)
def test_any_texts_give_a_label(texts: list[LabelText]) -> None:
    label = parse_label(texts)

    assert label.as_json().keys() >= {name.value for name in label.found}
    assert all(0 < found.confidence < 1 for found in label.found.values())


@given(TEXTS)
def test_mac_is_never_invented(texts: list[LabelText]) -> None:
    """Its digits stand in one of the texts, in order; and it is one that a device can have."""
    label = parse_label(texts)
    macs = [found.value for name, found in [*label.found.items(), *label.others]
            if name.value == "mac_address"]  # fmt: skip

    for value in macs:
        assert mac(value) == bare(value)
        assert any(bare(value) in stripped(_percent_free(text.text)) for text in texts)


def _percent_free(text: str) -> str:
    return text.replace("%", "")


@given(
    UNICAST,
    st.sampled_from(["{}:{}:{}:{}:{}:{}", "{}-{}-{}-{}-{}-{}", "{}{}.{}{}.{}{}", "{}{}{}{}{}{}"]),
    st.sampled_from([str.upper, str.lower]),
    st.sampled_from(["MAC: ", "MAC ID ", "mac=", "Adresse MAC : "]),
)
def test_notation_never_changes_a_mac(
    digits: str, form: str, spelled: Callable[[str], str], name: str
) -> None:
    pairs = [digits[at : at + 2] for at in range(0, 12, 2)]
    written = form.format(*pairs)
    label = parse_label([name + spelled(written)])

    assert label.mac is not None
    assert label.mac.value == read_mac(digits)


@given(st.text(max_size=60))
def test_texts_of_chance_are_not_identities(text: str) -> None:
    """Without a name before it and a prefix or vendor that is known, OCR yields none."""
    words = "".join(c if c.isalpha() and c not in "abcdefABCDEF" else " " for c in text)

    assert not parse_label([words]).identifies


@given(st.text(max_size=200) | LABELISH)
def test_any_text_can_be_redacted(text: str) -> None:
    assert isinstance(redacted(text), str)
