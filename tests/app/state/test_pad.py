"""Strokes on the pad: in its own measure whatever the screen's, drawn in pieces of bounded size."""

from hypothesis import given
from hypothesis import strategies as st

from field_app.state.signing.pad import PIECE_POINTS, Pad
from field_core.signing import is_drawn


class Clock:
    def __init__(self) -> None:
        self.ms = 1_000

    def now_ms(self) -> int:
        self.ms += 10
        return self.ms


def pad(width: float = 360) -> Pad:
    return Pad(width=width, now_ms=Clock().now_ms)


def test_strokes_are_in_the_pads_measure_with_the_time_since_the_first() -> None:
    drawn = pad(360)

    drawn.start(10, 20)
    drawn.move(120, 60)

    assert drawn.height == 180
    assert drawn.strokes == [[(30, 60, 10), (360, 180, 20)]]


def test_pen_beside_the_paper_stays_at_its_edge() -> None:
    drawn = pad(360)

    drawn.start(-5, 400)
    drawn.move(999, -1)

    assert [point[:2] for point in drawn.strokes[0]] == [(0, 540), (1080, 0)]


def test_move_without_a_start_draws_nothing() -> None:
    drawn = pad()
    drawn.move(1, 1)

    assert (drawn.strokes, drawn.pieces) == ([], [])


def test_clear_begins_anew() -> None:
    drawn = pad()
    drawn.start(1, 1)
    drawn.clear()

    assert (drawn.strokes, drawn.pieces) == ([], [])
    assert not is_drawn(drawn.strokes)


@given(st.lists(st.integers(1, 200), min_size=1, max_size=4))
def test_pieces_are_short_join_up_and_whole_ones_stay_the_same_object(lines: list[int]) -> None:
    """What is drawn again for each point does not grow with the signature."""
    drawn, seen = pad(), dict[int, object]()
    for points in lines:
        for n in range(points):
            (drawn.move if n else drawn.start)(n % 300, n % 150)
            for index, piece in enumerate(drawn.pieces[:-1]):
                assert seen.setdefault(index, piece) is piece

    assert max(map(len, drawn.pieces)) <= PIECE_POINTS + 1
    assert sum(map(len, drawn.strokes)) == sum(lines)
    joined = [list(drawn.pieces[0])]
    for piece in drawn.pieces[1:]:
        if len(piece) > 1 and piece[0] == joined[-1][-1]:
            joined[-1] += piece[1:]
        else:
            joined.append(list(piece))
    assert [len(line) for line in joined] == [len(line) for line in drawn.strokes]


def test_every_point_is_told() -> None:
    drawn, told = pad(), list[int]()
    drawn.on_change(lambda: told.append(1))
    drawn.start(1, 1)
    drawn.move(2, 2)
    drawn.clear()

    assert told == [1, 1, 1]
