"""The replica, the outbox and the engine that keeps them in step with the server."""
