"""A seeded world: real engine, replicas, ASGI app and ERP; network, clock and faults made up."""
