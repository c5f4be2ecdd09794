"""What travels about a label: bounded, without keys of networks, and judged by the parser alone."""

import pytest
from pydantic import ValidationError

from field_core.labels import Provenance
from field_core.ocr import TEXTS_MAX, OcrReply, OcrText, harmless, label_of

MAC = "A4:2B:B0:1C:9F:3E"


def test_texts_are_read_with_how_they_came() -> None:
    label = label_of([OcrText(text=f"MAC: {MAC}"), OcrText(text="S/N: GMK170210005623")])

    assert label.mac is not None
    assert (label.mac.value, label.mac.provenance) == (MAC, Provenance.OCR)


def test_code_that_the_server_read_counts_as_a_code() -> None:
    code = OcrText(text="A42BB01C9F3E", provenance=Provenance.BARCODE, symbology="Code128")
    label = label_of([code])

    assert label.mac is not None
    assert label.mac.provenance is Provenance.BARCODE


def test_device_at_hand_settles_what_looks_alike() -> None:
    texts = [OcrText(text="MAC: A4:28:B0:1C:9F:3E")]

    assert label_of(texts, known=[MAC]).mac != label_of(texts).mac


def test_keys_of_networks_and_empty_texts_are_left_out() -> None:
    texts = [OcrText(text="WIFI:T:WPA;S:Giga;P:secret-42;;"), OcrText(text="")]

    (kept,) = harmless(texts)
    assert "secret-42" not in kept.text


def test_more_texts_than_a_label_has_are_cut_off() -> None:
    assert len(harmless([OcrText(text="x")] * 500)) == TEXTS_MAX


@pytest.mark.parametrize("place", [(0.5, 0.1, 0.5, 0.9), (0.1, 0.9, 0.5, 0.2), (0, 0, 1, 2)])
def test_place_that_is_none_is_refused(place: tuple[float, float, float, float]) -> None:
    with pytest.raises(ValidationError):
        OcrReply(place=place)


def test_place_is_a_part_of_the_picture() -> None:
    assert OcrReply(place=(0.1, 0.2, 0.3, 0.4)).place == (0.1, 0.2, 0.3, 0.4)
    assert OcrReply().place is None
