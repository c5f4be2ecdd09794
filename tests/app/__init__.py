"""The field app: engine, transport, commands and screens, mostly against a real server."""
