"""The seeded frames: a small slice of the benchmark, on the labels that the tests hold."""

import random

import numpy as np

from benchmarks.scanner.frames import CONDITIONS, SIZE, frames, grounds_of, labels_of, made
from benchmarks.scanner.measuring import cascade, photos
from field_codes.decoders import present
from tests.app.scanner.pictures import FOLDER


def test_frame_is_the_same_for_the_same_seed_and_as_large_as_a_phones() -> None:
    every = [*photos(FOLDER)]
    label, ground = labels_of(every)[0], grounds_of(every)[0]
    first, again = (made(label.grey, ground, CONDITIONS[0], random.Random(7)) for _ in range(2))

    assert first.shape == (SIZE[1], SIZE[0])
    assert np.array_equal(first, again)


def test_label_across_a_quarter_of_a_phones_photo_is_read() -> None:
    every = [*photos(FOLDER)]
    labels = [one for one in labels_of(every) if "gemtek-router-label" in one.name]
    reads = cascade(present())
    wanted = ("25 %", "tilted", "turned 10 to 80 degrees")

    seen = [
        (frame.condition, bool(set(reads(frame.grey)) & frame.truth))
        for frame in frames(labels, grounds_of(every), each=1)
        if frame.condition in wanted
    ]

    assert len(seen) == len(wanted)
    assert all(is_read for _, is_read in seen)
