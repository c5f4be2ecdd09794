"""Which reads count: a wrong serial is worse than none."""

from field_codes.codes import Code, Corners, Read, Symbology
from field_codes.stages import Stage
from field_codes.votes import Tally

HERE: Corners = ((0, 0), (100, 0), (100, 30), (0, 30))
BELOW: Corners = ((0, 60), (100, 60), (100, 90), (0, 90))

PLAIN = Stage("zxing", is_trusted=True)
ZBAR = Stage("zbar")
DOUBLED = Stage("zxing", ("doubled",))
EVENED = Stage("zxing", ("doubled", "clahe"))


def tally(*reads: tuple[str, Symbology, Stage, str], at: Corners = HERE) -> Tally:
    made = Tally()
    for text, symbology, stage, decoder in reads:
        made.add(Read(text, symbology, at), stage, decoder)
    return made


def texts(codes: list[Code]) -> list[str]:
    return [code.text for code in codes]


def test_code_that_proves_itself_counts_at_once() -> None:
    made = tally(("GMK170210005623", Symbology.CODE_128, EVENED, "zxing-cpp"))

    assert made.codes() == [
        Code("GMK170210005623", Symbology.CODE_128, HERE, "zxing doubled clahe", "zxing-cpp", 1)
    ]
    assert made.doubtful() == []


def test_code_39_waits_for_a_second_way_of_looking() -> None:
    """It has no check character."""
    made = tally(("122222222222222", Symbology.CODE_39, PLAIN, "zxing-cpp"))
    assert (texts(made.codes()), texts(made.doubtful())) == ([], ["122222222222222"])

    made.add(Read("122222222222222", Symbology.CODE_39, HERE), ZBAR, "pyzbar")
    assert [(code.text, code.votes) for code in made.codes()] == [("122222222222222", 2)]
    assert made.doubtful() == []


def test_two_modes_of_one_library_over_one_view_are_one_voice() -> None:
    fast = Stage("zxing-fast", is_trusted=True)
    made = tally(
        ("AB12", Symbology.CODE_39, fast, "zxing-cpp"),
        ("AB12", Symbology.CODE_39, PLAIN, "zxing-cpp"),
    )

    assert texts(made.codes()) == []


def test_article_number_counts_at_once_from_the_best_decoder_as_the_picture_came() -> None:
    made = tally(("3574660239843", Symbology.EAN_13, PLAIN, "zxing-cpp"))

    assert texts(made.codes()) == ["3574660239843"]


def test_article_number_from_an_enlarged_picture_waits() -> None:
    made = tally(("3574660239843", Symbology.EAN_13, DOUBLED, "zxing-cpp"))

    assert texts(made.doubtful()) == ["3574660239843"]


def test_other_tones_of_one_view_confirm_no_article_number() -> None:
    """One library erred alike over several of them."""
    made = tally(
        ("1700108752847", Symbology.EAN_13, DOUBLED, "zxing-cpp"),
        ("1700108752847", Symbology.EAN_13, EVENED, "zxing-cpp"),
    )
    assert texts(made.codes()) == []

    made.add(Read("1700108752847", Symbology.EAN_13, HERE), ZBAR, "pyzbar")
    assert texts(made.codes()) == ["1700108752847"]


def test_opencv_never_confirms_itself() -> None:
    made = tally(
        ("0569849701702", Symbology.EAN_13, Stage("opencv-articles"), "opencv"),
        ("0569849701702", Symbology.EAN_13, Stage("opencv-articles", ("doubled",)), "opencv"),
    )

    assert texts(made.codes()) == []


def test_bars_that_prove_themselves_beat_an_article_number_at_their_place() -> None:
    made = tally(
        ("6559441219112", Symbology.EAN_13, PLAIN, "zxing-cpp"),
        ("1C497BA8D9A6", Symbology.CODE_128, ZBAR, "pyzbar"),
    )

    assert (texts(made.codes()), texts(made.doubtful())) == (["1C497BA8D9A6"], [])


def test_more_votes_win_a_place() -> None:
    made = tally(
        ("3574660239843", Symbology.EAN_13, PLAIN, "zxing-cpp"),
        ("3574660239843", Symbology.EAN_13, ZBAR, "pyzbar"),
        ("1700108752847", Symbology.EAN_13, PLAIN, "zxing-cpp"),
    )

    assert (texts(made.codes()), texts(made.doubtful())) == (["3574660239843"], [])


def test_two_texts_that_nothing_tells_apart_are_both_doubtful() -> None:
    made = tally(
        ("3574660239843", Symbology.EAN_13, PLAIN, "zxing-cpp"),
        ("1700108752847", Symbology.EAN_13, PLAIN, "zxing-cpp"),
    )

    assert made.codes() == []
    assert texts(made.doubtful()) == ["3574660239843", "1700108752847"]


def test_first_reading_of_one_qr_stands_when_decoders_differ_in_letters() -> None:
    """Decoders guess the encoding where the code does not tell it."""
    made = tally(
        ("café", Symbology.QR, PLAIN, "zxing-cpp"), ("cafﾃｩ", Symbology.QR, ZBAR, "pyzbar")
    )

    assert texts(made.codes()) == ["café"]


def test_code_placed_as_a_mere_line_contradicts_nothing() -> None:
    """So zbar placed both codes of a router's label."""
    made = Tally()
    upper: Corners = ((30, 219), (30, 219), (30, 249), (30, 249))
    lower: Corners = ((30, 293), (30, 293), (30, 317), (30, 317))
    made.add(Read("1C497BA8D9A6", Symbology.CODE_128, upper), ZBAR, "pyzbar")
    made.add(Read("GMK170210005623", Symbology.CODE_128, lower), ZBAR, "pyzbar")

    assert texts(made.codes()) == ["1C497BA8D9A6", "GMK170210005623"]


def test_codes_at_different_places_stand_beside_each_other() -> None:
    made = tally(("1C497BA8D9A6", Symbology.CODE_128, PLAIN, "zxing-cpp"))
    made.add(Read("GMK170210005623", Symbology.CODE_128, BELOW), PLAIN, "zxing-cpp")
    made.add(Read("GMK170210005623", Symbology.CODE_128, BELOW[::-1]), ZBAR, "pyzbar")

    assert [(code.text, code.votes) for code in made.codes()] == [
        ("1C497BA8D9A6", 1),
        ("GMK170210005623", 2),
    ]
