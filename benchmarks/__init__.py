"""Measurements that anyone can repeat; docs/figures.md records their results."""
