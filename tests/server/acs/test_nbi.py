"""The client against what a real GenieACS was recorded to say, all 46 exchanges of it."""

import json
import re
from typing import Any, Final

import httpx
import pytest

from field_core.canon import Json
from field_core.problems import ProblemError
from server_sync.acs.nbi import NbiClient
from server_sync.acs.paths import SNAPSHOT
from server_sync.acs.ports import Away, Deferred, Faulted, Outcome, Performed
from server_sync.acs.tasks import Read, Reboot, Refresh, Task, Write
from tests.server.acs.recordings import EXCHANGES, HUAWEI, NOKIA, XX230V, Exchange

ASKED: Final = re.compile(
    r"(GET|HEAD) /(devices|tasks|faults)/|POST /devices/[^/]+/tasks|DELETE /tasks/[0-9a-f]+"
)
"""Everything that the client ever asks; never a tag, a preset, a provision or a retry."""
NEVER_ASKED: Final = {
    5: "a query that is no JSON", 12: "a task without a connection", 14: "a connection alone",
    24: "a tag", 26: "a tag", 27: "a provision", 28: "a preset", 29: "presets", 30: "a preset",
    32: "a body that is no JSON", 33: "a task of an unknown name", 34: "an unknown collection",
    36: "an id that is escaped once", 38: "a connection alone", 43: "a retry",
}  # fmt: skip


class Wire:
    """Answers with recordings, and keeps what was asked."""

    def __init__(self, *exchanges: Exchange) -> None:
        self.left = [*exchanges]
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        return self.left.pop(0).response()

    def client(self) -> NbiClient:
        return NbiClient("http://acs.test", transport=httpx.MockTransport(self))


def shown(request: httpx.Request) -> tuple[str, str, dict[str, str], Json]:
    """What a request says: how its query is packed is the library's taste."""
    told = Exchange(0, "", request.method, request.url.raw_path.decode(), None, 0, "", {}, None)
    return request.method, told.path, told.asked, json.loads(request.content or b"null")


def task_of(exchange: Exchange) -> Task:
    body = exchange.body
    match body["name"]:
        case "getParameterValues":
            return Read(tuple(body["parameterNames"]))
        case "refreshObject":
            return Refresh(body["objectName"])
        case "setParameterValues":
            return Write(tuple(tuple(value) for value in body["parameterValues"]))
        case "reboot":
            return Reboot()
        case name:
            raise AssertionError(f"a task that the client has no word for: {name}")


def number(*numbers: int) -> list[Any]:
    return [pytest.param(EXCHANGES[n], id=f"{n} {EXCHANGES[n].label}"[:60]) for n in numbers]


def test_recordings_are_all_asked_or_never_asked() -> None:
    """Each of the 46 is replayed below, or stands in the list of what is never asked."""
    unlike = {e.number for e in EXCHANGES if not ASKED.match(f"{e.method} {e.target}")}

    assert len(EXCHANGES) == 46
    assert unlike <= NEVER_ASKED.keys()
    replayed = {*READS, *FINDS, *TASKS, *LISTS, 7, 31, 39}
    assert {e.number for e in EXCHANGES} == {*replayed, *NEVER_ASKED}


READS: Final = (2, 3, 4, 11, 17, 19, 23)


@pytest.mark.parametrize("exchange", number(*READS))
async def test_document_read_is_asked_as_recorded(exchange: Exchange) -> None:
    wire = Wire(exchange)
    paths = exchange.asked["projection"].split(",")
    identity = json.loads(exchange.asked["query"])["_id"]

    document = await wire.client().read(identity, paths)

    assert shown(wire.asked[0]) == ("GET", "/devices/", exchange.asked, None)
    if not exchange.answer:
        assert document is None
    else:
        assert document is not None
        assert document["_id"] == identity


FINDS: Final = (0, 1, 6, 25)


@pytest.mark.parametrize("exchange", number(*FINDS))
async def test_devices_found_have_id_and_time(exchange: Exchange) -> None:
    wire = Wire(exchange)
    query = json.loads(exchange.asked["query"])

    found = await wire.client().find([query])

    assert json.loads(shown(wire.asked[0])[2]["query"]) == query
    assert [one["_id"] for one in found] == [one["_id"] for one in exchange.answer]


OUTCOMES: Final[dict[int, type[Outcome]]] = {
    8: Performed, 9: Performed, 10: Performed, 16: Performed, 18: Performed, 22: Performed,
    35: Performed, 37: Deferred, 40: Deferred, 41: Faulted, 44: Faulted,
}  # fmt: skip
TASKS: Final = (*OUTCOMES, 20)
NO_FAULT: Final = Exchange(
    -1, "", "GET", "/faults/", None, 200, "OK", {"content-type": "application/json"}, []
)


@pytest.mark.parametrize("exchange", number(*OUTCOMES))
async def test_task_is_asked_as_recorded_and_has_its_outcome(exchange: Exchange) -> None:
    wire = Wire(exchange, EXCHANGES[42] if exchange.number == 41 else EXCHANGES[45], EXCHANGES[39])
    if OUTCOMES[exchange.number] is Deferred:
        wire.left.pop(1)

    outcome = await wire.client().perform(exchange.answer["device"], task_of(exchange))

    asked = exchange.body
    assert shown(wire.asked[0])[:2] == ("POST", exchange.path)
    assert shown(wire.asked[0])[3] == asked
    assert isinstance(outcome, OUTCOMES[exchange.number])
    assert outcome.at == exchange.answer["timestamp"]


async def test_missing_name_is_never_written() -> None:
    """The ACS answers 200 for a name that the device lacks (20): ours are on a list."""
    with pytest.raises(ProblemError, match="cpe-unsupported"):
        await Wire(EXCHANGES[20]).client().perform(XX230V, task_of(EXCHANGES[20]))


@pytest.mark.parametrize(("of", "code"), [(41, "9002"), (44, "9001")])
async def test_fault_gives_the_device_s_code_and_takes_the_task_back(of: int, code: str) -> None:
    wire = Wire(EXCHANGES[of], EXCHANGES[of + 1], EXCHANGES[39])

    outcome = await wire.client().perform(HUAWEI, task_of(EXCHANGES[of]))

    assert outcome == Faulted(EXCHANGES[of].answer["timestamp"], code)
    assert wire.asked[-1].method == "DELETE"


async def test_reboot_of_a_device_that_is_off_is_taken_back() -> None:
    """T-14: a reboot asked for at noon must not happen when the box comes back at night."""
    wire = Wire(EXCHANGES[37], EXCHANGES[39])

    outcome = await wire.client().perform(NOKIA, Reboot())

    assert outcome == Deferred(EXCHANGES[37].answer["timestamp"], Away.OFFLINE)
    assert shown(wire.asked[1])[:2] == ("DELETE", EXCHANGES[39].path)


async def test_id_with_escapes_is_escaped_again() -> None:
    """35 and 36: a plain `%2D` in the path is not found."""
    wire = Wire(EXCHANGES[35])

    await wire.client().perform(NOKIA, task_of(EXCHANGES[35]))

    assert b"G%252D1425G%252DA" in wire.asked[0].url.raw_path


LISTS: Final = (13, 15, 21, 42, 45)


@pytest.mark.parametrize(
    ("fault", "tasks", "meant"),
    [
        pytest.param(21, 13, Deferred, id="it is listed: it waits"),
        pytest.param(21, 15, Performed, id="it is not listed: it was done meanwhile"),
        pytest.param(42, 13, Faulted, id="it has a fault"),
    ],
)
async def test_202_without_its_reason_is_told_by_the_lists(
    fault: int, tasks: int, meant: type[Outcome]
) -> None:
    """Proxies that speak HTTP/2 drop reason phrases."""
    task = EXCHANGES[12] if fault == 21 else EXCHANGES[41]
    bare = Exchange(0, "", "POST", task.target, task.body, 202, "", task.headers, task.answer)
    lists = [EXCHANGES[fault]] if meant is Faulted else [EXCHANGES[fault], EXCHANGES[tasks]]
    wire = Wire(bare, *lists, EXCHANGES[39])

    outcome = await wire.client().perform(XX230V, task_of(task))

    assert isinstance(outcome, meant)
    is_taken_back = wire.asked[-1].method == "DELETE"
    assert is_taken_back is (meant is not Performed)


async def test_unknown_device_is_a_problem() -> None:
    with pytest.raises(ProblemError, match="cpe-unknown"):
        await Wire(EXCHANGES[31]).client().perform("nope", Reboot())


async def test_check_tells_version_and_count() -> None:
    assert await Wire(EXCHANGES[7]).client().check() == "version 1.2.16, 5 devices"


@pytest.mark.parametrize("exchange", number(5, 33))
async def test_answer_without_sense_is_no_answer(exchange: Exchange) -> None:
    """A process that died, a query refused: neither is a word about the device."""
    with pytest.raises(ProblemError, match="acs-unreachable"):
        await Wire(exchange).client().read(XX230V, ["_lastInform"])


@pytest.mark.parametrize(
    "body", ["<html>", '{"no": "list"}', ""], ids=["a page", "an object", "nothing"]
)
async def test_page_of_a_proxy_is_no_document(body: str) -> None:
    client = NbiClient(
        "http://acs.test",
        transport=httpx.MockTransport(lambda _: httpx.Response(200, content=body)),
    )

    with pytest.raises(ProblemError, match="acs-unreachable"):
        await client.read(XX230V, ["_lastInform"])
    with pytest.raises(ProblemError, match="acs-unreachable"):
        await client.perform(XX230V, Reboot())


@pytest.mark.parametrize(
    "path",
    [
        "Device.WiFi.AccessPoint.1.Security.KeyPassphrase",
        "InternetGatewayDevice.ManagementServer.Password",
        "_deviceId._SerialNumber",
        "Device.A B",
        "VirtualParameters.x",
    ],
)
async def test_path_that_smells_of_a_secret_is_never_read(path: str) -> None:
    wire = Wire()

    with pytest.raises(ProblemError, match="cpe-unsupported"):
        await wire.client().perform(XX230V, Read((path,)))
    assert wire.asked == []


def test_no_projected_path_lies_within_another() -> None:
    """MongoDB refuses a projection of a path and of one below it."""
    within = [(a, b) for a in SNAPSHOT for b in SNAPSHOT if b.startswith(f"{a}.")]

    assert within == []
