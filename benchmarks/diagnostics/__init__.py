"""Diagnostics measured: reading a device, a whole run offline, SNMP, throughput beside iperf3."""
