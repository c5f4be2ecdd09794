"""However long a list is, few of its rows are held."""

from hypothesis import given
from hypothesis import strategies as st

from field_app.state.window import COUNT, Window

ROW_PX = 128.0


@given(st.lists(st.floats(-500, 300_000), max_size=30), st.integers(0, 2_500))
def test_rows_in_view_are_always_held(offsets: list[float], total: int) -> None:
    window = Window()
    window.total = total
    for offset in offsets:
        window.move(offset, row_px=ROW_PX)
        top = min(max(0, int(max(0.0, offset) // ROW_PX)), max(0, total - 8))

        assert window.first <= top
        assert min(total, top + 8) <= window.first + COUNT
        assert window.first + COUNT + window.after >= total


def test_small_moves_read_nothing_again() -> None:
    window = Window()
    window.total = 2_000

    assert [window.move(px, row_px=ROW_PX) for px in (0, 500, 3_000)] == [False] * 3
    assert window.move(90 * ROW_PX, row_px=ROW_PX)
    assert (window.first, window.after) == (60, 2_000 - 60 - COUNT)


def test_list_that_was_left_far_down_begins_there() -> None:
    window = Window()

    window.begin(1_000 * ROW_PX, row_px=ROW_PX)
    window.fit(2_000)

    assert window.first <= 1_000 < window.first + COUNT


def test_list_that_has_shrunk_below_the_stretch_begins_anew() -> None:
    window = Window()
    window.begin(1_000 * ROW_PX, row_px=ROW_PX)

    window.fit(12)

    assert (window.first, window.after) == (0, 0)
