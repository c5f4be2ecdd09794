"""Names: the modem's resolver, the operator's and a public one asked the same thing, compared."""

from statistics import median
from typing import Final, NamedTuple

import dns.exception
import dns.message
import dns.query
import dns.rcode
import dns.rdatatype

from field_app.diagnostics.pinging import server_place
from field_app.diagnostics.visit import Visit, because
from field_core.diagnosis import Probe, Result, Target

GIVES: Final = (
    ("dns-time", Target.DEVICE),
    ("dns-time", Target.GATEWAY),
    ("dns-time", Target.ISP),
    ("dns-time", Target.PUBLIC),
)

ASKED: Final = 3
"""The first answer may be fetched, the next ones come from the cache; the median is either."""
TIMEOUT_S: Final = 1.5
OWN_TIMEOUT_S: Final = 2.5
_MS: Final = 1000
_ANSWERS: Final = (dns.rcode.NOERROR, dns.rcode.NXDOMAIN)
"""That a name does not exist is an answer; that the resolver cannot or will not is none."""


class Asked(NamedTuple):
    """What one resolver said: each answer's milliseconds, and the addresses, sorted."""

    times_ms: list[float]
    addresses: list[str]
    is_refused: bool = False


def probe(visit: Visit) -> list[Result]:
    """Ask each resolver."""
    places = visit.kit.places
    resolvers = {
        Target.GATEWAY: visit.gateway,
        Target.ISP: places.isp_resolver,
        Target.PUBLIC: places.public_resolver,
    }
    results = [_own(visit)]
    for done, (target, resolver) in enumerate(resolvers.items(), start=1):
        results += _of(visit, target, resolver)
        visit.tell(Probe.DNS, done / len(resolvers), *results)
    return results


def _own(visit: Visit) -> Result:
    """Resolve as programs here do: where that works, a modem that resolves nothing is no fault."""
    begun = visit.kit.monotonic()
    if not visit.kit.host.resolves(visit.kit.places.name_asked, timeout_s=OWN_TIMEOUT_S):
        why = because("no-answer", who="DNS")
        return visit.absent("dns-time", why, target=Target.DEVICE)
    took = (visit.kit.monotonic() - begun) * _MS
    return visit.result("dns-time", took, target=Target.DEVICE, method="system")


def _is_ours(visit: Visit) -> bool:
    """Tell whether the name asked is our server's: others answer differently by place."""
    place = server_place(visit.kit.places.server)
    return place is not None and place[0] == visit.kit.places.name_asked


def _of(visit: Visit, target: Target, resolver: str | None) -> list[Result]:
    if resolver is None:
        if target is Target.ISP:
            return []  # nobody set one: nothing is missing
        return [visit.absent("dns-time", because("no-gateway"), target=target)]
    said = _ask(visit, resolver)
    if not said.times_ms:
        why = because("refused" if said.is_refused else "no-answer", who=resolver)
        return [visit.absent("dns-time", why, target=target, source=resolver)]
    took = visit.result(
        "dns-time", median(said.times_ms), target=target, source=resolver, method="dns-udp"
    )
    if not said.addresses or not _is_ours(visit):
        return [took]
    answer = visit.result(
        "dns-answer", ", ".join(said.addresses), target=target, source=resolver, method="dns-udp"
    )
    return [took, answer]


def _ask(visit: Visit, resolver: str) -> Asked:
    """Ask a few times; the first silence ends it, since a resolver that is there answers."""
    times, addresses, is_refused = [], set[str](), False
    for _ in range(ASKED):
        if visit.is_over:
            break
        try:
            answer = dns.query.udp(
                dns.message.make_query(visit.kit.places.name_asked, dns.rdatatype.A),
                resolver,
                timeout=TIMEOUT_S,
                port=visit.kit.places.dns_port,
                raise_on_truncation=False,
            )
        except (OSError, dns.exception.DNSException) as error:
            is_refused = isinstance(error, ConnectionRefusedError)
            break
        if answer.rcode() not in _ANSWERS:
            is_refused = True
            break
        times.append(answer.time * _MS)
        addresses |= {
            record.to_text()
            for row in answer.answer
            for record in row
            if row.rdtype is dns.rdatatype.A
        }
    return Asked(times, sorted(addresses), is_refused)
