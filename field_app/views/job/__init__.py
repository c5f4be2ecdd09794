"""A job and its parts: steps, notes, time, material, history of the place."""
