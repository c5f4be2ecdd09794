"""What was just done is said once, and may be taken back."""

from field_app.state.notices import Notices
from field_core.problems import Problem, ProblemError


async def test_undo_takes_back_and_says_so() -> None:
    """T-15."""
    notices, undone = Notices(), []

    async def undo() -> None:
        undone.append(1)

    notices.say("notice.saved", undo=undo)
    await notices.take_back()

    assert undone == [1]
    assert notices.current is not None
    assert notices.current.key == "notice.undone"


async def test_undo_that_is_refused_says_why() -> None:
    notices = Notices()

    async def undo() -> None:
        raise ProblemError("disk-full")

    notices.say("notice.saved", undo=undo)
    await notices.take_back()

    assert notices.current is not None
    assert notices.current.problem is not None
    assert notices.current.problem.code == "disk-full"


async def test_nothing_to_undo_is_nothing_done() -> None:
    notices = Notices()
    notices.say("notice.saved")

    await notices.take_back()

    assert notices.current is not None
    assert notices.current.key == "notice.saved"


def test_a_later_notice_outlives_the_time_of_an_earlier_one() -> None:
    notices = Notices()
    notices.say("notice.saved")
    first = notices.current
    notices.refuse(Problem("disk-full"))

    notices.clear(first)

    assert notices.current is not None
    assert notices.current.problem is not None
    notices.clear()
    assert notices.current is None
