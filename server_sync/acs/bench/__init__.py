"""A stand-in for the ACS, without a network: GenieACS's answers, over devices that are made up."""

from server_sync.acs.bench.fleet import Fleet
from server_sync.acs.bench.nbi import Bench, BenchTransport

__all__ = ["Bench", "BenchTransport", "Fleet"]
