"""Customer equipment through the office."""
