"""The figures of one device's day: first sync, idle, delta, push, moved; real server, real engine."""
