"""The figures of one device's day: first sync, idle, delta, push, moves; on the real parts."""
