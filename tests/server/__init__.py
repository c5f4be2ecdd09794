"""The server, from its tables to its doors."""
