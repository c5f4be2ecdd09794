"""Customer equipment through the office: the ACS, what may be asked of it, and what waits."""
