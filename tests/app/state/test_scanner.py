"""A label in front of the scanner: live, in a photo, typed; and what becomes of what was read."""

import asyncio
import json
from pathlib import Path

import pytest

from field_app.ports import OcrOf, OcrTarget
from field_app.state.scanning.identified import Identified, Source
from field_app.state.scanning.scanner import LOOKS_PASSED, Evidence, Phase, Scanner
from field_core.labels import Field
from tests.app.at_work import LocalAccount, workspace
from tests.app.making import key
from tests.app.scanning import GPON, GPON_HEX, JPEG, MAC, ONT, Seen, Told

GROUP = "MAC:01:00:5E:00:00:01"


@pytest.fixture
def account(tmp_path: Path) -> LocalAccount:
    account = LocalAccount(tmp_path / "blobs")
    account.has_job(1, checklist=[{"id": "s4", "step": "s4", "kind": "scan"}])
    return account


class Asked:
    """A screen that asked for an identity."""

    def __init__(self, account: LocalAccount, *sights: object, **more: object) -> None:
        self.told = Told(*sights)  # type: ignore[arg-type]  # what a test says is seen
        account.scanning = self.told
        self.taken: list[Identified] = []
        self.is_closed = False
        self.scanner = Scanner(
            workspace(account),
            self._take,
            close=self._close,
            **more,  # type: ignore[arg-type]  # as the scanner itself says
        )

    async def _take(self, found: Identified) -> None:
        self.taken.append(found)

    def _close(self) -> None:
        self.is_closed = True


# --- live


async def test_label_with_mac_and_serial_is_read_from_one_frame(account: LocalAccount) -> None:
    """T-06: the first stable read wins; codes with a check of their own are stable at once."""
    asked = Asked(account, ONT)

    await asked.scanner.frame(JPEG)

    found = asked.scanner.found
    assert asked.scanner.phase is Phase.FOUND
    assert found is not None
    assert (found.values[Field.MAC], found.values[Field.GPON]) == (MAC, GPON)
    assert found.told["gpon_serial_hex"] == GPON_HEX
    assert not asked.scanner.wants_frames


async def test_label_turned_down_is_passed_over_while_somebody_moves_on(
    account: LocalAccount,
) -> None:
    """Who asks for another label is not shown the same one at once; who stays wants it."""
    asked = Asked(account, *[ONT] * (LOOKS_PASSED + 2))
    await asked.scanner.frame(JPEG)
    asked.scanner.again()

    phases = []
    for _ in range(LOOKS_PASSED + 1):
        await asked.scanner.frame(JPEG)
        phases.append(asked.scanner.phase)

    assert phases == [Phase.AIMING] * LOOKS_PASSED + [Phase.FOUND]


async def test_another_label_is_read_at_once(account: LocalAccount) -> None:
    other = (Seen("A4:2B:B0:1C:9F:32"), Seen("S12345678", "Code128"))
    asked = Asked(account, ONT, *[other] * 4)
    await asked.scanner.frame(JPEG)
    asked.scanner.again()

    for _ in range(3):
        await asked.scanner.frame(JPEG)

    assert asked.scanner.phase is Phase.FOUND
    assert asked.scanner.found is not None
    assert asked.scanner.found.values[Field.MAC] == "A4:2B:B0:1C:9F:32"


async def test_code_without_a_check_counts_when_two_frames_agree(account: LocalAccount) -> None:
    weak = (Seen(MAC, "Code39", is_checked=False), Seen("S12345678", "Code39", is_checked=False))
    asked = Asked(account, weak, (), weak)

    await asked.scanner.frame(JPEG)
    phases = [asked.scanner.phase]
    for _ in range(2):
        await asked.scanner.frame(JPEG)
        phases.append(asked.scanner.phase)

    assert phases == [Phase.AIMING, Phase.AIMING, Phase.FOUND]


async def test_device_known_by_one_code_is_not_waited_on_for_ever(account: LocalAccount) -> None:
    asked = Asked(account, *[(Seen(MAC),)] * 5)

    phases = []
    for _ in range(4):
        await asked.scanner.frame(JPEG)
        phases.append(asked.scanner.phase)

    assert phases == [Phase.AIMING] * 3 + [Phase.FOUND]


async def test_frame_that_cannot_be_read_is_followed_by_the_next(account: LocalAccount) -> None:
    asked = Asked(account, "photo-damaged", ONT)

    await asked.scanner.frame(JPEG)
    await asked.scanner.frame(JPEG)

    assert (asked.scanner.phase, asked.scanner.problem) == (Phase.FOUND, None)


async def test_who_types_keeps_the_field(account: LocalAccount) -> None:
    asked = Asked(account, ONT)
    asked.scanner.type("A4")

    await asked.scanner.frame(JPEG)

    assert asked.scanner.phase is Phase.AIMING


async def test_letter_typed_while_a_frame_is_read_keeps_the_field(account: LocalAccount) -> None:
    asked = Asked(account, ONT)
    asked.told.gate = asyncio.Event()
    frame = asyncio.create_task(asked.scanner.frame(JPEG))
    await asyncio.sleep(0)
    asked.scanner.type("A")
    asked.told.gate.set()
    await frame

    assert asked.scanner.phase is Phase.AIMING


# --- a photo


async def test_every_code_is_shown_with_the_field_it_gave(account: LocalAccount) -> None:
    asked = Asked(account, (*ONT, Seen(GROUP), Seen("EAN?", "doubtful")))

    await asked.scanner.photo(JPEG)

    lines = {line.text: line for line in asked.scanner.lines}
    assert lines[MAC.replace(":", "")].gave == [(Field.MAC, MAC)]
    assert lines[GPON_HEX].gave == [(Field.GPON, GPON)]
    assert (lines[GROUP].gave, lines[GROUP].refused[0].problem.code) == ([], "mac-multicast")
    assert asked.scanner.doubtful == ["EAN?"]
    assert asked.scanner.crop == JPEG + b"0.1000 0.2000 0.6000 0.5000"
    assert asked.told.was_enough == [True]


async def test_key_of_a_network_is_not_shown(account: LocalAccount) -> None:
    asked = Asked(account, (Seen("WIFI:T:WPA;S:Maison;P:secret99;;", "QR"), Seen(MAC)))

    await asked.scanner.photo(JPEG)

    assert all("secret99" not in line.text for line in asked.scanner.lines)
    assert asked.scanner.found is not None
    assert "secret99" not in str(asked.scanner.found.text)


@pytest.mark.parametrize("codes", [(), (Seen("4006381333931", "EAN13"),)])
async def test_photo_without_an_identity_says_so(
    account: LocalAccount, codes: tuple[Seen, ...]
) -> None:
    asked = Asked(account, codes)

    await asked.scanner.photo(JPEG)
    await asked.scanner.use()

    assert (asked.scanner.phase, asked.scanner.found, asked.taken) == (Phase.NOTHING, None, [])


async def test_photo_that_is_none_is_refused_with_the_reason(account: LocalAccount) -> None:
    asked = Asked(account, "photo-heic")

    await asked.scanner.photo(JPEG)

    problem = asked.scanner.problem
    assert problem is not None
    assert (problem.code, asked.scanner.phase) == ("photo-heic", Phase.AIMING)


@pytest.mark.parametrize("how", ["again", "leave"])
async def test_reading_can_be_cancelled(account: LocalAccount, how: str) -> None:
    asked = Asked(account, ONT)
    asked.told.gate = asyncio.Event()
    reading = asyncio.create_task(asked.scanner.photo(JPEG))
    await asyncio.sleep(0)
    assert asked.scanner.phase is Phase.LOOKING

    getattr(asked.scanner, how)()
    await asyncio.wait_for(reading, 1)

    assert asked.scanner.found is None
    assert asked.is_closed == (how == "leave")


async def test_screen_that_ends_ends_the_reading(account: LocalAccount) -> None:
    asked = Asked(account, ONT)
    asked.told.gate = asyncio.Event()
    reading = asyncio.create_task(asked.scanner.photo(JPEG))
    await asyncio.sleep(0)

    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading

    assert asked.scanner.found is None


# --- typed


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("A42BB01C9F3", "mac-length"),
        ("ZZ:2B:B0:1C:9F:3E", "mac-characters"),
        ("01:00:5E:00:00:01", "mac-multicast"),
        ("00:00:00:00:00:00", "mac-reserved"),
        ("ABC", "serial-length"),
    ],
)
async def test_typed_identity_is_refused_beside_the_field(
    account: LocalAccount, typed: str, code: str
) -> None:
    """T-10."""
    asked = Asked(account)
    asked.scanner.type(typed)

    await asked.scanner.use_typed()

    assert asked.scanner.typed_problem is not None
    assert (asked.scanner.typed_problem.code, asked.taken) == (code, [])
    asked.scanner.type(typed + "1")
    assert asked.scanner.typed_problem is None


@pytest.mark.parametrize("typed", ["a42b.b01c.9f3e", "A4-2B-B0-1C-9F-3E", " a42bb01c9f3e "])
async def test_typed_mac_is_taken_in_every_notation(account: LocalAccount, typed: str) -> None:
    """T-10."""
    asked = Asked(account)
    asked.scanner.type(typed)

    await asked.scanner.use_typed()

    assert [(f.best, f.source) for f in asked.taken] == [(MAC, Source.TYPED)]


async def test_typed_gpon_serial_has_both_forms_with_it(account: LocalAccount) -> None:
    asked = Asked(account)
    asked.scanner.type("54504c47 a1b2c3d4")

    await asked.scanner.use_typed()

    told = json.loads(str(asked.taken[0].text))
    assert told == {
        "gpon_serial": {"value": GPON, "provenance": "typed"},
        "gpon_serial_hex": GPON_HEX,
    }


async def test_serial_that_looks_like_a_mac_can_be_insisted_on(account: LocalAccount) -> None:
    asked = Asked(account)
    asked.scanner.type("ABCDEF12345")
    asked.scanner.judge()
    assert asked.scanner.typed_problem is not None

    await asked.scanner.take_for_serial()

    assert [f.values for f in asked.taken] == [{Field.SERIAL: "ABCDEF12345"}]


async def test_nothing_typed_is_no_answer_and_no_fault(account: LocalAccount) -> None:
    asked = Asked(account)
    asked.scanner.type("  ")

    await asked.scanner.use_typed()

    assert (asked.taken, asked.scanner.typed_problem) == ([], None)


# --- handed on


async def test_photo_of_the_label_is_kept_with_the_place_of_the_label(
    account: LocalAccount,
) -> None:
    """The frame that gave the read is evidence: a photo like any other."""
    asked = Asked(account, ONT, evidence=Evidence(key(1), "s4"))
    await asked.scanner.photo(JPEG)

    await asked.scanner.use()

    card = account.reading.photos(key(1))[0]
    assert (card.kind, card.crop, card.step) == ("label", "0.1000 0.2000 0.6000 0.5000", "s4")
    assert [f.photo for f in asked.taken] == [card.id]
    assert account.reading.label_readings() == []


async def test_identity_counts_when_its_photo_finds_no_room(account: LocalAccount) -> None:
    account.free_bytes = 0
    asked = Asked(account, ONT, evidence=Evidence(key(1)))
    await asked.scanner.photo(JPEG)

    await asked.scanner.use()

    assert [(f.best, f.photo) for f in asked.taken] == [(MAC, None)]


async def test_label_nobody_can_read_is_kept_and_queued_to_be_read(account: LocalAccount) -> None:
    """T-07: photo and reading in one transaction."""
    evidence = Evidence(key(1), "s4", OcrTarget(OcrOf.STEP, "s4"))
    asked = Asked(account, (), evidence=evidence, takes_photo_alone=True)
    await asked.scanner.photo(JPEG)

    await asked.scanner.use_photo()

    assert [(f.best, f.source) for f in asked.taken] == [(None, Source.PHOTO)]
    assert [row.target for row in account.reading.label_readings()] == [evidence.reads]


async def test_photo_alone_is_no_answer_when_it_is_not_kept(account: LocalAccount) -> None:
    account.free_bytes = 0
    asked = Asked(account, (), evidence=Evidence(key(1)), takes_photo_alone=True)
    await asked.scanner.use_photo()
    await asked.scanner.photo(JPEG)

    await asked.scanner.use_photo()

    assert asked.taken == []


async def test_label_that_stays_in_view_is_counted_once(account: LocalAccount) -> None:
    asked = Asked(account, ONT, ONT, (Seen("1C497BA8D9A6"), Seen("GMK170210005623")), ())
    counting = Scanner(
        asked.scanner._workspace,  # noqa: SLF001 - the same account
        asked._take,  # noqa: SLF001 - as above
        close=lambda: None,
        is_counting=True,
    )

    for _ in range(4):
        await counting.frame(JPEG)

    assert [f.best for f in asked.taken] == [MAC, "1C:49:7B:A8:D9:A6"]
    assert (counting.phase, counting.handed_on) == (Phase.AIMING, 2)


async def test_scanner_says_what_this_device_lacks(account: LocalAccount) -> None:
    asked = Asked(account)
    asked.told.missing, asked.told.can_read = ("zxing-cpp",), False

    await asked.scanner.prepare()

    assert asked.told.is_prepared
    assert (asked.scanner.missing, asked.scanner.wants_frames) == (("zxing-cpp",), False)
