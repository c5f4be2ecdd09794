"""State models, as plain Python on a real replica."""
