"""A run from beginning to end: events in order, a bounded time, cancelled at any moment."""

import asyncio
import time
from collections.abc import Callable

import pytest

from field_app.diagnostics import igd, pinging, runner
from field_app.diagnostics.kit import Kit
from field_app.diagnostics.runner import Runner
from field_app.diagnostics.visit import Visit
from field_app.ports import Order
from field_core.cpe.limits import BUILT_IN, InUse, document_of, in_use
from field_core.cpe.model import Grade
from field_core.diagnosis import (
    PROFILES,
    Ended,
    Event,
    Judged,
    Measured,
    Probe,
    ProbeEnded,
    ProbeStarted,
    Result,
    Run,
    Target,
)
from tests.app.diagnostics.house import TestHost, kit, values
from tests.app.diagnostics.igd_server import Gateway, gateway

Work = Callable[[Visit], list[Result]]
FILES = {"/sys/class/net/eth0/type": "1\n", "/sys/class/net/eth0/speed": "1000\n"}


def nothing(_visit: Visit) -> list[Result]:
    return []


def slow(visit: Visit) -> list[Result]:
    visit.tell(Probe.DNS, 0.5, visit.result("dns-time", 4.0, target=Target.PUBLIC))
    visit.stop.wait(20)
    return []


@pytest.fixture
def staged(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Give probes other work; those not named do nothing."""

    def stage(time_max_s: float = 5.0, **work: Work) -> None:
        monkeypatch.setattr(
            runner,
            "_WORK",
            {
                probe: (work.get(probe.value, nothing), gives, time_max_s)
                for probe, (_, gives, _) in runner._WORK.items()  # noqa: SLF001 - what is staged
            },
        )

    return stage


def made(using: Kit | None = None) -> Runner:
    return Runner(lambda: using or kit(), new_id=lambda: "run-1")


async def followed(order: Order, using: Kit | None = None) -> list[Event]:
    return [event async for event in made(using).begin(order)]


def run_of(events: list[Event]) -> Run:
    last = events[-1]
    assert isinstance(last, Ended)
    return last.run


async def test_quick_run_of_a_house_gives_a_verdict_within_ten_seconds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(igd, "COUNTED_S", 0.2)
    monkeypatch.setattr(pinging, "SENT", 3)
    monkeypatch.setattr(pinging, "TIMEOUT_S", 0.3)
    begun = time.monotonic()
    with gateway(Gateway()) as place:
        house = kit(ssdp=place, host=TestHost(files=FILES))
        events = await followed(Order(profile="quick", job="DJ-1"), house)

    run = run_of(events)
    assert time.monotonic() - begun < 10
    assert (run.profile, run.job, run.cut, run.platform) == ("quick", "DJ-1", None, "linux")
    assert values(run.results)["wan-status.gateway"] == "connected"
    assert run.raw["igd"]
    assert run.verdicts
    assert Run.model_validate_json(run.model_dump_json()) == run


async def test_every_probe_starts_and_ends_once_and_stages_keep_their_order(
    staged: Callable[..., None],
) -> None:
    staged()
    events = await followed(Order(profile="full"))

    told = [
        (type(event).__name__, event.probe)
        for event in events
        if isinstance(event, ProbeStarted | ProbeEnded)
    ]
    done: set[Probe] = set()
    for stage in PROFILES["full"].stages:
        for probe in stage:
            assert told.count(("ProbeStarted", probe)) == 1
            assert all(told.index(("ProbeStarted", probe)) > told.index(("ProbeEnded", before))
                       for before in done)  # fmt: skip
        done |= set(stage)
    assert [type(event) for event in events].count(Ended) == 1


async def test_job_type_chooses_the_profile(staged: Callable[..., None]) -> None:
    staged()

    assert run_of(await followed(Order(job_type="Install"))).profile == "proof"
    assert run_of(await followed(Order())).profile == "full"


async def test_verdict_waits_for_a_whole_stage_and_is_told_when_it_changes(
    staged: Callable[..., None],
) -> None:
    def found(visit: Visit) -> list[Result]:
        return [visit.result("latency", 2.0), visit.result("latency", 9.0, target=Target.SERVER)]

    def far(visit: Visit) -> list[Result]:
        return [visit.result("latency-added", 400.0, target=Target.SERVER)]

    staged(ping=found, loaded=far)
    events = await followed(Order())

    told = [[v.code for v in event.verdicts] for event in events if isinstance(event, Judged)]
    assert told == [["good"], ["loaded-slow"]]
    assert [v.code for v in run_of(events).verdicts] == ["loaded-slow"]


STRICT = in_use(
    document_of(
        {
            "idle_latency_ms": {
                "ok": {"high": 5},
                "watch": {"high": 10},
                "unit": "ms",
                "source": "Gigafibre",
            }
        }
    )
)


@pytest.mark.parametrize(
    ("limits", "grade", "code"),
    [(BUILT_IN, Grade.OK, "good"), (STRICT, Grade.BAD, "line-slow")],
)
async def test_run_is_judged_by_the_limits_of_its_order_and_says_so(
    staged: Callable[..., None], limits: InUse, grade: Grade, code: str
) -> None:
    staged(ping=lambda visit: [visit.result("latency", 15.0, target=Target.SERVER)])
    run = run_of(await followed(Order(limits=limits)))

    latency = run.find("latency", Target.SERVER)
    assert latency is not None
    assert (latency.grade, run.verdicts[0].code, run.limits) == (grade, code, limits.used)
    assert Run.model_validate_json(run.model_dump_json()) == run


async def test_fault_of_the_first_stage_is_told_at_once(staged: Callable[..., None]) -> None:
    from field_app.diagnostics.visit import because  # noqa: PLC0415 - beside its use

    staged(gateway=lambda visit: [visit.absent("gateway-address", because("not-connected"))])
    events = await followed(Order())

    first = next(event for event in events if isinstance(event, Judged))
    assert (first.verdicts[0].code, first.verdicts[0].grade) == ("not-connected", Grade.BAD)
    assert events.index(first) < events.index(
        next(e for e in events if isinstance(e, ProbeStarted) and e.probe is Probe.DNS)
    )


async def test_cancelled_run_ends_within_a_second_with_what_it_had(
    staged: Callable[..., None],
) -> None:
    staged(time_max_s=30.0, dns=slow)
    under_way = made().begin(Order())
    events: list[Event] = []
    cancelled_s = 0.0
    async for event in under_way:
        events.append(event)
        if isinstance(event, Measured):
            cancelled_s = time.monotonic()
            under_way.cancel()

    run = run_of(events)
    assert time.monotonic() - cancelled_s < 1
    assert run.cut == "cancelled"
    assert values(run.results) == {"dns-time.public": 4.0}
    absences = {r.absence.code for r in run.results if r.absence}
    assert absences == {"cancelled"}


async def test_run_cancelled_before_it_began_ends_too(staged: Callable[..., None]) -> None:
    staged()
    under_way = made().begin(Order(profile="quick"))
    under_way.cancel()

    (event,) = [event async for event in under_way]
    assert run_of([event]).cut == "cancelled"


async def test_run_cancelled_after_its_end_stays_as_it_was(staged: Callable[..., None]) -> None:
    staged()
    under_way = made().begin(Order(profile="quick"))
    events = [event async for event in under_way]
    under_way.cancel()

    assert run_of(events).cut is None


async def test_probe_that_takes_too_long_gives_what_it_told_and_the_reason(
    staged: Callable[..., None],
) -> None:
    staged(time_max_s=0.2, dns=slow)
    run = run_of(await followed(Order(profile="quick")))

    assert run.cut is None
    assert [(r.target, r.value, r.absence and r.absence.code) for r in run.of(Probe.DNS)] == [
        (Target.PUBLIC, 4.0, None),
        (Target.DEVICE, None, "out-of-time"),
        (Target.GATEWAY, None, "out-of-time"),
        (Target.ISP, None, "out-of-time"),
    ]


async def test_whole_run_is_bounded(
    staged: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    staged(time_max_s=30.0, dns=slow)
    short = replace_time(0.3)
    monkeypatch.setattr(runner, "PROFILES", short)

    run = run_of(await followed(Order(profile="quick")))

    assert run.cut == "time"
    assert run.took_s is not None
    assert run.took_s < 2


def replace_time(seconds: float) -> dict[str, object]:
    return {name: one._replace(time_max_s=seconds) for name, one in PROFILES.items()}


async def test_probe_that_breaks_says_so_and_the_others_go_on(
    staged: Callable[..., None],
) -> None:
    def broken(_visit: Visit) -> list[Result]:
        raise RuntimeError("a line of the vendor's library")

    staged(snmp=broken, dns=lambda visit: [visit.result("dns-time", 3.0)])
    run = run_of(await followed(Order(profile="quick")))

    (failed, *_) = run.of(Probe.SNMP)
    assert failed.absence is not None
    assert failed.absence.sentence("fr") == "Impossible ici : l’essai a échoué (RuntimeError)."
    assert values(run.of(Probe.DNS)) == {"dns-time.gateway": 3.0}


async def test_secrets_are_dropped_from_what_is_kept_raw(staged: Callable[..., None]) -> None:
    def leaky(visit: Visit) -> list[Result]:
        visit.raw["snmp"] = {"sys_name": "box", "wifi_passphrase": "DO-NOT-LEAK-1"}
        return []

    staged(snmp=leaky)
    run = run_of(await followed(Order(profile="quick")))

    assert run.raw == {"snmp": {"sys_name": "box"}}


async def test_two_runs_do_not_disturb_each_other(staged: Callable[..., None]) -> None:
    staged(dns=lambda visit: [visit.result("dns-time", 3.0)])

    runs = await asyncio.gather(followed(Order(profile="quick")), followed(Order(profile="quick")))

    assert [values(run_of(events).results) for events in runs] == [{"dns-time.gateway": 3.0}] * 2
