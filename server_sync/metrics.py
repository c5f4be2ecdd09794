"""Figures for Prometheus: requests, verdicts, what waits for the ERP, devices, the breaker."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

CONTENT_TYPE: Final = CONTENT_TYPE_PLAIN_0_0_4
_LATENCY_S: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
_BREAKER: Final = {"closed": 0, "probing": 1, "open": 2}


@dataclass(frozen=True, slots=True)
class Standing:
    """What the database says at the moment of a scrape."""

    erp_waiting: int
    erp_oldest_s: float
    devices: Mapping[str, int]
    reviews_open: int
    breaker: str
    terminations: Mapping[str, int]
    """Of contracts, that are decided and not all done: `underway` or `refused`."""


class Metrics:
    """One server's figures, in a registry of its own so that several can live in one process."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "gigafibre_requests",
            "HTTP requests by route, method and status",
            ("route", "method", "status"),
            registry=self._registry,
        )
        self._latency = Histogram(
            "gigafibre_request_seconds",
            "Time to answer, by route",
            ("route",),
            buckets=_LATENCY_S,
            registry=self._registry,
        )
        self._operations = Counter(
            "gigafibre_operations",
            "Operations told to devices, by verdict",
            ("verdict",),
            registry=self._registry,
        )
        self._erp_waiting = self._gauge("erp_out_waiting", "Operations that the ERP has not got")
        self._erp_oldest = self._gauge("erp_out_oldest_seconds", "Age of the oldest of them")
        self._reviews = self._gauge("reviews_open", "Reviews that wait for a person")
        self._breaker = self._gauge("erp_breaker", "0 closed, 1 probing, 2 open")
        self._devices = Gauge(
            "gigafibre_devices", "Devices by status", ("status",), registry=self._registry
        )

        self._terminations = Gauge(
            "gigafibre_terminations",
            "Terminations that are not all done: under way, or refused by the ERP",
            ("state",),
            registry=self._registry,
        )

    def _gauge(self, name: str, text: str) -> Gauge:
        return Gauge(f"gigafibre_{name}", text, registry=self._registry)

    def note_request(self, *, route: str, method: str, status: int, seconds: float) -> None:
        """Count one answer."""
        self._requests.labels(route, method, str(status)).inc()
        self._latency.labels(route).observe(seconds)

    def note_verdict(self, verdict: str) -> None:
        """Count one operation's verdict."""
        self._operations.labels(verdict).inc()

    def exposition(self, standing: Standing) -> bytes:
        """Return the text that Prometheus reads."""
        self._erp_waiting.set(standing.erp_waiting)
        self._erp_oldest.set(standing.erp_oldest_s)
        self._reviews.set(standing.reviews_open)
        self._breaker.set(_BREAKER.get(standing.breaker, 0))
        for status, count in standing.devices.items():
            self._devices.labels(status).set(count)
        for state, count in standing.terminations.items():
            self._terminations.labels(state).set(count)
        return generate_latest(self._registry)
