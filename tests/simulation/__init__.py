"""A seeded world: real engine, real replicas, the real ASGI app; only network, clock and ERP faults are made up."""
