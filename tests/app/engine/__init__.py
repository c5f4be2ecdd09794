"""The engine as a value: events in, effects out, whatever the network does."""
