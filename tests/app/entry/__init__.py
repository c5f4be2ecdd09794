"""The way into an account and out of it, with a real server, real files and a real PIN."""
