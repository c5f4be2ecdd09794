"""Contracts as the server reads, ends and has them accepted."""
