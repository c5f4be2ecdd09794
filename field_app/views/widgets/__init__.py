"""The pieces of screens: each takes the scene first and names no colour of its own."""
