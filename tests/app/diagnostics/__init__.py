"""The probes of a diagnostic run, against real agents and recorded answers on loopback."""
