"""Places are paths: links, the back button and a restart all lead to them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from field_app.state.place import Navigator, Part, Place, Room

PLACES = st.builds(
    Place,
    st.sampled_from(Room),
    st.none() | st.text(min_size=1, max_size=8).filter(lambda text: "/" not in text),
)


@given(PLACES)
def test_path_leads_back_to_the_place_it_was_made_of(place: Place) -> None:
    assert Place.parse(place.path) == place


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/", Place()),
        ("/today", Place()),
        ("/outbox", Place(Room.OUTBOX)),
        ("/today/job-1", Place(key="job-1")),
        ("/today/job-1/steps", Place(key="job-1", part=Part.STEPS)),
        ("/today/job-1/steps/s2", Place(key="job-1", part=Part.STEPS, row="s2")),
        ("/today/job-1/steps/s2?x=1", Place(key="job-1", part=Part.STEPS, row="s2")),
        ("/nowhere", Place()),
        ("/today/job-1/no-such-part", Place()),
    ],
)
def test_path_is_read(path: str, place: Place) -> None:
    assert Place.parse(path) == place


def test_back_goes_from_row_to_part_to_job_to_room_to_today() -> None:
    """T-03: wherever a restart lands, there is a way out."""
    navigator = Navigator(Place.parse("/search/job-1/steps/s2"), remember=lambda _: None)
    seen = []

    for _ in range(5):
        navigator.back()
        seen.append(navigator.place.path)

    assert seen == ["/search/job-1/steps", "/search/job-1", "/search", "/today", "/today"]


def test_place_is_remembered_once_for_each_move() -> None:
    remembered: list[str] = []
    navigator = Navigator(Place(), remember=remembered.append)

    navigator.go(Place(key="job-1"))
    navigator.go(Place(key="job-1"))

    assert remembered == ["/today/job-1"]
