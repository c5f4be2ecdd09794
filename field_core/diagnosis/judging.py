"""What the results of a run mean together: the house or the line, and one thing to do.

A cause hides what it explains: without a network there is nothing to say of the Internet. Within
a grade the order of the sentences is the order of advice.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from field_core.cpe import addresses
from field_core.cpe.model import Grade
from field_core.cpe.sentences import written
from field_core.cpe.thresholds import DEFAULT, Thresholds
from field_core.cpe.verdict import Verdict
from field_core.cpe.verdicts import judge_level
from field_core.diagnosis.model import Probe, Result, Target
from field_core.diagnosis.quantities import QUANTITIES
from field_core.diagnosis.sentences import ACTIONS, SENTENCES

_SEVERITY: Final = (Grade.BAD, Grade.WATCH, Grade.UNKNOWN, Grade.OK)
_ORDER: Final = {code: place for place, code in enumerate(SENTENCES)}
_BEYOND: Final = (Target.ISP, Target.PUBLIC, Target.SERVER)
_AUTH: Final = "ERROR_AUTHENTICATION_FAILURE"
_NO_ANSWER: Final = frozenset({"ERROR_ISP_TIME_OUT", "ERROR_NO_CARRIER"})


def graded(result: Result, thresholds: Thresholds = DEFAULT) -> Result:
    """Return a result with its grade and the limit that this speaks of, where it has limits."""
    limits = QUANTITIES[result.quantity].limits_in(thresholds, result.target)
    if limits is None or not isinstance(result.value, int | float):
        return result
    value = float(result.value)
    grade = limits.grade(value)
    changes = {"grade": grade, "limit": limits.bound(value, grade), "limit_source": limits.source}
    return result.model_copy(update=changes)


def judge_run(
    results: Sequence[Result],
    *,
    thresholds: Thresholds = DEFAULT,
    olt_profile: str | None = None,
    baseline_rx_dbm: float | None = None,
) -> list[Verdict]:
    """Judge the results of a run; the first verdict is the headline."""
    seen = _Seen(results)
    found = list(_network(seen))
    if not found:
        found = [*_wan(seen), *_house(seen), *_names(seen), *_line(seen)]
        found += _light(seen, thresholds, olt_profile, baseline_rx_dbm)
    found = by_urgency(found)
    if found and found[0].grade in (Grade.BAD, Grade.WATCH):
        return found
    return [_summary(seen), *found]


class _Seen:
    """The results of a run, by quantity and target."""

    def __init__(self, results: Sequence[Result]) -> None:
        self._by_name = {(r.quantity, r.target): r for r in results}

    def get(self, quantity: str, target: Target = Target.DEVICE) -> Result | None:
        """Return a result that has a value."""
        result = self._by_name.get((quantity, target))
        return None if result is None or result.value is None else result

    def why(self, quantity: str, target: Target = Target.DEVICE) -> str | None:
        """Return the code of why a quantity is absent."""
        result = self._by_name.get((quantity, target))
        return result.absence.code if result is not None and result.absence is not None else None

    def answers(self, targets: Iterable[Target]) -> bool | None:
        """Tell whether one of these answered anything; None where none of them was asked."""
        said = [self._answered(name) for name in self._by_name if name[1] in set(targets)]
        if any(said):
            return True
        return False if False in said else None

    def _answered(self, name: tuple[str, Target]) -> bool | None:
        quantity, target = name
        if quantity not in _SIGNS:
            return None
        if self.get(quantity, target) is not None:
            return True
        return False if self.why(quantity, target) in _SILENCES else None

    @property
    def link(self) -> str | None:
        """`wire` or `wifi`, where that is known."""
        found = self.get("link-kind")
        return None if found is None else str(found.value)


_SIGNS: Final = frozenset({
    "latency", "dns-time", "wan-status", "snmp-uptime", "throughput-down", "throughput-up",
})  # fmt: skip
"""Quantities that exist only if their target answered."""
_SILENCES: Final = frozenset({"no-answer", "server-unreachable"})
_NO_NAMES: Final = frozenset({"no-answer", "refused"})
"""A resolver that refuses is there, and of as little use."""


def _network(seen: _Seen) -> Iterator[Verdict]:
    """Whether there is a network at all, and a modem on it."""
    if seen.why("gateway-address", Target.GATEWAY) == "not-connected":
        yield _say("not-connected", Grade.BAD, "gateway-address.gateway")
        return
    gateway = seen.get("gateway-address", Target.GATEWAY)
    if gateway is None or seen.answers(_BEYOND):
        return
    if seen.answers((Target.GATEWAY,)) is False:
        yield _say("gateway-silent", Grade.BAD, "latency.gateway", gateway)


def _wan(seen: _Seen) -> Iterator[Verdict]:
    """What the modem says of its line, and whether anything beyond it answers."""
    status, error = seen.get("wan-status", Target.GATEWAY), seen.get("wan-error", Target.GATEWAY)
    reached = seen.answers(_BEYOND)
    if status is not None and status.value in ("disconnected", "connecting"):
        if not reached:
            yield _say(*_down(status, error), "wan-status.gateway", error or status)
            return
    elif reached is False:
        is_up = status is not None and status.value == "connected"
        yield _say(_silent(seen, is_up=is_up), Grade.BAD, "latency.public")
    yield from _address(seen)


def _silent(seen: _Seen, *, is_up: bool) -> str:
    """Say how far it still answers, when nothing beyond does."""
    if is_up:
        return "beyond-modem-dead"
    return "internet-down" if seen.answers((Target.GATEWAY,)) else "outside-silent"


def _down(status: Result, error: Result | None) -> tuple[str, Grade]:
    if status.value == "connecting":
        return "wan-connecting", Grade.WATCH
    if error is not None and error.value == _AUTH:
        return "wan-auth", Grade.BAD
    is_unanswered = error is not None and error.value in _NO_ANSWER
    return "wan-no-answer" if is_unanswered else "wan-down", Grade.BAD


def _address(seen: _Seen) -> Iterator[Verdict]:
    address = seen.get("wan-address", Target.GATEWAY)
    if address is None:
        return
    kind = address_kind(str(address.value))
    if kind == "cgnat":
        yield _say("wan-cgnat", Grade.WATCH, "wan-address.gateway", address)
    elif kind == "private":
        yield _say("double-nat", Grade.WATCH, "wan-address.gateway", address)


def address_kind(address: str) -> str:
    """Return `cgnat`, `private` or `public` for the external address of a modem."""
    read = addresses.ipv4(address)
    if addresses.is_cgnat(read):
        return "cgnat"
    return "private" if addresses.is_private(read) else "public"


def _house(seen: _Seen) -> Iterator[Verdict]:
    """What lies between this device and the modem."""
    signal = seen.get("wifi-signal")
    yield from _limited(signal, "wifi-weak-here")
    loss = seen.get("loss", Target.GATEWAY)
    yield from _limited(loss, "lan-loss-wired" if seen.link == "wire" else "lan-loss")
    yield from _limited(seen.get("latency", Target.GATEWAY), "lan-slow")
    yield from _limited(seen.get("optical-temperature", Target.GATEWAY), "modem-hot")


def _names(seen: _Seen) -> Iterator[Verdict]:
    """Whether names resolve, and to the same addresses.

    A modem need not resolve names: where this device finds them elsewhere, its silence is no fault.
    """
    if not seen.answers(_BEYOND):
        return
    yield from _unresolved(seen)
    here, there = (seen.get("dns-answer", t) for t in (Target.GATEWAY, Target.PUBLIC))
    if here is not None and there is not None and not set(_listed(here)) & set(_listed(there)):
        yield _say("dns-differs", Grade.WATCH, "dns-answer.gateway", here)


def _unresolved(seen: _Seen) -> Iterator[Verdict]:
    if seen.get("dns-time") is not None:
        return
    is_modem_silent = seen.why("dns-time", Target.GATEWAY) in _NO_NAMES
    outside = (Target.ISP, Target.PUBLIC)
    if is_modem_silent and any(seen.get("dns-time", target) is not None for target in outside):
        yield _say("dns-modem-silent", Grade.BAD, "dns-time.gateway")
    elif is_modem_silent and any(seen.why("dns-time", t) in _NO_NAMES for t in outside):
        yield _say("dns-silent", Grade.BAD, "dns-time.public")


def _listed(answer: Result) -> list[str]:
    return str(answer.value).split(", ")


def _line(seen: _Seen) -> Iterator[Verdict]:
    """What lies beyond the modem; the house's own loss and delay come first and explain these."""
    near = seen.get("loss", Target.GATEWAY)
    if near is None or near.grade in (None, Grade.OK):
        far = seen.get("loss", Target.SERVER) or seen.get("loss", Target.PUBLIC)
        yield from _limited(far, "line-loss")
    slow_here = seen.get("latency", Target.GATEWAY)
    if slow_here is None or slow_here.grade in (None, Grade.OK):
        yield from _limited(seen.get("latency", Target.SERVER), "line-slow")
    if seen.answers((Target.SERVER,)) is False and seen.answers((Target.ISP, Target.PUBLIC)):
        yield _say("server-silent", Grade.UNKNOWN, "latency.server")
    yield from _limited(seen.get("throughput-of-plan", Target.SERVER), "throughput-low")
    yield from _limited(seen.get("throughput-up-of-plan", Target.SERVER), "throughput-up-low")
    yield from _limited(seen.get("latency-added", Target.SERVER), "loaded-slow")


def _light(
    seen: _Seen, thresholds: Thresholds, olt_profile: str | None, baseline_rx_dbm: float | None
) -> Iterator[Verdict]:
    level = seen.get("optical-rx", Target.GATEWAY)
    if level is not None and isinstance(level.value, int | float):
        judged = judge_level(
            float(level.value),
            thresholds=thresholds,
            olt_profile=olt_profile,
            baseline_rx_dbm=baseline_rx_dbm,
        )
        yield judged.model_copy(update={"source": level.source, "field": "optical-rx.gateway"})


def _summary(seen: _Seen) -> Verdict:
    """Sum up a run that found no fault; what was not tested is not called good."""
    if seen.answers(_BEYOND):
        code = "good-on-wifi" if seen.link == "wifi" else "good"
        return _say(code, Grade.OK, "run")
    code = "line-untested" if seen.answers((Target.GATEWAY,)) else "nothing-measured"
    return _say(code, Grade.UNKNOWN, "run")


def _limited(result: Result | None, code: str) -> Iterator[Verdict]:
    """Speak of a quantity whose grade is not good."""
    if result is not None and result.grade in (Grade.BAD, Grade.WATCH):
        yield _say(code, result.grade, f"{result.quantity}.{result.target}", result)


def _say(code: str, grade: Grade, field: str, result: Result | None = None) -> Verdict:
    """Make a verdict of what a result says; without one it speaks of no single value."""
    about = result or _NO_RESULT
    sentence = SENTENCES[code]
    action = ACTIONS[sentence.action]
    named = {"value": about.value, "limit": about.limit, "sent": about.details.get("sent")}
    return Verdict(
        code=code,
        grade=grade,
        field=field,
        value=about.value,
        unit=about.unit,
        limit=about.limit,
        limit_source=about.limit_source,
        source=about.source or None,
        action=sentence.action,
        fr=written(sentence.fr, "fr", named),
        en=written(sentence.en, "en", named),
        action_fr=action.fr,
        action_en=action.en,
    )


_NO_RESULT: Final = Result(probe=Probe.PING, quantity="latency", target=Target.DEVICE)


def by_urgency(verdicts: Iterable[Verdict]) -> list[Verdict]:
    """Return verdicts in the order of advice, the worst first."""
    return sorted(verdicts, key=lambda one: (_SEVERITY.index(one.grade), _ORDER[one.code]))
