"""`python -m benchmarks.diagnostics.modem`: a gateway whose line is down, in the far namespace."""

import threading
from contextlib import ExitStack

from benchmarks.diagnostics.lab import FAR
from benchmarks.diagnostics.walks import home_gateway
from tests.app.diagnostics.agent import Agent, serving
from tests.app.diagnostics.house import resolver, udp_server
from tests.app.diagnostics.igd_server import Gateway, gateway


def main() -> None:
    """Answer UPnP, SNMP and DNS; print `ready` and the ports of the three."""
    with ExitStack() as stack:
        line = {"NewConnectionStatus": "Disconnected", "NewExternalIPAddress": ""}
        _, ssdp = stack.enter_context(gateway(Gateway(values=line), host=FAR))
        snmp = stack.enter_context(serving(Agent(home_gateway()), host=FAR))
        names = stack.enter_context(udp_server(resolver(("192.0.2.7",)), host=FAR))
        print("ready", ssdp, snmp, names, flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
